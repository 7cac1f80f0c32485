import TradingModel

extension PaperExchange {
  public func transfers(since start: Timestamp) -> [Transfer] { venue.transfers(since: start) }

  public func symbolSettings(of symbol: Symbol) -> SymbolSettings { venue.settings(of: symbol) }
}

extension PaperVenue {
  /// Deposits and withdrawals, oldest first.
  func transfers(since start: Timestamp) -> [Transfer] { moves.items.filter { $0.time >= start } }

  func settings(of symbol: Symbol) -> SymbolSettings {
    SymbolSettings(marginMode: marginMode, leverage: leverage(of: symbol, side: .long))
  }
}
