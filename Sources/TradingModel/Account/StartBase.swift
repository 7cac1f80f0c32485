/// What a loss since the start is measured against.
public struct StartBase: Sendable, Hashable, Codable {
  /// The equity at the start, moved by transfers since, in USDT.
  public var equity: Notional
  public var takenAt: Timestamp
  /// The transfers that have moved it: each counts once.
  public var transfers: [Transfer]

  public init(equity: Notional, takenAt: Timestamp, transfers: [Transfer] = []) {
    self.equity = equity
    self.takenAt = takenAt
    self.transfers = transfers
  }
}
