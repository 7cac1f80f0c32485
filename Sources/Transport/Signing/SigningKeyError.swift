/// Why a text is no key that signs or verifies. No case holds any of the text.
public enum SigningKeyError: Error, Hashable, Sendable {
  case empty
  /// Neither PEM nor base64.
  case notBase64
  /// Base64 of something that is no such key.
  case malformed
  /// A kind of PEM block that is not taken, by its well-known name.
  case wrongBlock(String)
  /// A key that only opens with a password.
  case encrypted
  /// Neither RSA nor Ed25519.
  case unsupported(algorithm: String)
  /// An RSA key so short that it can be broken.
  case tooShort(bits: Int)
}

extension SigningKeyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the key is empty"
    case .notBase64:
      "the key is neither PEM nor base64: it should begin with -----BEGIN and end with -----END…-----"
    case .malformed: "the key cannot be read: it should be PKCS#8, as `openssl genpkey` writes it"
    case .wrongBlock(let name):
      "a block of kind \(name) stands where the key should be: PRIVATE KEY signs, PUBLIC KEY verifies"
    case .encrypted:
      "the key needs a password: write it without one with `openssl pkcs8 -topk8 -nocrypt`"
    case .unsupported(let algorithm): "the key is \(algorithm): RSA and Ed25519 are taken"
    case .tooShort(let bits):
      "the RSA key has \(bits) bits: at least \(AsymmetricKey.minRSABits) are needed"
    }
  }
}
