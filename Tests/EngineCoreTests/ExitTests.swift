import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// An entry at 60000 with its stop at 58200, R is 1800; the fees of both ways are 0.11 %.
struct ExitTests {
  private func entered(
    _ side: PositionSide = .long, venue: ScriptedAccount = ScriptedAccount(),
    _ change: (inout ExitPlan) -> Void
  ) -> Script {
    var script = Script(
      {
        $0.liquidation!.defaults.exits.breakEven = nil
        change(&$0.liquidation!.defaults.exits)
      }, venue: venue)
    script.liquidate()
    script.pass(.seconds(2))
    return script
  }

  private static let breakEven = BreakEven(after: .risks("0.5"))
  private static let trailing = TrailingStop(after: .share("0.02"), callback: .share("0.01"))

  private func reasons(_ script: Script) -> [String] {
    script.effects.alerts.compactMap {
      if case .positionClosed(let trip) = $0 { trip.reasonOut } else { nil }
    }
  }

  // MARK: Break-even

  @Test
  func `at half of R the stop is moved to the entry with fees and slippage, once`() {
    var script = entered { $0.breakEven = Self.breakEven }
    script.move("BTCUSDT", to: "60899.9")
    script.pass(.seconds(3))
    #expect(script.effects.protections.isEmpty)
    script.move("BTCUSDT", to: "60900")
    script.pass(.seconds(3))
    #expect(script.effects.protections.map(\.stop) == ["60096"])
    #expect(script.effects.protections.map(\.target) == [nil])
    script.move("BTCUSDT", to: "61400")
    script.pass(.seconds(10))
    #expect(script.effects.protections.count == 1)
  }

