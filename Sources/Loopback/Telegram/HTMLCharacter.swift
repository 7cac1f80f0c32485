/// `&amp;` and its kin: four names and all numbers.
enum HTMLCharacter {
  /// Decodes a reference and moves past it; nil leaves the ampersand as it stands.
  /// - Parameter bytes: Must end with a zero.
  static func decode(_ bytes: [UInt8], at index: inout Int) -> Unicode.Scalar? {
    var end = index + 1
    let scalar: Unicode.Scalar?
    if bytes[end] == UInt8(ascii: "#") {
      end += 1
      let isHex = bytes[end] == UInt8(ascii: "x") || bytes[end] == UInt8(ascii: "X")
      if isHex { end += 1 }
      let start = end
      while end - start < 8, isDigit(bytes[end], hex: isHex) { end += 1 }
      let digits = String(decoding: bytes[start..<end], as: UTF8.self)
      scalar = UInt32(digits, radix: isHex ? 16 : 10).flatMap { number in
        number == 0 || number >= 0x10FFFF ? nil : Unicode.Scalar(number)
      }
    } else {
      while (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[end] | 0x20) { end += 1 }
      scalar = names[String(decoding: bytes[(index + 1)..<end], as: UTF8.self)]
    }
    guard let scalar else { return nil }
    index = bytes[end] == UInt8(ascii: ";") ? end + 1 : end
    return scalar
  }

  private static let names: [String: Unicode.Scalar] = [
    "lt": "<", "gt": ">", "amp": "&", "quot": "\"",
  ]

  private static func isDigit(_ byte: UInt8, hex: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): hex
    default: false
    }
  }
}
