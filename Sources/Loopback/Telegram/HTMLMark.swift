import Transport

/// What a closed tag makes of the text in it.
struct HTMLMark {
  let tag: String
  let attributes: JSONObject
  /// The text between the tags.
  let inner: String

  func add(
    to entities: inout [FormattedText.Entity], offset: Int, length: Int
  ) throws(MarkupError) {
    var entity = FormattedText.Entity(kind: "", offset: offset, length: length)
    switch tag {
    case "b", "strong": entity.kind = "bold"
    case "i", "em": entity.kind = "italic"
    case "u", "ins": entity.kind = "underline"
    case "s", "strike", "del": entity.kind = "strikethrough"
    case "span", "tg-spoiler": entity.kind = "spoiler"
    case "blockquote":
      entity.kind = attributes["expandable"] == nil ? "blockquote" : "expandable_blockquote"
    case "a":
      let link = text("href") ?? inner
      guard link.contains(".") || link.contains(":") else { return }  // No link: the text stays.
      entity.kind = "text_link"
      entity.attributes = ["url": .string(link.contains(":") ? link : "http://\(link)/")]
    case "tg-emoji":
      guard let id = text("emoji-id"), let number = Int64(id), number != 0 else {
        throw MarkupError(reason: "Invalid custom emoji identifier specified")
      }
      entity.kind = "custom_emoji"
      entity.attributes = ["custom_emoji_id": .string(id)]
    case "tg-time":
      try makeTime(&entity)
    case "code":
      entity.kind = "code"
      entity.attributes["language"] = language.map { .string($0) }
    default:
      // A language stands on a code mark that fills the whole block.
      if let last = entities.last, last.kind == "code", last.offset == offset,
        last.length == length, let language = last.attributes["language"]
      {
        entities.removeLast()
        entity.attributes = ["language": language]
      }
      entity.kind = "pre"
    }
    entities.append(entity)
  }

  private func makeTime(_ entity: inout FormattedText.Entity) throws(MarkupError) {
    guard let unix = text("unix").flatMap({ Int64($0) }), unix > 0 else {
      throw MarkupError(reason: "Invalid Unix time specified")
    }
    entity.kind = "date_time"
    entity.attributes = ["unix_time": .integer(unix)]
    guard let format = text("format") else { return }
    guard format == "r" || format.allSatisfy({ "wdDtT".contains($0) }) else {
      throw MarkupError(reason: "Invalid date-time format specified")
    }
    entity.attributes["date_time_format"] = .string(format)
  }

  private var language: String? {
    guard let value = text("class"), value.hasPrefix("language-") else { return nil }
    return String(value.dropFirst(9))
  }

  private func text(_ name: String) -> String? {
    guard let value = attributes[name]?.stringValue, !value.isEmpty else { return nil }
    return value
  }

  /// A language counts only on code that fills a `pre` block.
  static func withoutStrayLanguage(
    _ entity: FormattedText.Entity
  ) -> FormattedText.Entity {
    guard entity.kind == "code" else { return entity }
    var plain = entity
    plain.attributes["language"] = nil
    return plain
  }
}
