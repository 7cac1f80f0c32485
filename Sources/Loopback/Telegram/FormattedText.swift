import Transport

/// Text with marks, as it lies in a message.
struct FormattedText: Sendable, Hashable {
  /// A mark. Offset and length count UTF-16 units, as Telegram does.
  struct Entity: Sendable, Hashable {
    var kind: String
    var offset: Int
    var length: Int
    /// `url`, `language`, `unix_time` and the like.
    var attributes: JSONObject = [:]

    var end: Int { offset + length }

    var json: JSONValue {
      var json: JSONObject = [
        "offset": .integer(offset), "length": .integer(length), "type": .string(kind),
      ]
      for field in attributes.fields { json[field.key] = field.value }
      return .object(json)
    }
  }

  var text: String
  var entities: [Entity] = []

  /// Visible code points: what the limit of 4096 is measured on.
  var length: Int { text.unicodeScalars.count }

  /// Blanks at both ends go, as the server does it; marks shrink and move with the text.
  var trimmed: FormattedText {
    let dropped = text.prefix { $0.isWhitespace }
    let kept = text.trimmed
    let shift = dropped.utf16.count
    let end = kept.utf16.count
    let moved = entities.compactMap { entity -> Entity? in
      let start = max(0, entity.offset - shift)
      let stop = min(end, entity.end - shift)
      guard stop > start else { return nil }
      return Entity(
        kind: entity.kind, offset: start, length: stop - start, attributes: entity.attributes)
    }
    return FormattedText(text: kept, entities: moved)
  }

  /// Outer marks before inner ones.
  mutating func sortEntities() {
    entities.sort {
      ($0.offset, -$0.length, $0.kind) < ($1.offset, -$1.length, $1.kind)
    }
  }
}
