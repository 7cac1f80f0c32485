import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// Accounts in hedge mode: everything about a position goes to its own leg.
struct HedgeTests {
  /// A short by hand in the other leg shows that the account is in hedge mode.
  private func entered(
    hidesSlots: Bool = false, _ change: (inout ExitPlan) -> Void = { _ in }
  ) -> Script {
    var venue = ScriptedAccount()
    venue.hidesSlots = hidesSlots
    venue.open("ETHUSDT", .short, "1", slot: .hedgeShort, stop: "3300", now: .noon)
    var settings = LiquidationSettings()
    change(&settings.defaults.exits)
    var script = Script({ [settings] in $0.liquidation = settings }, venue: venue)
    script.liquidate()
    script.pass(.seconds(3))
    return script
  }

  private let leg = PositionKey("BTCUSDT", .hedgeLong)

  @Test
  func `an entry goes to the leg of its side, with its stop`() throws {
    let script = entered()
    let entry = try #require(script.effects.entries.first)
    #expect(entry.slot == .hedgeLong && entry.stop == "58200")
    #expect(script.venue.positions[leg]?.stop == "58200")
  }

  @Test(arguments: [false, true])
  func `break-even, time stop and partial targets are of that leg`(hidesSlots: Bool) throws {
    var script = entered(hidesSlots: hidesSlots) {
      $0.breakEven = BreakEven(after: .risks("0.5"))
      $0.partials = [PartialTarget(.share("0.03"), "0.6")]
      $0.timeLimit = TimeLimit(after: .minutes(5))
    }
    let target = try #require(script.effects.targets.first)
    #expect(target.slot == .hedgeLong && target.side == .sell && target.quantity == "0.003")
    script.move("BTCUSDT", to: "60900")
    script.pass(.seconds(3))
    #expect(script.effects.protections.map(\.key) == [leg])
    script.pass(.minutes(5))
    #expect(script.effects.marketCloses.map(\.slot) == [.hedgeLong])
    script.pass(.seconds(10))
    #expect(script.venue.positions.keys.map(\.slot) == [.hedgeShort])
    #expect(!script.effects.alerts.contains { if case .mismatch = $0 { true } else { false } })
    #expect(script.venue.orders.isEmpty)
  }

  @Test
  func `a stop that did not come is set on that leg, and else that leg alone is closed`() {
    for error in [nil, VenueError.rejected(.other)] {
      var venue = ScriptedAccount()
      venue.open("BTCUSDT", .short, "1", slot: .hedgeShort, stop: "70000", now: .noon)
      venue.open("BTCUSDT", .long, "0.5", slot: .hedgeLong, now: .noon)
      venue.protectError = error
      var script = Script({ $0.protectManual = true }, venue: venue)
      script.pass(.seconds(12))
      #expect(script.effects.protections.allSatisfy { $0.key == leg })
      #expect(script.effects.closes.map(\.slot) == (error == nil ? [] : [.hedgeLong]))
      #expect(script.venue.positions[PositionKey("BTCUSDT", .hedgeShort)]?.stop == "70000")
    }
  }

  @Test
  func `a mode that is read before the first entry costs no refusal`() throws {
    var script = Script()
    script.venue.positionMode = .hedge
    script.liquidate()
    script.pass(.seconds(2))
    #expect(script.effects.entries.map(\.slot) == [.hedgeLong])
    #expect(script.venue.positions[leg]?.stop == "58200")
  }

  @Test
  func `a mode that was read later counts more than an earlier refusal`() throws {
    var script = Script()
    script.venue.entryErrors = [.rejected(.wrongPositionMode, code: 10_001)]
    script.liquidate()
    script.pass(.seconds(2))
    #expect(script.effects.entries.map(\.slot) == [.oneWay, .hedgeLong])
    script.venue.positions = [:]
    script.venue.positionMode = .oneWay
    script.pass(.minutes(61), every: .seconds(1))
    script.liquidate()
    #expect(script.effects.entries.last?.slot == .oneWay)
  }

  @Test
  func `an account whose mode was misread is entered at the second try, and nothing is told`() {
    var script = Script()
    script.venue.entryErrors = [.rejected(.wrongPositionMode, code: 10_001)]
    script.liquidate()
    script.pass(.seconds(2))
    #expect(script.effects.entries.map(\.slot) == [.oneWay, .hedgeLong])
    #expect(Set(script.effects.entries.map(\.id)).count == 2)
    #expect(script.venue.positions[leg]?.stop == "58200")
    #expect(!script.effects.alerts.contains { if case .orderFailed = $0 { true } else { false } })
    script.liquidate("ETHUSDT")
    script.pass(.seconds(2))
    // A position in a hedge slot tells of the whole account.
    #expect(script.effects.entries.last?.slot == .hedgeLong)
  }

  @Test
  func `a mode that is refused both ways is told, and not tried for ever`() {
    var script = Script()
    script.venue.entryError = .rejected(.wrongPositionMode, code: 10_001)
    script.liquidate()
    script.pass(.seconds(5))
    #expect(script.effects.entries.count == 2)
    #expect(
      script.effects.alerts.count { if case .orderFailed = $0 { true } else { false } } == 1)
  }

  @Test
  func `an entry against a rule is tried once more when the rules have changed`() {
    var script = Script()
    script.venue.entryErrors = [.rejected(.badQuantity, code: 10_001)]
    script.liquidate()
    script.send(.instruments([.example("BTCUSDT")]))
    #expect(script.effects.entries.count == 1)
    var again = Script()
    again.venue.entryErrors = [.rejected(.badQuantity, code: 10_001)]
    again.liquidate()
    again.send(.instruments([.example("BTCUSDT", step: "0.002", minimum: "0.002")]))
    #expect(again.effects.entries.map(\.quantity) == ["0.005", "0.004"])
    again.send(.instruments([.example("BTCUSDT", step: "0.001")]))
    #expect(again.effects.entries.count == 2)
  }

  @Test
  func `a minimum of the operator raises the size of an entry, and never lowers it`() throws {
    for (minimum, quantity) in [("0.007", "0.007"), ("0.0001", "0.005")] as [(Quantity, Quantity)] {
      var script = Script { $0.minimumSizes = ["BTCUSDT": minimum] }
      script.liquidate()
      #expect(script.effects.entries.map(\.quantity) == [quantity])
    }
  }

  @Test
  func `executions that name no leg are booked to the leg of their side`() throws {
    var script = entered(hidesSlots: true)
    for (id, side, closes) in [("a", Side.sell, "0.005"), ("b", .sell, "0"), ("c", .buy, "0.5")]
      as [(String, Side, Quantity)]
    {
      let isShort = closes != "0.005"
      let key: PositionKey = isShort ? PositionKey("ETHUSDT", .hedgeShort) : leg
      let quantity: Quantity = isShort ? "0.5" : "0.005"
      script.send(
        .account(
          .fill(
            Fill(
              executionID: id, orderID: ClientOrderID("web"), venueOrderID: id,
              symbol: key.symbol, side: side, price: "3000", quantity: quantity, fee: "0.1",
              closedQuantity: closes, time: script.now))))
    }
    script.venue.positions[leg] = nil
    script.pass(.seconds(20))
    #expect(!script.effects.alerts.contains { if case .mismatch = $0 { true } else { false } })
    #expect(script.snapshot.positions.map(\.position.key.slot) == [.hedgeShort])
  }
}
