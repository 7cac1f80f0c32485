/// Finds the marks that Telegram's server sets by itself: commands, mentions and links.
struct EntityScanner {
  private let units: [UInt16]

  init(_ text: String) { units = Array(text.utf16) }

  /// - Parameter taken: Marks that are there already; nothing is found inside code.
  func entities(besides taken: [FormattedText.Entity] = []) -> [FormattedText.Entity] {
    let code = taken.filter { $0.kind == "code" || $0.kind == "pre" }
    var found: [FormattedText.Entity] = []
    var index = 0
    while index < units.count {
      let entity = startsWord(at: index) ? entity(at: index) : nil
      guard let entity else {
        index += 1
        continue
      }
      index = entity.end
      if !code.contains(where: { $0.offset < entity.end && entity.offset < $0.end }) {
        found.append(entity)
      }
    }
    return found
  }

  private func entity(at start: Int) -> FormattedText.Entity? {
    switch units[start] {
    case unit("/"): command(at: start)
    case unit("@"): mention(at: start)
    case unit("h"): link(at: start)
    default: nil
    }
  }

  /// `/name` or `/name@bot`, the name of 1 to 64 letters, digits and underscores.
  private func command(at start: Int) -> FormattedText.Entity? {
    var end = wordEnd(from: start + 1)
    guard (1...64).contains(end - start - 1) else { return nil }
    if end < units.count, units[end] == unit("@") {
      let nameEnd = wordEnd(from: end + 1)
      if (3...32).contains(nameEnd - end - 1) { end = nameEnd }
    }
    if end < units.count, units[end] == unit("/") { return nil }
    return FormattedText.Entity(kind: "bot_command", offset: start, length: end - start)
  }

  private func mention(at start: Int) -> FormattedText.Entity? {
    let end = wordEnd(from: start + 1)
    guard (3...32).contains(end - start - 1) else { return nil }
    return FormattedText.Entity(kind: "mention", offset: start, length: end - start)
  }

  private func link(at start: Int) -> FormattedText.Entity? {
    for scheme in ["https://", "http://"] where units[start...].starts(with: scheme.utf16) {
      var end = start
      while end < units.count, units[end] > 0x20 { end += 1 }
      if end - start > scheme.utf16.count {
        return FormattedText.Entity(kind: "url", offset: start, length: end - start)
      }
    }
    return nil
  }

  private func startsWord(at index: Int) -> Bool {
    index == 0 || !(isWord(units[index - 1]) || units[index - 1] == unit("/"))
  }

  private func wordEnd(from start: Int) -> Int {
    var end = start
    while end < units.count, isWord(units[end]) { end += 1 }
    return end
  }

  private func isWord(_ value: UInt16) -> Bool {
    (unit("a")...unit("z")).contains(value | 0x20) || (unit("0")...unit("9")).contains(value)
      || value == unit("_")
  }

  private func unit(_ scalar: Unicode.Scalar) -> UInt16 { UInt16(truncatingIfNeeded: scalar.value) }
}
