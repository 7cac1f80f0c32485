import Transport

/// Reads and checks the text of a message as the server does.
enum MessageText {
  static let maximumRawBytes = 1 << 15
  static let maximumCodePoints = 4096
  static let maximumEntities = 100

  /// - Parameter isEdit: The server words the same excess differently for edits.
  static func read(
    _ parameters: RequestParameters, isEdit: Bool
  ) throws(TelegramRefusal) -> FormattedText {
    guard let raw = parameters["text"] else { throw .messageEmpty }
    guard raw.utf8.count <= maximumRawBytes else { throw .badRequest("Text is too long") }
    var formatted = try marked(clean(raw), parameters).trimmed
    guard formatted.text.unicodeScalars.contains(where: isVisible) else { throw .messageEmpty }
    guard formatted.length <= maximumCodePoints else {
      throw .badRequest(isEdit ? "MESSAGE_TOO_LONG" : "message is too long")
    }
    formatted.entities += EntityScanner(formatted.text).entities(besides: formatted.entities)
    formatted.sortEntities()
    formatted.entities = Array(formatted.entities.prefix(maximumEntities))
    return formatted
  }

  private static func marked(
    _ text: String, _ parameters: RequestParameters
  ) throws(TelegramRefusal) -> FormattedText {
    switch parameters["parse_mode"]?.lowercased() {
    case nil:
      return FormattedText(text: text, entities: try entities(in: text, parameters["entities"]))
    case "html":
      do {
        return try HTMLReader.read(text)
      } catch {
        throw .badRequest("can't parse entities: \(error.reason)")
      }
    default:
      throw .badRequest("unsupported parse_mode")
    }
  }

  /// The array that takes the place of markup.
  private static func entities(
    in text: String, _ list: String?
  ) throws(TelegramRefusal) -> [FormattedText.Entity] {
    guard let list else { return [] }
    do throws(JSONError) {
      let length = text.utf16.count
      return try JSONValue(parsing: list).map { (json) throws(JSONError) in
        var attributes = try json.object()
        let entity = FormattedText.Entity(
          kind: try json.string("type"), offset: Int(try json.integer("offset")),
          length: Int(try json.integer("length")))
        for key in ["type", "offset", "length"] { attributes[key] = nil }
        return FormattedText.Entity(
          kind: entity.kind, offset: entity.offset, length: entity.length, attributes: attributes)
      }.filter { $0.offset >= 0 && $0.length > 0 && $0.length <= length - $0.offset }
    } catch {
      throw .badRequest("can't parse entities: \(error)")
    }
  }

  /// Carriage returns vanish, other control characters but the line feed become blanks.
  private static func clean(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\r" {
      scalars.append(scalar.value < 0x20 && scalar != "\n" ? " " : scalar)
    }
    return String(scalars)
  }

  /// Blanks, zero-width and formatting characters show nothing.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.properties.isWhitespace && scalar.properties.generalCategory != .format
      && scalar.properties.generalCategory != .control
  }
}
