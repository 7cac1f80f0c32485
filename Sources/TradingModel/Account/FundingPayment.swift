/// What a position cost, or brought, by being held at a moment of funding. Part of its result.
public struct FundingPayment: Sendable, Hashable, Codable {
  /// The venue's own id: a payment may be told twice.
  public var id: String
  public var symbol: Symbol
  /// Of the position that it was for; nil where the venue does not say.
  public var side: PositionSide?
  /// Paid is positive, received negative, in USDT.
  public var paid: Notional
  public var time: Timestamp

  public init(
    id: String, symbol: Symbol, side: PositionSide? = nil, paid: Notional, time: Timestamp
  ) {
    self.id = id
    self.symbol = symbol
    self.side = side
    self.paid = paid
    self.time = time
  }
}
