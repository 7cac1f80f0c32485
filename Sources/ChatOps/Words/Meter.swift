import TradingModel

/// Bars made of characters, for tables. Pictures only: no decision is taken on them.
enum Meter {
  /// `-5%  .......####..........  +10%`: the day between its stop and its target, `width` columns
  /// with the labels. The bar grows from zero toward the day's result.
  static func day(_ result: Ratio, stop: Ratio, target: Ratio, width: Int) -> String {
    let low = Figures.limit(stop, in: .table) + "%"
    let high = "+" + Figures.limit(target, in: .table) + "%"
    let cells = max(6, width - low.count - high.count - 4)
    let range = max(1, (target - stop).count)
    let zero = clamped(cells * Int(-stop.count) / Int(range), to: cells)
    let reach = rounded(Double(result.count) / Double(range) * Double(cells))
    let end = clamped(zero + reach, to: cells)
    let filled = min(zero, end)..<max(zero, end)
    let bar = (0..<cells).map { filled.contains($0) ? "#" : "." }.joined()
    return "\(low)  \(bar)  \(high)"
  }

  /// `[####......]`: a share of `full`.
  static func share(_ ratio: Ratio, of full: Ratio = .one, cells: Int = 10) -> String {
    let portion = full.count > 0 ? Double(ratio.count) / Double(full.count) : 0
    let filled = clamped(rounded(portion * Double(cells)), to: cells)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled)
    return "[\(bar)]"
  }

  private static func rounded(_ value: Double) -> Int {
    // Beyond these bounds the bar is full or empty anyway.
    Int(max(-1000, min(1000, value)).rounded())
  }

  private static func clamped(_ value: Int, to cells: Int) -> Int { max(0, min(cells, value)) }
}
