/// Monospaced rows no wider than a phone shows.
enum TableRows {
  static let width = 32

  /// `Realised             +201.40`: a label at the left, a figure at the right.
  static func pair(_ label: String, _ figure: String, width: Int = 28) -> String {
    let gap = max(1, width - label.count - figure.count)
    return label + String(repeating: " ", count: gap) + figure
  }

  /// Both in one row where they fit, else one under the other.
  static func beside(_ left: String, _ right: String, gap: Int = 3) -> [String] {
    let spaces = width - left.count - right.count
    guard spaces >= 1 else { return [clipped(left), clipped(right)] }
    return [left + String(repeating: " ", count: min(gap, spaces)) + right]
  }

  /// Fills up with blanks to the right.
  static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - text.count))
  }

  /// Never wider than the limit.
  static func clipped(_ row: String) -> String {
    row.count <= width ? row : row.prefix(width - 1) + "…"
  }
}
