import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// An entry of 0.01 at 30000 with partial targets of 30 % at +1 % and 50 % at +2 %.
struct PartialTargetTests {
  private static let parts = [
    PartialTarget(.share("0.01"), "0.3"), PartialTarget(.share("0.02"), "0.5"),
  ]

  private static func settings(_ settings: inout EngineSettings) {
    settings.liquidation?.defaults.exits.partials = parts
  }

  private func entered(_ change: (inout Script) -> Void = { _ in }) -> Script {
    var venue = ScriptedAccount()
    venue.prices["BTCUSDT"] = "30000"
    var script = Script(Self.settings, venue: venue)
    change(&script)
    script.liquidate()
    script.pass(.seconds(3))
    return script
  }

  private func resting(_ script: Script) -> [String] {
    script.venue.orders.compactMap { order in
      guard case .limit(let price, _) = order.kind else { return nil }
      return "\(price) \(order.quantity)"
    }
  }

  @Test
  func `they rest as reduce-only limits of the engine`() throws {
    let script = entered()
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.01")
    #expect(resting(script) == ["30300 0.003", "30600 0.005"])
    let target = try #require(script.effects.targets.first)
    #expect(target.reduceOnly && target.side == .sell)
    #expect(target.id.owner == .engine(.liquidation))
    #expect(script.snapshot.entryOrders == 0 && script.snapshot.protectiveOrders == 2)
  }

  @Test
  func `nothing changes while nothing happens`() {
    var script = entered()
    script.pass(.minutes(2))
    #expect(script.effects.targets.count == 2 && script.effects.cancels.isEmpty)
  }

  @Test
  func `what one takes off leaves the others as they are`() throws {
    var script = entered()
    script.take(try #require(script.effects.targets.first?.id))
    script.pass(.seconds(10))
    #expect(resting(script) == ["30600 0.005"])
    #expect(script.effects.targets.count == 2 && script.effects.cancels.isEmpty)
    #expect(script.effects.protections.isEmpty)
  }

  @Test
  func `a part of one that fills leaves it resting`() throws {
    var script = entered()
    script.take(try #require(script.effects.targets.first?.id), part: "0.001")
    script.pass(.seconds(10))
    #expect(script.effects.targets.count == 2 && script.effects.cancels.isEmpty)
  }

  @Test
  func `when the position is closed otherwise they are cancelled`() {
    var script = entered()
    script.venue.positions = [:]
    script.send(.account(.position("BTCUSDT", nil, at: script.now)))
    script.pass(.seconds(12))
    #expect(script.effects.cancels.count == 2)
    #expect(resting(script).isEmpty)
  }

  @Test
  func `a part closed by a person makes them smaller, the old ones first`() {
    var script = entered()
    script.command(1, .close(.symbols(["BTCUSDT"]), share: .percent(50), thenPause: false))
    script.pass(.seconds(20))
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.005")
    #expect(resting(script) == ["30300 0.001", "30600 0.003"])
    #expect(script.effects.report(of: 1)?.isFlat == true)
    let cancelled = script.effects.count { if case .cancelAll = $0 { true } else { false } }
    #expect(cancelled == 0, "a part of a position leaves its targets to the engine")
  }

  @Test
  func `after a restart those that rest are taken up again`() {
    var venue = ScriptedAccount()
    venue.prices["BTCUSDT"] = "30000"
    // 0.01 were bought, 0.003 taken off before.
    venue.open("BTCUSDT", .long, "0.007", at: "30000", stop: "29100", now: .noon)
    var order = Order.resting("BTCUSDT", id: "liq-1-3", venueID: "t2", side: .sell)
    order.kind = .limit("30600", .goodTillCancelled)
    order.reduceOnly = true
    order.quantity = "0.005"
    venue.orders = [order]
    let trip = RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "0.01", averageEntry: "30000", averageExit: "30300",
      realised: "0.9", entries: 1, exits: 1)
    var state = RestoredState(openRoundTrips: [trip], lastFillAt: .noon)
    state.positions = [.settled(at: "30000", stop: "29100")]
    var script = Script(Self.settings, restored: state, venue: venue)
    script.pass(.seconds(20))
    #expect(resting(script) == ["30600 0.005"])
    #expect(script.effects.targets.isEmpty && script.effects.cancels.isEmpty)
    #expect(script.effects.protections.isEmpty)
  }

  @Test
  func `what fills while it is being cancelled is a normal result`() throws {
    var script = entered()
    // Half is closed by hand on the venue: both targets are to become smaller.
    script.venue.positions["BTCUSDT"]?.quantity = "0.005"
    script.send(.account(.position("BTCUSDT", script.venue.positions["BTCUSDT"], at: script.now)))
    script.send(
      .account(
        .fill(
          Fill(
            executionID: "hand", orderID: ClientOrderID(""), venueOrderID: "h", symbol: "BTCUSDT",
            side: .sell, price: "30000", quantity: "0.005", fee: "0.1", closedQuantity: "0.005",
            time: script.now))))
    let first = try #require(script.effects.targets.first?.id)
    script.take(first)
    script.pass(.seconds(20))
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.002")
    let sum = script.venue.orders.reduce(Quantity.zero) { sum, order in
      (try? sum + order.quantity) ?? sum
    }
    #expect(sum <= "0.002")
  }

  @Test
  func `a target that is refused is told once and tried again ever more slowly`() {
    var script = entered {
      $0.venue.closeErrors["BTCUSDT"] = [.rejected(.badPrice, code: 110_003)]
      $0.venue.isStubborn = true
    }
    script.pass(.minutes(1))
    #expect((4...12).contains(script.effects.targets.count))
    #expect(
      script.effects.alerts.count { if case .orderFailed = $0 { true } else { false } } == 1)
    #expect(script.effects.protections.isEmpty)
  }