  @Test
  func `so it is where the settings say nothing`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(2))
    script.move("BTCUSDT", to: "60899.9")
    script.pass(.seconds(3))
    #expect(script.effects.protections.isEmpty)
    script.move("BTCUSDT", to: "60900")
    script.pass(.seconds(3))
    #expect(script.effects.protections.map(\.stop) == ["60096"])
  }

  @Test
  func `a peak between two ticks counts`() {
    var script = entered { $0.breakEven = Self.breakEven }
    script.move("BTCUSDT", to: "60900")
    script.move("BTCUSDT", to: "60400")
    script.pass(.seconds(1))
    #expect(script.effects.protections.map(\.stop) == ["60096"])
  }

  @Test
  func `a market already past the stop that is asked for is closed`() {
    var script = entered { $0.breakEven = Self.breakEven }
    script.move("BTCUSDT", to: "60900")
    script.move("BTCUSDT", to: "60000")
    script.pass(.seconds(1))
    #expect(script.effects.protections.isEmpty)
    #expect(script.effects.closes.count == 1)
    #expect(reasons(script) == ["break-even"])
  }

  @Test
  func `so is one of which the venue says that the trigger has passed`() {
    var script = entered { $0.breakEven = Self.breakEven }
    script.venue.protectError = .rejected(.triggerPassed, code: 110_092)
    script.move("BTCUSDT", to: "60900")
    script.pass(.seconds(1))
    #expect(script.effects.closes.count == 1)
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `a close that is refused is tried again until the position is gone`() {
    var script = entered { $0.timeLimit = TimeLimit(after: .minutes(10)) }
    script.venue.closeErrors["BTCUSDT"] = [.unreachable("no route"), .unreachable("no route")]
    script.pass(.minutes(10))
    #expect(script.effects.closes.count == 3)
    #expect(script.venue.positions.isEmpty)
    #expect(
      script.effects.alerts.count { if case .closeFailed = $0 { true } else { false } } == 2)
  }

  // MARK: Trailing

  @Test
  func `the stop follows the best price and never goes back`() throws {
    var script = entered {
      $0.trailing = Self.trailing
      $0.target = nil
    }
    var stops: [Price] = []
    for price: Price in ["61100", "61200", "61600", "61000", "61300", "62000"] {
      script.move("BTCUSDT", to: price)
      script.pass(.seconds(3))
      stops.append(try #require(script.venue.positions["BTCUSDT"]?.stop))
    }
    #expect(stops == ["58200", "60588", "60984", "60984", "60984", "61380"])
  }

  @Test
  func `small gains are not worth a request, and two moves are a second apart`() {
    var script = entered {
      $0.trailing = Self.trailing
      $0.target = nil
    }
    script.move("BTCUSDT", to: "61200")
    script.pass(.seconds(3))
    script.move("BTCUSDT", to: "61250")
    script.pass(.seconds(3))
    #expect(script.effects.protections.count == 1)
    for step in 1...20 {
      script.move("BTCUSDT", to: Price(uncheckedCount: Int128(61_250 + step * 100) * 100_000_000))
      script.pass(.milliseconds(100))
    }
    #expect((2...4).contains(script.effects.protections.count))
  }

  @Test
  func `a stop that a person loosened stays, until there is a new best price`() {
    var script = entered {
      $0.trailing = Self.trailing
      $0.target = nil
    }
    script.move("BTCUSDT", to: "61200")
    script.pass(.seconds(3))
    script.venue.positions["BTCUSDT"]?.stop = "59000"
    script.pass(.seconds(10))
    #expect(script.effects.protections.count == 1)
    script.move("BTCUSDT", to: "61600")
    script.pass(.seconds(3))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60984")
  }

  @Test
  func `where the venue refuses, the old stop stays and it is tried ever more slowly`() {
    var script = entered {
      $0.trailing = Self.trailing
      $0.target = nil
    }
    script.venue.protectError = .rejected(.other)
    script.move("BTCUSDT", to: "61200")
    script.pass(.seconds(20))
    #expect((3...5).contains(script.effects.protections.count))
    #expect(script.effects.closes.isEmpty)
    script.venue.protectError = nil
    script.pass(.seconds(40))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60588")
  }

  @Test
  func `a stop that vanishes is set again where it had been moved to`() {
    var script = entered { $0.breakEven = Self.breakEven }
    script.move("BTCUSDT", to: "60900")
    script.pass(.seconds(3))
    script.venue.positions["BTCUSDT"]?.stop = nil
    script.pass(.seconds(8))
    #expect(script.effects.protections.last?.stop == "60096")
  }

  @Test
  func `what a stop has gained an add does not give away`() throws {
    var script = entered {
      $0.trailing = Self.trailing
      $0.target = nil
    }
    script.move("BTCUSDT", to: "61200")
    script.pass(.seconds(3))
    script.venue.positions["BTCUSDT"]?.quantity = "0.01"
    script.venue.positions["BTCUSDT"]?.entryPrice = "60600"
    script.send(
      .account(
        .fill(
          Fill(
            executionID: "add", orderID: try #require(script.effects.entries.first?.id),
            venueOrderID: "v", symbol: "BTCUSDT", side: .buy, price: "61200", quantity: "0.005",
            fee: "0.1", time: script.now))))
    script.pass(.seconds(10))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "60588")
    #expect(script.effects.protections.allSatisfy { $0.stop ?? "0" >= "60588" })
  }

  @Test
  func `after a restart the stop on the venue is where it goes on from`() {
    var venue = ScriptedAccount()
    venue.prices["BTCUSDT"] = "61200"
    venue.open("BTCUSDT", .long, "0.005", at: "60000", stop: "60800", now: .noon)
    let trip = RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "0.005", averageEntry: "60000", entries: 1)
    var state = RestoredState(openRoundTrips: [trip], lastFillAt: .noon)
    state.positions = [.settled(at: "60000", stop: "60800")]
    var script = Script(
      { $0.liquidation!.defaults.exits.trailing = Self.trailing }, restored: state, venue: venue)
    script.pass(.seconds(10))
    #expect(script.effects.protections.isEmpty)
    script.move("BTCUSDT", to: "62000")
    script.pass(.seconds(3))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "61380")
  }

  @Test(arguments: [(TriggerSource.last, 0), (.mark, 1)])
  func `it is judged by the price that the setting names, and the venue is told which`(
    trigger: TriggerSource, moves: Int
  ) {
    var script = entered {
      $0.breakEven = Self.breakEven
      $0.trigger = trigger
    }
    #expect(script.effects.entries.first?.trigger == trigger)
    script.send(
      .market(
        .ticker(Ticker(venue: .bybit, symbol: "BTCUSDT", mark: "61000", time: script.now))))
    script.send(.tick)
    #expect(script.effects.protections.count == moves)
    #expect(script.effects.protections.allSatisfy { $0.trigger == trigger })
  }

  // MARK: Time

  @Test
  func `a position is closed when its time is up`() {
    var script = entered { $0.timeLimit = TimeLimit(after: .minutes(10)) }
    script.pass(.minutes(9))
    #expect(script.effects.closes.isEmpty)
    script.pass(.minutes(1))
    #expect(script.effects.closes.count == 1)
    #expect(reasons(script) == ["time"])
  }

  @Test
  func `winners stay where they are spared, and go when they are none any more`() {
    var script = entered {
      $0.timeLimit = TimeLimit(after: .minutes(10), sparesProfit: true)
    }
    script.move("BTCUSDT", to: "60500")
    script.pass(.minutes(11))
    #expect(script.effects.closes.isEmpty)
    script.move("BTCUSDT", to: "60000")
    script.pass(.seconds(1))
    #expect(script.effects.closes.count == 1)
  }

  @Test
  func `halted, the engine manages nothing, and the stop stays where it is`() {
    var script = entered {
      $0.breakEven = Self.breakEven
      $0.timeLimit = TimeLimit(after: .minutes(1))
    }
    script.command(1, .kill(flatten: false))
    script.move("BTCUSDT", to: "61000")
    script.pass(.minutes(2))
    #expect(script.effects.protections.isEmpty && script.effects.closes.isEmpty)
  }

  // MARK: ATR

  private static func candles(from first: Int64, to last: Int64) -> [Candle] {
    (first...last).map { minute in
      Candle(
        symbol: "BTCUSDT", interval: .oneMinute, openTime: .noon + .minutes(minute - 1),
        open: "60000", high: "60150", low: "59850", close: "60000", volume: .zero,
        turnover: .zero, isClosed: true)
    }
  }

  @Test
  func `stop and target in ATR, once it is known`() throws {
    var venue = ScriptedAccount()
    venue.candles["BTCUSDT"] = Self.candles(from: -100, to: 5)
    let script = entered(venue: venue) {
      $0.stop = .ranges("2")
      $0.target = .ranges("3")
    }
    let entry = try #require(script.effects.entries.first)
    #expect(entry.stop == "59400" && entry.target == "60900")
  }

  @Test
  func `without an ATR nothing is entered, and why says so`() {
    var script = entered { $0.stop = .ranges("2") }
    #expect(script.effects.entries.isEmpty)
    #expect(script.engine.lastLook(at: "BTCUSDT")?.refusal?.name == "atr")
    script.venue.candles["BTCUSDT"] = Self.candles(from: -100, to: 5)
    script.pass(.seconds(10))
    script.liquidate()
    #expect(script.effects.entries.count == 1)
  }

  // Where the plan gives none, the distance of a position that brought none: 3 %.
  @Test(
    arguments: [
      (.share("0.01"), "59400"), (.ranges("2"), "58200"), (.price("55000"), "55000"),
      (.price("65000"), "58200"),
    ] as [(ExitDistance, Price)])
  func `a position that is found without a stop gets one, whatever the plan`(
    distance: ExitDistance, stop: Price
  ) {
    for error in [nil, VenueError.rejected(.other)] {
      var venue = ScriptedAccount()
      venue.open("BTCUSDT", .long, "0.005", at: "60000", now: .noon)
      venue.protectError = error
      let trip = RoundTrip(
        id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
        openedAt: .noon - .hours(1), quantity: "0.005", averageEntry: "60000", entries: 1)
      var script = Script(
        { $0.liquidation!.defaults.exits.stop = distance },
        restored: RestoredState(openRoundTrips: [trip], lastFillAt: .noon), venue: venue)
      script.pass(.seconds(3))
      #expect(script.effects.protections.first?.stop == stop)
      #expect(script.effects.protections.count == (error == nil ? 1 : 3))
      #expect(script.venue.positions.isEmpty == (error != nil))
    }
  }

  @Test
  func `no candles are asked for where nothing is measured in ATR`() {
    var script = entered { _ in }
    script.pass(.minutes(2))
    #expect(!script.effects.contains { if case .readCandles = $0 { true } else { false } })
  }
}
