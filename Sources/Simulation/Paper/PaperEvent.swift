import TradingModel

/// What a private stream would tell, in the venue's order: executions, orders, position, wallet.
public enum PaperEvent: Sendable, Hashable {
  case execution(PaperExecution)
  case order(PaperOrder)
  /// With the mark price it is valued at, nil while unknown.
  case position(PaperPosition, mark: Price?)
  case wallet(PaperWallet)
  /// Funding was paid or received; position and wallet follow.
  case funding(PaperLedgerEntry)
  /// Money moved in (positive) or out.
  case transfer(Notional, at: Timestamp)
}