  @Test
  func `the last of them closes the position, and the reason is told`() throws {
    var script = Script {
      $0.liquidation?.defaults.exits.partials = [PartialTarget(.share("0.01"), "1")]
    }
    script.liquidate()
    script.pass(.seconds(3))
    script.take(try #require(script.effects.targets.first?.id))
    script.pass(.seconds(2))
    let reasons = script.effects.alerts.compactMap {
      if case .positionClosed(let trip) = $0 { trip.reasonOut } else { nil }
    }
    #expect(reasons == ["partial target"])
  }

  @Test
  func `a part beyond the largest order rests as several, and each is one of its own`() throws {
    var venue = ScriptedAccount()
    venue.prices["BTCUSDT"] = "30000"
    var script = Script(
      { $0.liquidation?.defaults.exits.partials = [PartialTarget(.share("0.01"), "0.5")] },
      venue: venue)
    var rules = Instrument.example("BTCUSDT")
    rules.maxQuantity = "0.002"
    script.send(.instruments([rules]))
    script.liquidate()
    script.pass(.seconds(3))
    #expect(resting(script) == ["30300 0.002", "30300 0.002", "30300 0.001"])
    script.pass(.minutes(1))
    #expect(script.effects.targets.count == 3 && script.effects.cancels.isEmpty)
    script.take(try #require(script.effects.targets.first?.id))
    script.pass(.seconds(10))
    #expect(resting(script) == ["30300 0.002", "30300 0.001"])
    #expect(script.effects.targets.count == 3 && script.effects.cancels.isEmpty)
    // One of two that are the same is gone: the other alone is not enough.
    script.venue.orders.removeFirst()
    script.pass(.seconds(20))
    #expect(resting(script).sorted() == ["30300 0.001", "30300 0.002"])
  }

  @Test
  func `limits of a person, and entries, are nobody's target`() {
    var venue = ScriptedAccount()
    for id in ["", "web-1"] {
      var order = Order.resting("BTCUSDT", id: id, venueID: "v\(id)", side: .sell)
      order.reduceOnly = true
      venue.orders.append(order)
    }
    venue.orders.append(.resting("BTCUSDT", id: "liq-1-1", venueID: "e"))
    var script = Script(Self.settings, venue: venue)
    script.pass(.seconds(20))
    #expect(script.effects.cancels.isEmpty)
  }
}
