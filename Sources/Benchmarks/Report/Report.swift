import Foundation

/// Figures as a table for people and as JSON lines for programs.
struct Report {
  private var figures: [Figure] = []

  mutating func add(_ more: [Figure]) { figures += more }

  func print() {
    let header = ["figure", "median", "p99", "unit", "floor", "× floor", "facts"]
    let rows = [header] + figures.map(Self.row)
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      Swift.print(cells.joined(separator: "  "))
    }
    Swift.print("")
    for figure in figures { Swift.print(figure.json) }
  }

  private static func row(_ figure: Figure) -> [String] {
    [
      figure.name, text(figure.median), figure.percentile99.map(text) ?? "", figure.unit,
      "\(text(figure.floor)) \(figure.floorName)", text(figure.ratio),
      figure.facts.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
    ]
  }

  private static func text(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }
}
