import TradingModel

/// A conditional order of the Algo Service: it holds no margin and is no order until its trigger is
/// reached; then it places one.
///
/// Source: Binance USD-M futures, `algoOrder`, effective 2025-12-09.
struct BinanceAlgoOrder: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    case stop = "STOP"
    case stopMarket = "STOP_MARKET"
    case takeProfit = "TAKE_PROFIT"
    case takeProfitMarket = "TAKE_PROFIT_MARKET"
    case trailingStopMarket = "TRAILING_STOP_MARKET"

    /// Whether it places a limit order.
    var isLimit: Bool { self == .stop || self == .takeProfit }
    var isStop: Bool { self == .stop || self == .stopMarket }
    var isTrailing: Bool { self == .trailingStopMarket }
  }

  enum Status: String, Sendable, Hashable {
    case new = "NEW"
    case cancelled = "CANCELED"
    case triggering = "TRIGGERING"
    case triggered = "TRIGGERED"
    case finished = "FINISHED"
    case rejected = "REJECTED"
    case expired = "EXPIRED"

    var isOpen: Bool { self == .new }
  }

  /// Follows the market from its activation on.
  struct Trail: Sendable, Hashable {
    /// Nil begins at once.
    var activation: Price?
    /// 0.01 is one percent.
    var callback: Ratio
    /// The lowest price since it is active, for a buy; the highest for a sell.
    var extreme: Price?
  }

  /// What a client asked for.
  struct Request: Sendable, Hashable {
    var kind: Kind
    /// What it places when the time has come; quantity zero closes the whole position.
    var order: BinanceOrder.Request
    /// Nil for a trailing stop.
    var trigger: Price?
    var trail: Trail?
  }

  let number: Int64
  var request: Request
  var status = Status.new
  /// The order that it placed.
  var orderNumber: Int64?
  /// Why it failed.
  var reason = ""
  let createdAt: Timestamp
  var updatedAt: Timestamp
  var triggeredAt: Timestamp?

  init(number: Int64, _ request: Request, at now: Timestamp) {
    self.number = number
    self.request = request
    createdAt = now
    updatedAt = now
  }

  var symbol: Symbol { request.order.symbol }
  var clientID: String { request.order.clientID }
}

extension BinanceAlgoOrder.Request {
  /// STOP* buy price ≥ trigger, sell price ≤ trigger; TAKE_PROFIT* the reverse.
  func isReached(at price: Price) -> Bool {
    guard let trigger else { return false }
    return (order.side == .buy) == kind.isStop ? price >= trigger : price <= trigger
  }

  /// Takes a price in.
  /// - Returns: Whether the trigger is reached; for a trailing one the callback: a buy at low ×
  ///   (1 + rate), a sell at high × (1 − rate), once the activation price was.
  mutating func follow(_ price: Price) -> Bool {
    guard var trail else { return isReached(at: price) }
    let isBuy = order.side == .buy
    if trail.extreme == nil, let activation = trail.activation {
      guard isBuy ? price <= activation : price >= activation else { return false }
    }
    let extreme = trail.extreme.map { isBuy ? min($0, price) : max($0, price) } ?? price
    trail.extreme = extreme
    self.trail = trail
    return isBuy
      ? !price.isBelow(extreme, by: -trail.callback)
      : !price.isAbove(extreme, by: -trail.callback)
  }
}
