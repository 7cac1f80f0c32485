import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// What is known of stops after a restart, from the owner, the settings, the venue and the journal.
struct RestartProtectionTests {
  /// A long of 0.005 of the liquidation engine from before the start.
  private static func trip(at entry: Price) -> RoundTrip {
    RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "0.005", averageEntry: entry, entries: 1)
  }

  private func restarted(
    at entry: Price, stop: Price?, target: Price? = "61500", price: Price = "60000",
    row: PositionView? = nil, _ change: (inout ExitPlan) -> Void = { $0.breakEven = nil }
  ) -> Script {
    var venue = ScriptedAccount()
    venue.prices["BTCUSDT"] = price
    venue.open("BTCUSDT", .long, "0.005", at: entry, stop: stop, now: .noon - .hours(1))
    venue.positions["BTCUSDT"]?.target = target
    var state = RestoredState(openRoundTrips: [Self.trip(at: entry)], lastFillAt: .noon)
    state.positions = [row].compactMap { $0 }
    return Script(
      { change(&$0.liquidation!.defaults.exits) }, restored: state, venue: venue)
  }

  /// As the journal has the position.
  private func row(
    at entry: Price, stop: Price?, settled: Price?, _ side: PositionSide = .long
  ) -> PositionView {
    PositionView(
      position: .example(side: side, quantity: "0.005", entry: entry, stop: stop, target: "61500"),
      owner: .engine(.liquidation), price: nil, profit: nil, isStopConfirmed: stop != nil,
      openedAt: .noon - .hours(1), protectedEntry: settled)
  }

  private func add(_ script: inout Script, average: Price) {
    script.venue.positions["BTCUSDT"]?.quantity = "0.01"
    script.venue.positions["BTCUSDT"]?.entryPrice = average
    script.send(
      .account(
        .fill(
          Fill(
            executionID: "hand", orderID: ClientOrderID(""), venueOrderID: "h", symbol: "BTCUSDT",
            side: .buy, price: "62400", quantity: "0.005", fee: "0.1", time: script.now))))
    script.pass(.seconds(10))
  }

  // MARK: The average entry

  @Test
  func `what a person adds after a restart sets stop and target anew`() {
    var script = restarted(at: "60000", stop: "58200")
    script.pass(.seconds(10))
    #expect(script.effects.protections.isEmpty)
    add(&script, average: "61200")
    #expect(script.effects.protections.map(\.stop) == ["59364"])
    #expect(script.effects.protections.map(\.target) == ["62730"])
  }

  @Test
  func `an entry that filled just before the end gets the stop of its average entry`() {
    var script = restarted(at: "60480", stop: "58200")
    script.pass(.seconds(10))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
    #expect(script.effects.protections.map(\.target) == ["61992"])
  }

  @Test
  func `an entry that nobody wrote down gets it, too`() {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.005", at: "60480", stop: "58200", now: .noon)
    venue.tell(
      Fill(
        executionID: "e", orderID: ClientOrderID("liq-1-1"), venueOrderID: "v", symbol: "BTCUSDT",
        side: .buy, price: "60480", quantity: "0.005", fee: "0.1", time: .noon - .seconds(1)))
    var script = Script(
      restored: RestoredState(lastFillAt: .noon - .minutes(5)), venue: venue)
    script.pass(.seconds(10))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
  }

  @Test
  func `what was not set anew before the end is set after it`() {
    var script = restarted(
      at: "60480", stop: "58200", row: row(at: "60480", stop: "58200", settled: nil))
    script.pass(.seconds(10))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
  }

  @Test
  func `what was added while the bot was down sets them anew`() {
    var script = restarted(
      at: "60480", stop: "58200", row: row(at: "60000", stop: "58200", settled: "60000"))
    script.pass(.seconds(10))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
  }

  @Test
  func `a stop that a person loosened for the same average entry stays where it is`() {
    var script = restarted(
      at: "60000", stop: "57000", row: row(at: "60000", stop: "57000", settled: "60000"))
    script.pass(.seconds(20))
    #expect(script.effects.protections.isEmpty)
  }

  @Test
  func `what the journal holds says for which average entry they were set`() {
    var script = Script { $0.liquidation!.defaults.exits.breakEven = nil }
    script.venue.entryPrice = "60480"
    script.venue.protectErrors = [.rateLimited(retryAfter: .seconds(5))]
    script.liquidate()
    script.pass(.seconds(10))
    let settled = script.effects.records.compactMap { record -> [Price?]? in
      if case .position(let view) = record {
        [view.position.stop, view.protectedEntry]
      } else {
        nil
      }
    }
    #expect(settled.first == ["58200", nil])
    #expect(settled.last == ["58665.6", "60480"])
  }

  // MARK: Moved stops

  @Test
  func `a stop that had been moved, and vanishes after a restart, is set where it had been`() {
    var script = restarted(at: "60000", stop: "60096", price: "60200") { _ in }
    script.pass(.seconds(8))
    script.venue.positions["BTCUSDT"]?.stop = nil
    script.pass(.seconds(8))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60096")
    #expect(script.effects.closes.isEmpty)
  }

  @Test
  func `what a stop had gained before a restart an add does not give away`() {
    var script = restarted(at: "60000", stop: "60096", price: "60200") { _ in }
    script.pass(.seconds(8))
    add(&script, average: "60100")
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60096")
    #expect(script.effects.protections.allSatisfy { $0.stop == "60096" })
  }

  @Test
  func `one that vanished while the bot was down is set where the journal has it`() {
    var script = restarted(
      at: "60000", stop: nil, price: "60200",
      row: row(at: "60000", stop: "60096", settled: "60000")
    ) { _ in }
    script.pass(.seconds(8))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60096")
    #expect(script.effects.closes.isEmpty)
  }

  // Looser than the plan's, and of a position on the other side.
  @Test(arguments: [("57000", .long), ("59000", .short)] as [(Price, PositionSide)])
  func `nothing but a stop that was moved inward is taken from the journal`(
    stop: Price, side: PositionSide
  ) {
    var script = restarted(
      at: "60000", stop: nil, price: "60200",
      row: row(at: "60000", stop: stop, settled: "60000", side)
    ) { _ in }
    script.pass(.seconds(8))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "58200")
  }
}
