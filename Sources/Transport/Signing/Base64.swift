import COpenSSL

/// Base64 of RFC 4648 with padding, in one line.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String {
    // A zero byte is written behind the text.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let length = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text.prefix(Int(length)), as: UTF8.self)
  }

  /// Nil for what is no base64; blanks and line ends are none of it.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard !text.isEmpty, text.count % 4 == 0, padding <= 2, text.count < 1 << 24,
      text.dropLast(padding).allSatisfy(isDigit)
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    let length = Int(EVP_DecodeBlock(&bytes, text, Int32(text.count)))
    guard length == bytes.count else { return nil }
    return Array(bytes.dropLast(padding))
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
