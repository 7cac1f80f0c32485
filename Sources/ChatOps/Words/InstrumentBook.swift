import TradingModel

/// The venue's symbols and how exactly their prices and sizes are written.
struct InstrumentBook: Sendable {
  private let bySymbol: [Symbol: Instrument]
  /// Those that trade, sorted.
  let symbols: [Symbol]

  init(_ instruments: [Instrument]) {
    bySymbol = Dictionary(
      instruments.map { ($0.symbol, $0) }, uniquingKeysWith: { _, newer in newer })
    symbols = instruments.filter(\.isTrading).map(\.symbol).sorted()
  }

  subscript(symbol: Symbol) -> Instrument? { bySymbol[symbol] }

  /// With the decimals of the tick: `64,210.0`.
  func price(_ price: Price, of symbol: Symbol) -> String {
    guard let tick = bySymbol[symbol]?.tickSize else { return Figures.exact(price) }
    return Figures.plain(price, decimals: decimals(of: tick))
  }

  /// With the decimals of the step: `0.120`.
  func quantity(_ quantity: Quantity, of symbol: Symbol) -> String {
    guard let step = bySymbol[symbol]?.quantityStep else { return Figures.exact(quantity) }
    return Figures.plain(quantity, decimals: decimals(of: step))
  }

  private func decimals(of unit: some ExactAmount) -> Int {
    let text = unit.description
    guard let point = text.firstIndex(of: ".") else { return 0 }
    return text.distance(from: text.index(after: point), to: text.endIndex)
  }
}
