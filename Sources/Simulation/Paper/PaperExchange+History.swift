import TradingModel

extension PaperExchange {
  public func transfers(since start: Timestamp) throws(VenueError) -> [Transfer] {
    venue.transfers(since: start)
  }

  public func symbolSettings(of symbol: Symbol) throws(VenueError) -> SymbolSettings {
    SymbolSettings(
      marginMode: venue.marginMode(of: symbol),
      leverage: venue.leverage(of: symbol, side: .long))
  }
}
