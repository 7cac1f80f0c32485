import TradingModel

/// The boards of one venue, sorted by symbol.
public struct MarketBoard: Sendable, Hashable {
  public private(set) var symbols: [SymbolBoard]

  init(_ symbols: [SymbolBoard] = []) { self.symbols = symbols.sorted { $0.symbol < $1.symbol } }

  public subscript(symbol: Symbol) -> SymbolBoard? { place(of: symbol).map { symbols[$0] } }

  mutating func take(_ event: MarketEvent, listed instrument: Instrument?) {
    guard let place = place(of: event.symbol) else {
      // A contract of a recording shows up with its first price.
      if case .ticker(let ticker) = event, let instrument,
        let board = SymbolBoard(instrument, ticker)
      {
        let place = symbols.firstIndex { $0.symbol > board.symbol } ?? symbols.endIndex
        symbols.insert(board, at: place)
      }
      return
    }
    switch event {
    case .trade(let trade): symbols[place].take(trade)
    case .ticker(let ticker): symbols[place].take(ticker)
    case .liquidation: break
    }
  }

  /// Takes new rules for a contract that is shown.
  mutating func list(_ instrument: Instrument) {
    if let place = place(of: instrument.symbol) { symbols[place].instrument = instrument }
  }

  private func place(of symbol: Symbol) -> Int? {
    var (low, high) = (symbols.startIndex, symbols.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].symbol < symbol { low = middle + 1 } else { high = middle }
    }
    return low < symbols.endIndex && symbols[low].symbol == symbol ? low : nil
  }
}
