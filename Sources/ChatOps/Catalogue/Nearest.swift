/// What was probably meant.
enum Nearest {
  /// The candidates nearest to `text`: those that begin with it or that it begins with, and those at
  /// most `distance` letters away, the nearest first, then in alphabetical order.
  static func texts(
    to text: String, among candidates: [String], limit: Int, distance: Int
  ) -> [String] {
    let typed = Array(text.prefix(40))
    let scored = candidates.compactMap { candidate -> (score: Int, text: String)? in
      let letters = Array(candidate)
      let away = Self.distance(from: typed, to: letters, atMost: distance)
      if let away { return (away * 2, candidate) }
      let isRelated =
        typed.count >= 2 && (candidate.hasPrefix(text) || text.hasPrefix(candidate))
      return isRelated ? (distance * 2 + 1, candidate) : nil
    }
    return scored.sorted { ($0.score, $0.text) < ($1.score, $1.text) }.prefix(limit).map(\.text)
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
