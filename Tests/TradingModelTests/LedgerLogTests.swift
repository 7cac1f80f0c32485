import TestSupport
import Testing
import TradingModel

struct LedgerLogTests {
  private func transfer(_ id: String, _ amount: Notional, ago: Duration) -> Transfer {
    Transfer(id: id, amount: amount, time: .noon - ago)
  }

  private func begin(_ log: inout LedgerLog, _ start: Timestamp) -> Timestamp {
    log.begin(since: start)
  }

  @Test func `what was read is kept, and the next reading begins a little before its last row`() {
    var log = LedgerLog()
    let start = Timestamp.noon - .hours(12)
    #expect(begin(&log, start) == start)
    log.take(
      AccountLedger(transfers: [transfer("a", "100", ago: .hours(11))]),
      lastRow: .noon - .minutes(5), to: .noon, at: .noon)
    #expect(begin(&log, start) == .noon - .minutes(15))
    log.take(
      AccountLedger(transfers: [transfer("b", "-3", ago: .minutes(4))]), lastRow: nil, to: .noon,
      at: .noon)
    #expect(log.ledger(since: start).transfers.map(\.id) == ["a", "b"])
    #expect(log.ledger(since: .noon - .hours(1)).transfers.map(\.id) == ["b"])
  }

  @Test func `a quiet ledger is read on from an hour ago: rows may come late`() {
    var log = LedgerLog()
    let start = Timestamp.noon - .hours(12)
    _ = log.begin(since: start)
    log.take(AccountLedger(), lastRow: nil, to: .noon, at: .noon)
    #expect(begin(&log, start) == .noon - .minutes(70))
  }

  @Test func `who asks for more than was read has it read`() {
    var log = LedgerLog()
    _ = log.begin(since: .noon - .hours(1))
    log.take(
      AccountLedger(transfers: [transfer("b", "1", ago: .minutes(1))]), lastRow: .noon, to: .noon,
      at: .noon)
    let earlier = Timestamp.noon - .hours(5)
    #expect(begin(&log, earlier) == earlier)
    log.take(
      AccountLedger(transfers: [transfer("a", "2", ago: .hours(4))]), lastRow: .noon, to: .noon,
      at: .noon)
    #expect(log.ledger(since: earlier).transfers.map(\.id) == ["a", "b"])
    // And who begins later than anything that was read begins there.
    #expect(begin(&log, .noon + .hours(2)) == .noon + .hours(2))
  }

  @Test func `told twice it counts once`() {
    var log = LedgerLog()
    _ = log.begin(since: .noon - .hours(1))
    for _ in 0..<2 {
      log.take(
        AccountLedger(transfers: [transfer("a", "100", ago: .minutes(1))]), lastRow: .noon,
        to: .noon, at: .noon)
    }
    #expect(log.ledger(since: .noon - .hours(1)).transfers.map(\.amount) == ["100"])
  }

  @Test func `funding is kept beside the transfers, and counts once`() {
    var log = LedgerLog()
    _ = log.begin(since: .noon - .hours(1))
    let payment = FundingPayment(
      id: "f", symbol: "BTCUSDT", side: .long, paid: "1.5", time: .noon - .minutes(2))
    for _ in 0..<2 {
      log.take(AccountLedger(funding: [payment]), lastRow: .noon, to: .noon, at: .noon)
    }
    #expect(log.ledger(since: .noon - .hours(1)) == AccountLedger(funding: [payment]))
    #expect(log.ledger(since: .noon).funding.isEmpty)
  }
}
