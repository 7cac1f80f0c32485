/// Finds what somebody probably meant.
public enum Spelling {
  /// The nearest of `candidates` by edits, nil when none is near: at most a third of the letters
  /// (and at least one edit) may differ. Ties go to the first.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    nearest(to: word, among: candidates, count: 1).first
  }

  /// The nearest few, the best first.
  public static func nearest(to word: String, among candidates: [String], count: Int) -> [String] {
    let letters = Array(word.lowercased())
    let bound = max(1, letters.count / 3)
    return candidates.enumerated()
      .map {
        (index: $0.offset, name: $0.element, edits: edits(letters, Array($0.element.lowercased())))
      }
      .filter { $0.edits <= bound }
      .sorted { ($0.edits, $0.index) < ($1.edits, $1.index) }
      .prefix(count).map(\.name)
  }

  /// Letters to insert, remove or change, a swap of neighbours counting once.
  ///
  /// Source: optimal string alignment (Damerau 1964; Levenshtein 1966).
  static func edits(_ one: [Character], _ other: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...other.count)
    for row in one.indices {
      var current = [row + 1]
      for column in other.indices {
        let change = one[row] == other[column] ? 0 : 1
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + change)
        if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[other.count]
  }
}
