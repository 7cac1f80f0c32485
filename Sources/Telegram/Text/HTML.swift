import Chat

/// Replies in Telegram's HTML.
///
/// Source: https://core.telegram.org/bots/api#html-style
enum HTML {
  static func text(of reply: Reply) -> String {
    reply.blocks.map(text(of:)).joined(separator: "\n")
  }

  private static func text(of block: Block) -> String {
    switch block {
    case .line(let line): line.spans.map(text(of:)).joined()
    case .table(let rows): "<pre>\(rows.map(escaped).joined(separator: "\n"))</pre>"
    case .gap: ""
    }
  }

  private static func text(of span: Span) -> String {
    switch span {
    case .plain(let text): escaped(text)
    case .bold(let text): text.isEmpty ? "" : "<b>\(escaped(text))</b>"
    case .italic(let text): text.isEmpty ? "" : "<i>\(escaped(text))</i>"
    case .code(let text): text.isEmpty ? "" : "<code>\(escaped(text))</code>"
    case .time(let seconds, let fallback):
      "<tg-time unix=\"\(seconds)\" format=\"t\">\(escaped(fallback))</tg-time>"
    }
  }

  /// The one place where text becomes markup.
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else {
      return text
    }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
