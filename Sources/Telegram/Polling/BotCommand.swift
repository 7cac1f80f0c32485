import Transport

/// A command as Telegram marked it: an entity `bot_command` at the very beginning of the text.
struct BotCommand {
  let name: String
  let arguments: String

  /// Nil when the text is no command, or one for another bot.
  init?(in text: String, message: JSONValue, botName: String?) {
    guard case .array(let entities)? = message["entities"],
      let entity = entities.first(where: {
        $0["type"]?.stringValue == "bot_command" && $0.int64("offset") == 0
      }),
      let length = entity.int64("length"), length > 1, length <= text.utf16.count
    else { return nil }
    // Entities count in UTF-16 units; a command is ASCII, so that its end is a boundary.
    let units = Array(text.utf16)
    let command = String(decoding: units[1..<Int(length)], as: UTF16.self)
    let parts = command.split(separator: "@", maxSplits: 1)
    guard let first = parts.first else { return nil }
    if parts.count == 2, parts[1].lowercased() != botName?.lowercased() { return nil }
    name = first.lowercased()
    let rest = String(decoding: units[Int(length)...], as: UTF16.self)
    arguments = String(
      rest.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
        .reversed())
  }
}
