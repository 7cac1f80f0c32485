import Transport

/// Why a text's marks were not understood, with the byte where it happened.
struct MarkupError: Error, Hashable {
  var reason: String
}

/// Reads Telegram's HTML as Telegram's server does, error texts included.
///
/// Source: tdlib/td, `MessageEntity.cpp`, `parse_html`; Bot API 9.5 for `tg-time`.
struct HTMLReader {
  static let tags: Set<String> = [
    "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji",
    "span", "pre", "code", "blockquote", "tg-time",
  ]

  /// A tag that was opened and not closed yet.
  private struct OpenTag {
    var name: String
    var attributes: JSONObject
    var offset: Int
    var textStart: Int
  }

  /// Ends with a zero, so that looking at the current byte is always allowed.
  private let bytes: [UInt8]
  private var index = 0
  private var text: [UInt8] = []
  private var offset = 0
  private var entities: [FormattedText.Entity] = []
  private var open: [OpenTag] = []

  static func read(_ html: String) throws(MarkupError) -> FormattedText {
    var reader = HTMLReader(html)
    return try reader.readAll()
  }

  private init(_ html: String) { bytes = Array(html.utf8) + [0] }

  private mutating func readAll() throws(MarkupError) -> FormattedText {
    while index < bytes.count - 1 {
      if current == UInt8(ascii: "&"), let scalar = HTMLCharacter.decode(bytes, at: &index) {
        offset += scalar.value > 0xFFFF ? 2 : 1
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else if current == UInt8(ascii: "<") {
        try readTag()
      } else {
        if current & 0xC0 != 0x80 { offset += current >= 0xF0 ? 2 : 1 }
        text.append(current)
        index += 1
      }
    }
    if let unclosed = open.last {
      throw MarkupError(
        reason: "Can't find end tag corresponding to start tag \"\(unclosed.name)\"")
    }
    var result = FormattedText(
      text: String(decoding: text, as: UTF8.self),
      entities: entities.map(HTMLMark.withoutStrayLanguage))
    result.sortEntities()
    return result
  }

  private mutating func readTag() throws(MarkupError) {
    let begin = index
    index += 1
    if current == UInt8(ascii: "/") {
      try readEndTag(from: begin)
    } else {
      try readStartTag(from: begin)
    }
    index += 1  // The closing bracket.
  }

  private mutating func readStartTag(from begin: Int) throws(MarkupError) {
    let name = readWhile { !isBlank($0) && $0 != UInt8(ascii: ">") }.lowercased()
    if current == 0 { throw MarkupError(reason: "Unclosed start tag at byte offset \(begin)") }
    guard Self.tags.contains(name) else {
      throw MarkupError(reason: "Unsupported start tag \"\(name)\" at byte offset \(begin)")
    }
    var attributes: JSONObject = [:]
    while true {
      skipBlanks()
      if current == UInt8(ascii: ">") { break }
      let (key, value) = try readAttribute(of: name, from: begin)
      attributes[key] = .string(value)
    }
    if name == "span", attributes["class"] != "tg-spoiler" {
      throw MarkupError(
        reason: "Tag \"span\" must have class \"tg-spoiler\" at byte offset \(begin)")
    }
    open.append(
      OpenTag(name: name, attributes: attributes, offset: offset, textStart: text.count))
  }

  private mutating func readAttribute(
    of tag: String, from begin: Int
  ) throws(MarkupError) -> (String, String) {
    let key = readWhile { byte in
      !isBlank(byte) && !"=>/\"'".utf8.contains(byte)
    }
    if key.isEmpty {
      throw MarkupError(
        reason: "Empty attribute name in the tag \"\(tag)\" at byte offset \(begin)")
    }
    skipBlanks()
    guard current == UInt8(ascii: "=") else {
      if current == 0 {
        throw MarkupError(reason: "Unclosed start tag \"\(tag)\" at byte offset \(begin)")
      }
      return (key, "")
    }
    index += 1
    skipBlanks()
    if current == 0 {
      throw MarkupError(reason: "Unclosed start tag \"\(tag)\" at byte offset \(begin)")
    }
    let value = try readAttributeValue()
    if current == 0 { throw MarkupError(reason: "Unclosed start tag at byte offset \(begin)") }
    return (key, value)
  }

  private mutating func readAttributeValue() throws(MarkupError) -> String {
    guard current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") else {
      let begin = index
      let token = readWhile { byte in
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || isAlphanumeric(byte)
      }
      if !isBlank(current), current != UInt8(ascii: ">") {
        throw MarkupError(reason: "Unexpected end of name token at byte offset \(begin)")
      }
      return token.lowercased()
    }
    let quote = current
    index += 1
    var value: [UInt8] = []
    while current != quote, current != 0 {
      if current == UInt8(ascii: "&"), let scalar = HTMLCharacter.decode(bytes, at: &index) {
        value.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        value.append(current)
        index += 1
      }
    }
    if current == quote { index += 1 }
    return String(decoding: value, as: UTF8.self)
  }

  private mutating func readEndTag(from begin: Int) throws(MarkupError) {
    guard let tag = open.last else {
      throw MarkupError(reason: "Unexpected end tag at byte offset \(begin)")
    }
    index += 1
    let name = readWhile { !isBlank($0) && $0 != UInt8(ascii: ">") }.lowercased()
    skipBlanks()
    guard current == UInt8(ascii: ">") else {
      throw MarkupError(reason: "Unclosed end tag at byte offset \(begin)")
    }
    guard name.isEmpty || name == tag.name else {
      throw MarkupError(
        reason: "Unmatched end tag at byte offset \(begin), expected \"</\(tag.name)>\", found"
          + " \"</\(name)>\"")
    }
    open.removeLast()
    guard offset > tag.offset else { return }
    let inner = String(decoding: text[tag.textStart...], as: UTF8.self)
    let mark = HTMLMark(tag: tag.name, attributes: tag.attributes, inner: inner)
    try mark.add(to: &entities, offset: tag.offset, length: offset - tag.offset)
  }

  // MARK: Bytes

  private var current: UInt8 { bytes[index] }

  private mutating func readWhile(_ accepts: (UInt8) -> Bool) -> String {
    let start = index
    while current != 0, accepts(current) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func skipBlanks() {
    while isBlank(current) { index += 1 }
  }

}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

private func isAlphanumeric(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
