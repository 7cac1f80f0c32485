/// The English words. A language is one table per part, with the same keys.
enum English {
  static let parts = [state, looking, commands, closing, alerts]

  static let templates: [Phrase: String] = parts.reduce(into: [:]) { all, part in
    all.merge(part) { first, _ in first }
  }
}
