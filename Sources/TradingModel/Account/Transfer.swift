/// Money that came into the account or left it: a deposit, a withdrawal, a transfer between
/// accounts, a bonus. Never profit.
public struct Transfer: Sendable, Hashable, Codable {
  /// The venue's own id: a transfer may be told twice.
  public var id: String
  /// Into the account is positive, in USDT.
  public var amount: Notional
  public var time: Timestamp

  public init(id: String, amount: Notional, time: Timestamp) {
    self.id = id
    self.amount = amount
    self.time = time
  }
}
