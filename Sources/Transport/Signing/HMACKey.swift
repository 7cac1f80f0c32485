import COpenSSL

/// An HMAC-SHA256 key, set up once and used for every request.
///
/// Source: RFC 2104; OpenSSL `EVP_MAC`.
///
/// @unchecked Sendable: the context is never changed after `init`; each signature works on a
/// duplicate.
final class HMACKey: @unchecked Sendable {
  private let context: OpaquePointer

  init(_ secret: Secret) {
    guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil),
      let context = EVP_MAC_CTX_new(algorithm)
    else { preconditionFailure("OpenSSL without HMAC") }
    EVP_MAC_free(algorithm)  // The context holds it.
    self.context = context
    var name = Array("SHA256".utf8CString)
    // An empty key must still have an address.
    let key = Array(secret.exposed().utf8) + [0]
    let isReady = OSSL_MAC_PARAM_DIGEST.withCString { digest in
      name.withUnsafeMutableBufferPointer { name in
        // It points at both texts, so they live as long as it does.
        let parameters = [
          OSSL_PARAM_construct_utf8_string(digest, name.baseAddress, 0),
          OSSL_PARAM_construct_end(),
        ]
        return EVP_MAC_init(context, key, key.count - 1, parameters) == 1
      }
    }
    precondition(isReady, "OpenSSL without SHA-256")
  }

  deinit { EVP_MAC_CTX_free(context) }

  /// The signature of the text's UTF-8, as 64 lower-case hexadecimal digits.
  func signature(of text: String) -> String { hexText(code(of: Array(text.utf8))) }

  /// The 32 bytes of the authentication code.
  func code(of bytes: [UInt8]) -> [UInt8] {
    guard let copy = EVP_MAC_CTX_dup(context) else { preconditionFailure("out of memory") }
    defer { EVP_MAC_CTX_free(copy) }
    var code = [UInt8](repeating: 0, count: 32)
    var length = 0
    let isDone =
      EVP_MAC_update(copy, bytes, bytes.count) == 1
      && EVP_MAC_final(copy, &code, &length, code.count) == 1
    precondition(isDone && length == code.count, "OpenSSL does not sign")
    return code
  }
}
