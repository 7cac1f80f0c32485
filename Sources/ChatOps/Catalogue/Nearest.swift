import TradingModel

/// What was probably meant.
enum Nearest {
  /// The candidates nearest to `text`, the nearest first: those of whose letters at most a third
  /// differ, then those that it is the beginning of or that begin it. Often there is none.
  static func texts(to text: String, among candidates: [String], limit: Int) -> [String] {
    let typed = Array(text.prefix(40))
    let bound = typed.count / 3
    let scored = candidates.compactMap { candidate -> (score: Int, length: Int, text: String)? in
      let letters = Array(candidate)
      if let away = distance(from: typed, to: letters, atMost: bound) {
        return (away, letters.count, candidate)
      }
      let isBegun = typed.count >= 2 && candidate.hasPrefix(text)
      let isExtended =
        letters.count >= 3 && letters.count * 2 >= typed.count && text.hasPrefix(candidate)
      return isBegun || isExtended ? (bound + 1, letters.count, candidate) : nil
    }
    return scored.sorted { ($0.score, $0.length, $0.text) < ($1.score, $1.length, $1.text) }
      .prefix(limit).map(\.text)
  }

  /// The symbols nearest to one, by their bases.
  static func symbols(to symbol: Symbol, among known: [Symbol]) -> [Symbol] {
    let bases = Set(known.map { String($0.base) }).sorted()
    return texts(to: String(symbol.base), among: bases, limit: 3)
      .map { Symbol(venueName: $0 + "USDT") }
  }

  /// Edits (insert, delete, replace, swap of neighbours) from one text to the other; nil when more
  /// than `limit`. Optimal string alignment distance.
  static func distance(from one: [Character], to other: [Character], atMost limit: Int) -> Int? {
    guard abs(one.count - other.count) <= limit else { return nil }
    guard !one.isEmpty, !other.isEmpty else { return max(one.count, other.count) }
    var before: [Int] = []
    var above = Array(0...other.count)
    for row in 1...one.count {
      var current = [row]
      for column in 1...other.count {
        let isSame = one[row - 1] == other[column - 1]
        var cost = min(
          above[column] + 1, current[column - 1] + 1, above[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1]
        {
          cost = min(cost, before[column - 2] + 1)
        }
        current.append(cost)
      }
      (before, above) = (above, current)
    }
    return above[other.count] <= limit ? above[other.count] : nil
  }
}
