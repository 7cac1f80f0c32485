/// What an account's ledger tells beside executions: money that came or went, which is never profit,
/// and funding, which always is profit or loss. Each oldest first.
public struct AccountLedger: Sendable, Hashable {
  public var transfers: [Transfer]
  public var funding: [FundingPayment]

  public init(transfers: [Transfer] = [], funding: [FundingPayment] = []) {
    self.transfers = transfers
    self.funding = funding
  }
}
