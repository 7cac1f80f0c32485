import Synchronization
import TradingModel
import Transport

/// Checks who is asking, and when.
///
/// Source: Binance USD-M futures, general info. Signed is the query immediately followed by the
/// body, or for the WebSocket API the parameters sorted by name, without the signature.
final class BinanceAuthority: Sendable {
  private static let standardWindow: Int64 = 5_000
  private static let longestWindow: Int64 = 60_000

  private let keys: Mutex<[String: VerifyingKey]>

  init(_ settings: BinanceSettings) {
    keys = Mutex([settings.apiKey: .hmac(Secret(settings.apiSecret))])
  }

  /// From now on this one opens the account, too.
  func add(_ name: String, _ key: VerifyingKey) { keys.withLock { $0[name] = key } }

  /// Whether a key may log on to a session of the WebSocket API.
  func isEd25519(_ name: String) -> Bool { keys.withLock { $0[name]?.kind == .ed25519 } }

  /// - Throws: −2014 for what cannot be a key, −2015 for one that is not known.
  @discardableResult
  func check(key name: String?) throws(BinanceRefusal) -> VerifyingKey {
    let name = try Self.wellFormed(name)
    guard let key = keys.withLock({ $0[name] }) else { throw .unknownKey }
    return key
  }

  private static func wellFormed(_ name: String?) throws(BinanceRefusal) -> String {
    guard let name, !name.isEmpty, name.utf8.count <= 128,
      name.utf8.allSatisfy({ byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      })
    else { throw .badKeyFormat }
    return name
  }

  /// Checks a signed request. The order is the gateway's: what must be there, the time, the key, the
  /// signature.
  /// - Parameter text: What was signed.
  func check(
    key name: String?, _ parameters: BinanceParameters, signing text: [UInt8], at now: Timestamp
  ) throws(BinanceRefusal) {
    _ = try Self.wellFormed(name)
    try checkWindow(parameters, at: now)
    let signature = try parameters.required("signature")
    let key = try check(key: name)
    guard key.verifies(signature, of: text) else { throw .badSignature }
  }

  /// timestamp < server + 1000 and server − timestamp ≤ window, in ms.
  func checkWindow(
    _ parameters: BinanceParameters, at now: Timestamp
  ) throws(BinanceRefusal) {
    let given = try parameters.required("timestamp")
    guard let timestamp = Int64(given) else { throw .illegal("timestamp") }
    var window = Self.standardWindow
    if let text = parameters["recvWindow"] {
      guard let value = Int64(text), (0...Self.longestWindow).contains(value) else {
        throw .invalid("recvWindow")
      }
      window = value
    }
    let server = now.milliseconds
    guard timestamp < server + 1_000 else { throw .tooEarly }
    guard server.subtractingReportingOverflow(window).partialValue <= timestamp else {
      throw .tooLate
    }
  }

  /// What of a query or a body counts for the signature: all but the signature itself.
  static func unsigned(_ text: String) -> String {
    text.split(separator: "&", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("signature=") }.joined(separator: "&")
  }
}
