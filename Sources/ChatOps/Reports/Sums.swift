import TradingModel

/// Sums over positions; one that is not known makes the sum unknown.
enum Sums {
  static func profit(of positions: [PositionView], _ words: Words) -> String {
    let known = positions.compactMap(\.profit)
    return known.count == positions.count
      ? Figures.gain(known.reduce(.zero, +)) : words(.unknown)
  }
}
