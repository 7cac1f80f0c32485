import TradingModel

/// An order that passed every check: only `EntryGate` makes one, and no other entry is ever sent.
public struct ApprovedOrder: Hashable, Sendable {
  public let request: OrderRequest
  public let intent: Intent

  init(_ request: OrderRequest, for intent: Intent) {  // internal to Risk
    self.request = request
    self.intent = intent
  }
}

/// An order that can only make a position smaller: made from a position read back from the venue.
public struct ReducingOrder: Hashable, Sendable {
  public let request: OrderRequest

  /// Closes `quantity` of `position` at market; never more than there is.
  public init(id: ClientOrderID, closing position: Position, quantity: Quantity) {
    request = OrderRequest(
      id: id, symbol: position.symbol, slot: position.key.slot, side: position.side.closing,
      quantity: min(quantity, position.quantity), kind: .market, reduceOnly: true)
  }

  /// Takes a part of `position` off at `price` or better: a limit that rests; never more than there
  /// is.
  public init(
    id: ClientOrderID, resting price: Price, for position: Position, quantity: Quantity
  ) {
    request = OrderRequest(
      id: id, symbol: position.symbol, slot: position.key.slot, side: position.side.closing,
      quantity: min(quantity, position.quantity), kind: .limit(price, .goodTillCancelled),
      reduceOnly: true)
  }

  /// The same order once more without a hedge slot, for accounts whose mode was misread.
  public func inOneWayMode(id: ClientOrderID) -> ReducingOrder {
    var copy = request
    copy.id = id
    copy.slot = .oneWay
    return ReducingOrder(copy)
  }

  private init(_ request: OrderRequest) { self.request = request }
}

/// A stop and a target for a whole position.
public struct Protection: Hashable, Sendable {
  public let change: ProtectionChange

  /// Nil when it would protect nothing: no leg, or a stop on the wrong side of `price`.
  public init?(_ change: ProtectionChange, marketPrice price: Price?) {
    guard change.stop != nil || change.target != nil else { return nil }
    if let stop = change.stop, let price {
      guard change.side == .long ? stop < price : stop > price else { return nil }
    }
    self.change = change
  }
}
