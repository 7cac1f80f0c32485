import EngineCore
import TestSupport
import Testing
import TradingModel

/// Stop and target of the average entry where they can't be set at once. The entry was seen at 60000,
/// its stop at 58200; it fills at 60480, whose stop is 58665.6.
struct AverageEntryTests {
  private func entered(
    at fill: Price = "60480", seeing price: Price = "60000", errors: [VenueError] = [],
    _ change: (inout Script) -> Void = { _ in }
  ) -> Script {
    var script = Script { $0.liquidation!.defaults.exits.breakEven = nil }
    script.move("BTCUSDT", to: price)
    script.venue.entryPrice = fill
    script.venue.protectErrors = errors
    change(&script)
    script.liquidate()
    return script
  }

  private func stop(_ script: Script) -> Price? { script.venue.positions["BTCUSDT"]?.stop }

  @Test
  func `too many requests are waited out, and then it is set`() {
    var script = entered(errors: [.rateLimited(retryAfter: .seconds(5))])
    script.pass(.milliseconds(4900))
    #expect(script.effects.protections.count == 1 && stop(script) == "58200")
    script.pass(.seconds(2))
    #expect(script.effects.protections.count == 2 && stop(script) == "58665.6")
    script.pass(.minutes(1))
    #expect(script.effects.protections.count == 2)
  }

  @Test(
    arguments: [
      .outcomeUnknown, .unreachable("no route"), .clockSkew("2 s"), .malformed("{"),
      .rejected(.serverBusy), .rejected(.triggerPassed),
    ] as [VenueError])
  func `what passes is tried again, ever more slowly, until it is set`(error: VenueError) {
    var script = entered(errors: [error, error, error])
    script.pass(.seconds(6))
    #expect(script.effects.protections.count == 3 && stop(script) == "58200")
    script.pass(.seconds(5))
    #expect(script.effects.protections.count == 4 && stop(script) == "58665.6")
    #expect(script.effects.closes.isEmpty)
  }

  private func told(_ script: Script) -> [Alert.News] {
    script.effects.alerts.filter { if case .stopNotMoved = $0 { true } else { false } }
  }

  @Test
  func `a refusal for good is told once, and the stop that came with the entry stays`() {
    let refusal = VenueError.rejected(.badPrice)
    var script = entered(errors: Array(repeating: refusal, count: 9))
    script.pass(.minutes(5))
    #expect(script.effects.protections.count == 1 && stop(script) == "58200")
    #expect(
      told(script) == [
        .stopNotMoved("BTCUSDT", standing: "58200", wanted: "58665.6", refusal)
      ])
    // The next average entry is tried anew.
    script.venue.protectErrors = []
    add(&script, at: "60600")
    #expect(stop(script) == "58782")
  }

  @Test
  func `what does not pass is told once, and once that it is over`() {
    var script = entered(errors: Array(repeating: .outcomeUnknown, count: 7))
    script.pass(.seconds(40))
    #expect(script.effects.protections.count == 6 && told(script).count == 1)
    script.pass(.minutes(3))
    #expect(script.effects.protections.count == 8 && told(script).count == 1)
    #expect(
      script.effects.alerts.contains { $0 == .stopSet("BTCUSDT", stop: "58665.6") })
  }

  @Test
  func `a change without an answer is asked for again`() {
    var script = entered { $0.venue.hangsProtections = true }
    script.pass(.seconds(9))
    #expect(script.effects.protections.count == 1)
    script.venue.hangsProtections = false
    script.pass(.seconds(3))
    #expect(script.effects.protections.count == 2 && stop(script) == "58665.6")
  }

  @Test
  func `while the market is past the new stop the old one stands, and then it is set`() {
    var script = entered(seeing: "58600")
    script.pass(.seconds(10))
    #expect(script.effects.protections.isEmpty && script.effects.closes.isEmpty)
    script.move("BTCUSDT", to: "59000")
    script.pass(.seconds(1))
    #expect(script.effects.protections.count == 1 && stop(script) == "58665.6")
  }

  // MARK: Halted

  private func add(_ script: inout Script, at average: Price) {
    script.venue.positions["BTCUSDT"]?.quantity = "0.01"
    script.venue.positions["BTCUSDT"]?.entryPrice = average
    script.send(
      .account(
        .fill(
          Fill(
            executionID: "hand", orderID: ClientOrderID(""), venueOrderID: "h", symbol: "BTCUSDT",
            side: .buy, price: average, quantity: "0.005", fee: "0.1", time: script.now))))
    script.pass(.seconds(10))
  }

  @Test
  func `halted, stop and target stay where they are, until it is resumed`() {
    var script = entered(at: "60000")
    script.command(1, .kill(flatten: false))
    add(&script, at: "59400")
    #expect(script.effects.protections.isEmpty)
    script.command(2, .resume(nil))
    script.pass(.seconds(2))
    #expect(script.effects.protections.map(\.stop) == ["57618"])
  }

  @Test
  func `halted, a stop that is missing is set all the same`() {
    var script = entered(at: "60000")
    script.command(1, .kill(flatten: false))
    script.venue.positions["BTCUSDT"]?.stop = nil
    script.pass(.seconds(8))
    #expect(stop(script) == "58200")
  }
}
