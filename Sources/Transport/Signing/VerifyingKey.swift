/// What tells whether a text was signed by the other half of this key. It never prints.
public struct VerifyingKey: Sendable {
  private enum Engine: Sendable {
    case hmac(HMACKey)
    case asymmetric(AsymmetricKey)
  }

  private let engine: Engine
  public let kind: SigningKey.Kind

  private init(_ engine: Engine, _ kind: SigningKey.Kind) {
    self.engine = engine
    self.kind = kind
  }

  public static func hmac(_ secret: Secret) -> VerifyingKey {
    VerifyingKey(.hmac(HMACKey(secret)), .hmac)
  }

  /// - Parameter pem: An RSA or Ed25519 public key (SubjectPublicKeyInfo): PEM, as
  ///   `openssl pkey -pubout` writes it, or its base64 alone.
  public init(pem: String) throws(SigningKeyError) {
    let key = try AsymmetricKey(publicPEM: pem)
    self.init(.asymmetric(key), key.kind)
  }

  /// Whether `signature` is one of the text's UTF-8.
  public func verifies(_ signature: String, of text: String) -> Bool {
    verifies(signature, of: Array(text.utf8))
  }

  /// Whether `signature` is one of these bytes: for HMAC hexadecimal digits in either case, compared
  /// in constant time, else base64.
  public func verifies(_ signature: String, of bytes: [UInt8]) -> Bool {
    switch engine {
    case .hmac(let key):
      return constantTimeEquals(hexText(key.code(of: bytes)), signature.lowercased())
    case .asymmetric(let key):
      guard let signature = Base64.decode(Array(signature.utf8)) else { return false }
      return key.verifies(signature, of: bytes)
    }
  }
}

extension VerifyingKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[\(kind.rawValue) key]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["kind": kind]) }
}
