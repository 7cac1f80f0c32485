import COpenSSL

/// An RSA or Ed25519 key, private or public, as OpenSSL holds it.
///
/// @unchecked Sendable: the key is never changed after `init`, and OpenSSL lets many threads use one;
/// each signature has a context of its own.
final class AsymmetricKey: @unchecked Sendable {
  let kind: SigningKey.Kind
  private let key: OpaquePointer
  private let maxSignatureBytes: Int
  /// What both venues ask for, and what is not known to be broken.
  static let minRSABits = 2048

  private init(_ key: OpaquePointer) throws(SigningKeyError) {
    let kind: SigningKey.Kind? =
      EVP_PKEY_is_a(key, "RSA") == 1 ? .rsa : EVP_PKEY_is_a(key, "ED25519") == 1 ? .ed25519 : nil
    let bits = Int(EVP_PKEY_get_bits(key))
    guard let kind, kind != .rsa || bits >= Self.minRSABits else {
      let name = EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "of an unknown kind"
      EVP_PKEY_free(key)
      throw kind == nil ? .unsupported(algorithm: name) : .tooShort(bits: bits)
    }
    self.kind = kind
    self.key = key
    maxSignatureBytes = Int(EVP_PKEY_get_size(key))
  }

  deinit { EVP_PKEY_free(key) }

  convenience init(privatePEM: Secret) throws(SigningKeyError) {
    let bytes = try KeyArmour.bytes(
      of: privatePEM.exposed(), blocks: ["PRIVATE KEY", "RSA PRIVATE KEY"])
    try self.init(Self.read(bytes) { d2i_AutoPrivateKey(nil, &$0, $1) })
    // A key whose parts do not fit together is found out now, not at the first order.
    guard sign([]) != nil else { throw .malformed }
  }

  convenience init(publicPEM: String) throws(SigningKeyError) {
    let bytes = try KeyArmour.bytes(of: publicPEM, blocks: ["PUBLIC KEY"])
    try self.init(Self.read(bytes) { d2i_PUBKEY(nil, &$0, $1) })
  }

  private static func read(
    _ bytes: [UInt8], _ decode: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
  ) throws(SigningKeyError) -> OpaquePointer {
    let key = bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var position = bytes.baseAddress
      guard let key = decode(&position, bytes.count) else { return nil }
      guard position == bytes.baseAddress?.advanced(by: bytes.count) else {
        EVP_PKEY_free(key)
        return nil
      }
      return key
    }
    // What OpenSSL noted about it may hold parts of the key.
    ERR_clear_error()
    guard let key else { throw .malformed }
    return key
  }

  func signature(of bytes: [UInt8]) -> [UInt8] {
    guard let signature = sign(bytes) else { preconditionFailure("OpenSSL does not sign") }
    return signature
  }

  private func sign(_ bytes: [UInt8]) -> [UInt8]? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: maxSignatureBytes)
    var length = signature.count
    guard EVP_DigestSignInit(context, nil, digest, nil, key) == 1,
      EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1
    else { return nil }
    return Array(signature.prefix(length))
  }

  func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }

  /// Ed25519 has its digest inside.
  private var digest: OpaquePointer? { kind == .rsa ? EVP_sha256() : nil }
}
