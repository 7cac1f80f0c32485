import Foundation
import Simulation
import TestSupport
import Testing
import TradingModel

/// Every change of the wallet leaves a row.
struct LedgerTests {
  @Test func `the rows add up to the wallet, and each says what it was`() throws {
    var venue = venue()
    try venue.deposit("500", at: .noon)
    try venue.buy("0.1")
    venue.goTo("65000")
    try venue.sell("0.1", reduceOnly: true)
    try venue.withdraw("100", at: .noon + .seconds(1))
    #expect(venue.ledger.map(\.kind) == [.transfer, .trade, .trade, .transfer])
    #expect(venue.ledger.map(\.change) == ["500", "-3.5200055", "96.415", "-100"])
    #expect(venue.ledger.last?.balance == venue.wallet(at: .noon).balance)
    #expect(venue.ledger.map(\.number) == [1, 2, 3, 4])
    #expect(venue.ledger[2].profit == "99.99" && venue.ledger[2].fee == "3.575")
    #expect(venue.ledger[2].cause?.executionID == venue.executionHistory.last?.id)
    #expect(venue.transfers(since: .noon).map(\.amount) == ["500", "-100"])
    #expect(venue.transfers(since: .noon + .seconds(1)).map(\.amount) == ["-100"])
  }

  @Test func `a closing order tells what it has brought, both fees inside`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    venue.goTo("65000")
    try venue.sell("0.04", reduceOnly: true)
    try venue.sell("0.06", reduceOnly: true)
    let trades = venue.closedTrades
    #expect(trades.map(\.quantity) == ["0.04", "0.06"])
    #expect(trades.map(\.entryPrice) == ["64000", "64000"])
    #expect(trades.map(\.exitPrice) == ["65000", "65000"])
    #expect(trades.map(\.openFee) == ["1.408", "2.112"])
    #expect(trades.map(\.net) == ["37.162", "55.743"])
    let wallet = venue.wallet(at: .noon)
    #expect(trades.reduce(.zero) { $0 + $1.net } == wallet.realised)
  }

  @Test func `an order that closes in pieces is one row of as many fills`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    venue.show(
      PaperBook(
        bids: [.init("63999", "0.06"), .init("63998", "1")], asks: [.init("64001", "1")]),
      of: btc, at: .noon)
    try venue.sell("0.1", reduceOnly: true)
    #expect(venue.closedTrades.map(\.fillCount) == [2])
    #expect(venue.closedTrades.map(\.exitValue) == ["6399.86"])
  }

  @Test func `an order that turns the position closes only its part`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    try venue.sell("0.15")
    let trade = try #require(venue.closedTrades.first)
    #expect(trade.quantity == "0.1" && trade.closeFee == "3.52")
    #expect(venue.openPositions().first?.openFees == "1.76")
  }

  @Test func `a forced close is a row of its own kind`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    venue.goTo("50000")
    #expect(venue.ledger.last?.kind == .liquidation)
    #expect(venue.closedTrades.last?.kind == .bust)
  }
}

/// Longs pay shorts, or the other way round, at fixed times of the day.
struct FundingTests {
  private let four = Timestamp.noon + .hours(4)

  private func funded(_ rate: Ratio, mode: PaperPositionMode = .oneWay) -> PaperVenue {
    var venue = venue(mode: mode)
    venue.move(
      btc, last: "64000", mark: "64000", bid: "64000", ask: "64000", fundingRate: rate, at: .noon)
    return venue
  }

  @Test func `at 16:00 UTC a long pays the rate of its value at mark`() throws {
    var venue = funded("0.0001")
    try venue.buy("0.1")
    let before = venue.wallet(at: .noon).balance
    venue.goTo("64000", at: four - .milliseconds(1))
    #expect(venue.wallet(at: four).balance == before)
    _ = venue.drainEvents()
    venue.goTo("70000", at: four + .seconds(2))
    #expect(venue.wallet(at: four).balance == before - "0.64")
    #expect(venue.ledger.last?.kind == .funding && venue.ledger.last?.time == four)
    #expect(venue.long?.realised == "-4.16")
    guard case .funding(let entry)? = venue.drainEvents().first else {
      Issue.record("not told first")
      return
    }
    #expect(entry.funding == "-0.64")
    venue.goTo("70000", at: four + .seconds(3))
    #expect(venue.wallet(at: four).balance == before - "0.64")
  }

