/// What signs requests: an HMAC secret, or an RSA or Ed25519 private key. It never prints.
///
/// A key that cannot sign is refused when it is read, so that signing itself does not fail.
///
/// Sources: Bybit V5 guide, `authentication`; Binance USD-M general info, `SIGNED endpoint security`;
/// RFC 2104 (HMAC), RFC 8017 8.2 (RSASSA-PKCS1-v1_5), RFC 8032 (Ed25519).
public struct SigningKey: Sendable {
  public enum Kind: String, Sendable, Hashable {
    /// HMAC-SHA256, written as 64 lower-case hexadecimal digits.
    case hmac
    /// RSASSA-PKCS1-v1_5 with SHA-256, written as base64.
    case rsa
    /// Ed25519, written as base64.
    case ed25519
  }

  private enum Engine: Sendable {
    case hmac(HMACKey)
    case asymmetric(AsymmetricKey)
  }

  private let engine: Engine
  public let kind: Kind

  private init(_ engine: Engine, _ kind: Kind) {
    self.engine = engine
    self.kind = kind
  }

  /// The secret that a venue gives out together with the name of an API key.
  public static func hmac(_ secret: Secret) -> SigningKey {
    SigningKey(.hmac(HMACKey(secret)), .hmac)
  }

  /// - Parameter pem: An RSA or Ed25519 private key, not protected by a password: PEM, as
  ///   `openssl genpkey` writes it, or its base64 without the lines that begin and end it. Line ends
  ///   may also be written as `\n`, as in environment variables.
  public init(pem: Secret) throws(SigningKeyError) {
    let key = try AsymmetricKey(privatePEM: pem)
    self.init(.asymmetric(key), key.kind)
  }

  /// The signature of the text's UTF-8, written as its kind says.
  public func signature(of text: String) -> String {
    switch engine {
    case .hmac(let key): key.signature(of: text)
    case .asymmetric(let key): Base64.encode(key.signature(of: Array(text.utf8)))
    }
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[\(kind.rawValue) key]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["kind": kind]) }
}
