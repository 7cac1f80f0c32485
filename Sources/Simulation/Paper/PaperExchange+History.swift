import TradingModel

extension PaperExchange {
  public func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    try await line?.travel()
    return venue.accountLedger(since: start)
  }

  public func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    try await line?.travel()
    return SymbolSettings(
      marginMode: venue.marginMode(of: symbol),
      leverage: venue.leverage(of: symbol, side: .long),
      positionMode: venue.mode(of: symbol) == .hedge ? .hedge : .oneWay)
  }
}
