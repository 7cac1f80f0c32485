import TradingModel

// Every change of the wallet goes through here, and leaves an entry.

extension PaperVenue {
  /// Changes of the wallet that are still remembered, oldest first.
  public var ledger: [PaperLedgerEntry] { Array(entries.items) }

  /// Changes of the wallet at or after `start`, oldest first.
  public func ledger(since start: Timestamp) -> [PaperLedgerEntry] {
    entries.items.filter { $0.time >= start }
  }

  /// Deposits and withdrawals at or after `start`, oldest first.
  public func transfers(since start: Timestamp) -> [Transfer] {
    moved.items.filter { $0.kind == .transfer && $0.time >= start }
      .map { Transfer(id: $0.id, amount: $0.transfer, time: $0.time) }
  }

  /// Funding of the moments at or after `start`, oldest first.
  public func fundingPayments(since start: Timestamp) -> [FundingPayment] {
    moved.items.filter { $0.kind == .funding && $0.time >= start }
      .sorted { ($0.time, $0.number) < ($1.time, $1.number) }
      .compactMap { entry in
        guard let key = entry.key else { return nil }
        return FundingPayment(
          id: entry.id, symbol: key.symbol, side: entry.heldSide, paid: -entry.funding,
          time: entry.time)
      }
  }

  /// What a venue's ledger tells beside executions.
  public func accountLedger(since start: Timestamp) -> AccountLedger {
    AccountLedger(
      transfers: transfers(since: start), funding: fundingPayments(since: start))
  }

  /// What closing orders have brought, oldest first.
  public var closedTrades: [PaperClosedTrade] { Array(closed.items) }

  @discardableResult
  mutating func post(
    _ kind: PaperLedgerEntry.Kind, _ key: PositionKey? = nil,
    cause: PaperLedgerEntry.Cause? = nil, price: Price? = nil, quantity: Quantity? = nil,
    rate: Ratio? = nil, profit: Notional = .zero, fee: Notional = .zero,
    funding: Notional = .zero, transfer: Notional = .zero, at time: Timestamp
  ) -> PaperLedgerEntry {
    balance += profit - fee + funding + transfer
    realised += profit - fee + funding
    totalFees += fee
    entryCount += 1
    let entry = PaperLedgerEntry(
      id: Self.identifier(kind: 0x4002, series: settings.series, number: entryCount),
      number: entryCount, kind: kind, key: key, cause: cause, price: price, quantity: quantity,
      rate: rate, profit: profit, fee: fee, funding: funding, transfer: transfer,
      balance: balance, time: time)
    remember(entry)
    return entry
  }

  mutating func remember(_ entry: PaperLedgerEntry) {
    entries.append(entry)
    if entry.kind == .transfer || entry.kind == .funding { moved.append(entry) }
  }

  /// Adds a closing execution to what its order has brought.
  mutating func noteClosed(
    by execution: PaperExecution, entryValue: Notional, openFee: Notional, closeFee: Notional,
    leverage: Ratio
  ) {
    let order = execution.order
    let known = closed.items.last { $0.order.id == order.id }
    var trade =
      known
      ?? PaperClosedTrade(
        number: execution.number, order: order, kind: execution.kind, quantity: .zero,
        entryValue: .zero, exitValue: .zero, profit: .zero, openFee: .zero, closeFee: .zero,
        fillCount: 0, leverage: leverage, createdAt: execution.time, updatedAt: execution.time)
    trade.order = order
    trade.quantity = Quantity(
      uncheckedCount: trade.quantity.wideCount + execution.closedQuantity.wideCount)
    trade.entryValue += entryValue
    trade.exitValue += execution.price * execution.closedQuantity
    trade.profit += execution.profit
    trade.openFee += openFee
    trade.closeFee += closeFee
    trade.fillCount += 1
    trade.updatedAt = execution.time
    if known == nil {
      closed.append(trade)
    } else {
      closed.replaceLast(with: trade) { $0.number == trade.number }
    }
  }
}
