import COpenSSL

/// SHA-256 (FIPS 180-4): 32 bytes.
public func sha256(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  let isDone = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1
  precondition(isDone && length == 32, "OpenSSL without SHA-256")
  return digest
}

/// Lower-case hexadecimal digits, two for each byte.
public func hexText(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
}

/// Whether both are the same, in a time that depends on their lengths alone: for signatures, nonces
/// and tokens, which must not be guessed byte by byte.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// As `constantTimeEquals` of the texts' UTF-8.
public func constantTimeEquals(_ left: String, _ right: String) -> Bool {
  constantTimeEquals(Array(left.utf8), Array(right.utf8))
}
