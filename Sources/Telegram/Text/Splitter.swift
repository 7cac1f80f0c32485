import Chat

/// Cuts a reply into messages of at most so many visible characters. It cuts between blocks, else
/// between lines, else between words: never inside a mark, a number or a character, because marks are
/// drawn only afterwards.
struct Splitter {
  /// Telegram takes 4096 code points; a little is left as room.
  static let standard = Splitter(limit: 3900)
  let limit: Int

  /// The buttons stay with the last part.
  func split(_ reply: Reply) -> [Reply] {
    var parts: [[Block]] = [[]]
    var room = limit
    for block in reply.blocks.flatMap(fitting) {
      let length = visibleLength(block.plainText) + 1
      if length > room, parts.last?.isEmpty == false {
        parts.append([])
        room = limit
      }
      parts[parts.count - 1].append(block)
      room -= length
    }
    var replies = parts.map { Reply($0, isSilent: reply.isSilent) }
    replies[replies.count - 1].buttons = reply.buttons
    return replies
  }

  private func visibleLength(_ text: String) -> Int { text.unicodeScalars.count }

  /// The block in pieces that fit, or itself.
  private func fitting(_ block: Block) -> [Block] {
    guard visibleLength(block.plainText) >= limit else { return [block] }
    switch block {
    case .gap: return [block]
    case .table(let rows):
      return groups(of: rows.flatMap { pieces(of: $0) }).map { .table($0) }
    case .line(let line):
      return line.spans.flatMap { span -> [Block] in
        pieces(of: span.plainText).map { .line(Line([span.with(text: $0)])) }
      }
    }
  }

  private func groups(of rows: [String]) -> [[String]] {
    var groups: [[String]] = [[]]
    var length = 0
    for row in rows {
      let added = visibleLength(row) + 1
      if length + added >= limit, groups.last?.isEmpty == false {
        groups.append([])
        length = 0
      }
      groups[groups.count - 1].append(row)
      length += added
    }
    return groups
  }

  /// Cut at blanks; a word longer than a message is cut between characters.
  private func pieces(of text: String) -> [String] {
    guard visibleLength(text) >= limit else { return [text] }
    var pieces: [String] = []
    var piece = ""
    var length = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      for part in chunks(of: word) {
        let added = visibleLength(part) + 1
        if length + added >= limit, !piece.isEmpty {
          pieces.append(piece)
          piece = ""
          length = 0
        }
        piece += (piece.isEmpty ? "" : " ") + part
        length += added
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }

  private func chunks(of word: Substring) -> [String] {
    guard visibleLength(String(word)) >= limit - 1 else { return [String(word)] }
    var chunks = [""]
    var length = 0
    for piece in word.flatMap(indivisible) {
      let added = visibleLength(piece)
      if length + added >= limit - 1 {
        chunks.append("")
        length = 0
      }
      chunks[chunks.count - 1] += piece
      length += added
    }
    return chunks
  }

  /// A character, or its code points where it has more than a message holds.
  private func indivisible(_ character: Character) -> [String] {
    character.unicodeScalars.count < limit - 1
      ? [String(character)] : character.unicodeScalars.map { String($0) }
  }
}

extension Span {
  fileprivate func with(text: String) -> Span {
    switch self {
    case .plain: .plain(text)
    case .bold: .bold(text)
    case .italic: .italic(text)
    case .code: .code(text)
    case .time(let seconds, _): .time(seconds, fallback: text)
    }
  }
}

extension String {
  /// The beginning, of at most so many code points, which is how Telegram counts.
  func shortened(to limit: Int) -> String { String(unicodeScalars.prefix(limit)) }
}
