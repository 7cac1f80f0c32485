import TradingModel

/// What of a position is worth a new row in the journal: its price and profit are not.
struct RecordedPosition: Sendable, Hashable {
  private let side: PositionSide
  private let quantity: Quantity
  private let entryPrice: Price
  private let leverage: Ratio?
  private let stop: Price?
  private let target: Price?
  private let isStopConfirmed: Bool
  private let owner: Owner
  private let protectedEntry: Price?

  init(_ view: PositionView) {
    side = view.position.side
    quantity = view.position.quantity
    entryPrice = view.position.entryPrice
    leverage = view.position.leverage
    stop = view.position.stop
    target = view.position.target
    isStopConfirmed = view.isStopConfirmed
    owner = view.owner
    protectedEntry = view.protectedEntry
  }
}
