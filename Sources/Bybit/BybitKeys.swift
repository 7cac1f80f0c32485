import TradingModel
import Transport

/// An API key and what signs in its name: a secret, or an RSA private key. It prints nowhere.
///
/// Source: https://bybit-exchange.github.io/docs/v5/guide#authentication and `/v5/ws/connect`
public struct BybitKeys: Sendable {
  let key: String
  /// Blots the key and its secret out of what is logged.
  let redactor: Redactor
  private let signer: SigningKey

  /// With the secret that Bybit gave out, or the RSA private key in PEM whose public half it was
  /// given.
  /// - Throws: `BybitKeysError` for a PEM that holds no RSA key.
  public init(key: Secret, secretOrPEM secret: Secret) throws(BybitKeysError) {
    if secret.exposed().contains("PRIVATE KEY") {
      try self.init(key: key, privatePEM: secret)
    } else {
      self.init(key: key, secret: secret)
    }
  }

  /// A key whose secret Bybit gave out.
  public init(key: Secret, secret: Secret) {
    self.key = key.exposed()
    signer = .hmac(secret)
    redactor = Redactor([key, secret])
  }

  /// A key whose public half was given to Bybit.
  /// - Parameter privatePEM: An RSA private key, as `SigningKey` reads it.
  public init(key: Secret, privatePEM: Secret) throws(BybitKeysError) {
    do throws(SigningKeyError) {
      signer = try SigningKey(pem: privatePEM)
    } catch {
      throw .unreadable(error)
    }
    guard signer.kind == .rsa else { throw .notRSA }
    self.key = key.exposed()
    redactor = Redactor([key, privatePEM])
  }

  /// The signature of a request: hexadecimal digits of a secret's, base64 of an RSA key's.
  /// - Parameters:
  ///   - time: By the venue's clock.
  ///   - content: The query as it stands in the URL, or the bytes of the body as text.
  func signature(at time: Timestamp, receiveWindow: Duration, content: String) -> String {
    signer.signature(of: "\(time.milliseconds)\(key)\(receiveWindow.wholeMilliseconds)\(content)")
  }

  /// The signature that opens a private stream or the trade connection.
  /// - Parameter expiry: Until when it counts, by the venue's clock.
  func streamSignature(expiry: Timestamp) -> String {
    signer.signature(of: "GET/realtime\(expiry.milliseconds)")
  }

  /// What logs in on a private stream or the trade connection.
  func login(expiry: Timestamp, requestID: String? = nil) -> JSONValue {
    var message: JSONObject = [:]
    if let requestID { message["reqId"] = .string(requestID) }
    message["op"] = "auth"
    message["args"] = [
      .string(key), .integer(expiry.milliseconds), .string(streamSignature(expiry: expiry)),
    ]
    return .object(message)
  }
}

/// Why a private key does not do for Bybit.
public enum BybitKeysError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(SigningKeyError)
  /// Bybit takes RSA keys only.
  case notRSA

  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .notRSA: "Bybit takes RSA keys: make one with `openssl genpkey -algorithm RSA`"
    }
  }
}
