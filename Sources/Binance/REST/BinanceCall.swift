import TradingModel
import Transport

/// One request: what is asked, what it costs, and what a lost answer would mean.
///
/// Weights and order counts: reference of each endpoint under
/// https://developers.binance.com/docs/derivatives/usds-margined-futures
struct BinanceCall {
  enum Security {
    /// Anyone may ask.
    case open
    /// With the key, unsigned: listen keys.
    case key
    case signed
  }

  /// Whether asking may have changed something at the venue.
  enum Purpose { case reading, changing }

  /// Who may use the last of the allowance.
  enum Urgency {
    /// Closing, protecting, cancelling, and looking up what became of an order.
    case closing
    /// Reading the account back.
    case verifying
    case ordinary
  }

  var method: HTTPRequest.Method
  var path: String
  var fields: [BinanceField]
  var security: Security
  var purpose: Purpose
  /// Of the 2,400 per minute and address.
  var weight: Int
  /// Of the orders per 10 s, and per minute, that an account may send.
  var orders: (perTenSeconds: Int, perMinute: Int)
  var urgency: Urgency
  /// Its cost was spent before, with that of all that belongs to it: none of it may be stopped halfway.
  var isPaid = false

  static func get(
    _ path: String, _ fields: [BinanceField] = [], security: Security = .signed, weight: Int,
    urgency: Urgency = .ordinary
  ) -> BinanceCall {
    BinanceCall(
      method: .get, path: path, fields: fields, security: security, purpose: .reading,
      weight: weight, orders: (0, 0), urgency: urgency)
  }

  /// A change of something.
  static func change(
    _ method: HTTPRequest.Method, _ path: String, _ fields: [BinanceField] = [],
    security: Security = .signed, weight: Int = 1,
    orders: (perTenSeconds: Int, perMinute: Int) = (0, 0), urgency: Urgency = .ordinary
  ) -> BinanceCall {
    BinanceCall(
      method: method, path: path, fields: fields, security: security, purpose: .changing,
      weight: weight, orders: orders, urgency: urgency)
  }

  /// For the log: `POST /fapi/v1/order symbol=BTCUSDT&…`, without time and signature.
  var text: String { "\(method.rawValue) \(path) \(PercentEncoding.form(fields))" }
}

extension [BinanceField] {
  /// Adds a parameter where there is one.
  mutating func add(_ name: String, _ value: String?) {
    if let value { append((name, value)) }
  }
}