  @Test func `below zero the shorts pay, and both sides of a hedge settle`() throws {
    var venue = funded("-0.0002", mode: .hedge)
    for (slot, side) in [(PositionSlot.hedgeLong, Side.buy), (.hedgeShort, .sell)] {
      try venue.place(
        PaperOrderRequest(symbol: btc, slot: slot, side: side, quantity: "0.1"), at: .noon)
    }
    venue.goTo("64000", at: four)
    #expect(venue.ledger.suffix(2).map(\.funding) == ["1.28", "-1.28"])
  }

  @Test func `the account's ledger tells who paid, by side, beside the transfers`() throws {
    var venue = funded("-0.0002", mode: .hedge)
    try venue.deposit("500", at: .noon)
    for (slot, side) in [(PositionSlot.hedgeLong, Side.buy), (.hedgeShort, .sell)] {
      try venue.place(
        PaperOrderRequest(symbol: btc, slot: slot, side: side, quantity: "0.1"), at: .noon)
    }
    venue.goTo("64000", at: four)
    let ledger = venue.accountLedger(since: .noon)
    #expect(ledger.transfers.map(\.amount) == ["500"])
    #expect(ledger.funding.map(\.side) == [.long, .short])
    #expect(ledger.funding.map(\.paid) == ["-1.28", "1.28"])
    #expect(Set(ledger.funding.map(\.id)).count == 2)
    #expect(venue.accountLedger(since: four + .milliseconds(1)).funding.isEmpty)
    // A restart of the venue keeps them, however many trades came since.
    for _ in 0..<150 {
      try venue.place(
        PaperOrderRequest(symbol: btc, slot: .hedgeLong, side: .buy, quantity: "0.01"), at: four)
      try venue.place(
        PaperOrderRequest(
          symbol: btc, slot: .hedgeLong, side: .sell, quantity: "0.01", reduceOnly: true), at: four)
    }
    let kept = try JSONDecoder().decode(
      PaperAccount.self, from: JSONEncoder().encode(venue.account(at: four)))
    let again = PaperVenue(
      settings: PaperSettings(positionMode: .hedge), instruments: [.example()], account: kept)
    #expect(again.accountLedger(since: .noon).funding == ledger.funding)
  }

  @Test func `what was opened after the moment pays nothing for it`() throws {
    var venue = funded("0.0001")
    try venue.place(
      PaperOrderRequest(symbol: btc, side: .buy, quantity: "0.1"), at: four + .seconds(1))
    venue.goTo("64000", at: four + .seconds(2))
    #expect(venue.ledger.map(\.kind) == [.trade])
  }

  @Test func `an unknown rate charges nothing`() throws {
    var venue = venue()
    try venue.buy("0.1")
    venue.goTo("64000", at: four + .seconds(1))
    #expect(venue.ledger.map(\.kind) == [.trade])
  }

  @Test func `after a day of silence every moment is charged`() throws {
    var venue = funded("0.0001")
    try venue.buy("0.1")
    venue.goTo("64000", at: .noon + .hours(24))
    #expect(venue.ledger.filter { $0.kind == .funding }.count == 3)
  }

  @Test func `an interval that becomes longer between two moments charges at its own`() throws {
    var venue = funded("0.0001")
    try venue.buy("0.1")
    var rules = Instrument.example()
    rules.fundingInterval = .hours(4)
    venue.list([rules])
    venue.goTo("64000", at: .noon + .hours(8))
    let charged = venue.ledger.count { $0.kind == .funding }
    rules.fundingInterval = .hours(8)
    venue.list([rules])
    venue.goTo("64000", at: .noon + .hours(13))
    #expect(venue.ledger.count { $0.kind == .funding } == charged + 1)
    #expect(venue.ledger.last?.time == .noon + .hours(12))
  }
}
