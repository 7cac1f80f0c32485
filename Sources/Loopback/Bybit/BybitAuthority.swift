import TradingModel
import Transport

/// Checks who is asking, and when.
///
/// Source: Bybit V5 integration guide. Signed is timestamp + key + receive window + what was sent:
/// the query as it stood after the question mark, or the bytes of the body.
struct BybitAuthority: Sendable {
  static let standardWindow: Int64 = 5_000

  private let apiKey: String
  private let key: VerifyingKey

  init(_ settings: BybitSettings) {
    apiKey = settings.apiKey
    key = .hmac(Secret(settings.apiSecret))
  }

  /// - Throws: 10001 (HTTP 401) for missing headers, 10003, 10004, 10002, in this order.
  func check(_ request: ServerRequest, at now: Timestamp) throws(BybitRefusal) {
    let given = (
      key: request.header("X-BAPI-API-KEY"), timestamp: request.header("X-BAPI-TIMESTAMP"),
      signature: request.header("X-BAPI-SIGN")
    )
    guard let key = given.key, let timestamp = given.timestamp, let signature = given.signature,
      !key.isEmpty, !timestamp.isEmpty, !signature.isEmpty
    else {
      throw .missingAuthority(
        timestamp: given.timestamp, key: given.key, signature: given.signature)
    }
    guard constantTimeEquals(key, apiKey) else { throw .unknownKey }
    let window = request.header("X-BAPI-RECV-WINDOW") ?? ""
    let head = timestamp + key + window
    guard isSigned(request, head: head, signature: signature) else {
      let sent = request.method == "GET" ? request.query : request.bodyText
      throw .badSignature(of: head + sent)
    }
    try checkWindow(timestamp, window, at: now)
  }

  /// Some clients sign the query before they encode it: then the decoded text fits.
  private func isSigned(_ request: ServerRequest, head: String, signature: String) -> Bool {
    func fits(_ sent: [UInt8]) -> Bool {
      key.verifies(signature, of: Array(head.utf8) + sent)
    }
    guard request.method == "GET" else { return fits(request.body) }
    return fits(Array(request.query.utf8))
      || fits(Array(PercentCoding.decode(request.query).utf8))
  }

  /// server − window ≤ timestamp < server + 1000, in ms.
  private func checkWindow(
    _ timestamp: String, _ window: String, at now: Timestamp
  ) throws(BybitRefusal) {
    guard let timestamp = Int64(timestamp) else { throw .parameter("timestamp") }
    let window = window.isEmpty ? Self.standardWindow : Int64(window) ?? -1
    guard window >= 0 else { throw .parameter("recv_window") }
    let server = now.milliseconds
    guard timestamp < server + 1_000,
      server.subtractingReportingOverflow(window).partialValue <= timestamp
    else { throw .outsideWindow(timestamp: timestamp, server: server, window: window) }
  }

  /// Checks the arguments of a private stream's `auth`: key, expiry in ms, signature of
  /// `GET/realtime` and the expiry.
  /// - Throws: 10003 and 10004; 10001 for wrong arguments and an expiry that has passed.
  func check(streamArguments arguments: [JSONValue], at now: Timestamp) throws(BybitRefusal) {
    let array = JSONValue.array(arguments)
    let key: String
    let expiry: Int64
    let signature: String
    do {
      key = try array.string(0)
      expiry = try array.integer(1)
      signature = try array.string(2)
    } catch {
      throw .parameter("args")
    }
    guard constantTimeEquals(key, apiKey) else { throw .unknownKey }
    guard self.key.verifies(signature, of: "GET/realtime\(expiry)") else {
      throw .badSignature(of: "GET/realtime\(expiry)")
    }
    guard expiry > now.milliseconds else { throw BybitRefusal(10001, "Params Error: expires") }
  }
}
