import Synchronization
import TradingModel
import Transport

/// Checks who is asking, and when.
///
/// Source: Bybit V5 integration guide. Signed is timestamp + key + receive window + what was sent:
/// the query as it stood after the question mark, or the bytes of the body.
final class BybitAuthority: Sendable {
  static let standardWindow: Int64 = 5_000

  private struct Key {
    let name: String
    let verifying: VerifyingKey
    let isReadOnly: Bool
  }

  private let keys: Mutex<[Key]>

  init(_ settings: BybitSettings) {
    keys = Mutex([
      Key(
        name: settings.apiKey,
        verifying: settings.verifyingKey ?? .hmac(Secret(settings.apiSecret)),
        isReadOnly: settings.isReadOnly)
    ])
  }

  /// From now on this key opens, too.
  func add(_ name: String, _ verifying: VerifyingKey, isReadOnly: Bool) {
    keys.withLock { keys in
      keys.removeAll { $0.name == name }
      keys.append(Key(name: name, verifying: verifying, isReadOnly: isReadOnly))
    }
  }

  func isReadOnly(_ name: String) -> Bool {
    keys.withLock { $0.first { $0.name == name }?.isReadOnly ?? false }
  }

  private func key(_ name: String) throws(BybitRefusal) -> Key {
    guard let key = keys.withLock({ $0.first { constantTimeEquals($0.name, name) } }) else {
      throw .unknownKey
    }
    return key
  }

  /// - Throws: 10001 (HTTP 401) for missing headers, 10003, 10004, 10002, in this order, and
  ///   10005 where a key that may only look posts something.
  func check(_ request: ServerRequest, at now: Timestamp) throws(BybitRefusal) {
    let given = (
      key: request.header("X-BAPI-API-KEY"), timestamp: request.header("X-BAPI-TIMESTAMP"),
      signature: request.header("X-BAPI-SIGN")
    )
    guard let name = given.key, let timestamp = given.timestamp, let signature = given.signature,
      !name.isEmpty, !timestamp.isEmpty, !signature.isEmpty
    else {
      throw .missingAuthority(
        timestamp: given.timestamp, key: given.key, signature: given.signature)
    }
    let key = try key(name)
    let window = request.header("X-BAPI-RECV-WINDOW") ?? ""
    let head = timestamp + name + window
    guard Self.isSigned(request, by: key.verifying, head: head, signature: signature) else {
      let sent = request.method == "GET" ? request.query : request.bodyText
      throw .badSignature(of: head + sent)
    }
    try Self.checkWindow(timestamp, window, at: now)
    guard !key.isReadOnly || request.method == "GET" else { throw .readOnlyKey }
  }

  /// Some clients sign the query before they encode it: then the decoded text fits.
  private static func isSigned(
    _ request: ServerRequest, by key: VerifyingKey, head: String, signature: String
  ) -> Bool {
    func fits(_ sent: [UInt8]) -> Bool {
      key.verifies(signature, of: Array(head.utf8) + sent)
    }
    guard request.method == "GET" else { return fits(request.body) }
    return fits(Array(request.query.utf8))
      || fits(Array(PercentCoding.decode(request.query).utf8))
  }

  /// server − window ≤ timestamp < server + 1000, in ms.
  static func checkWindow(
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
    let name: String
    let expiry: Int64
    let signature: String
    do {
      name = try array.string(0)
      expiry = try array.integer(1)
      signature = try array.string(2)
    } catch {
      throw .parameter("args")
    }
    let key = try key(name)
    guard key.verifying.verifies(signature, of: "GET/realtime\(expiry)") else {
      throw .badSignature(of: "GET/realtime\(expiry)")
    }
    guard expiry > now.milliseconds else { throw BybitRefusal(10001, "Params Error: expires") }
  }
}
