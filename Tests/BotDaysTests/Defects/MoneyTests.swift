import EngineCore
import Simulation
import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with figures: prices, sizes, results, balances, days.
struct MoneyTests {
  private func scene(_ change: (inout DayPlan) -> Void = { _ in }, flaws: Flaws = Flaws()) -> Scene
  {
    Scene(
      {
        $0.engine.allowlist = ["BTCUSDT"]
        change(&$0)
      }, flaws: flaws)
  }

  /// b6: the entry price was read from an answer that does not have it.
  @Test func `the entry is the fill's price, not the signal's, and the stop is measured from it`()
    throws
  {
    let scene = scene()
    scene.venue.jump("BTCUSDT", by: .percent(-2))
    scene.day.pass(.seconds(5))
    let seen = try #require(scene.venue.price(of: "BTCUSDT"))
    scene.venue.script(.place, .answered(there: .seconds(3), back: .milliseconds(30)))
    scene.longsAreLiquidated("BTCUSDT")
    scene.day.pass(.seconds(1))
    scene.venue.jump("BTCUSDT", by: .basisPoints(60))
    scene.day.pass(.seconds(20))
    let position = try #require(scene.position("BTCUSDT"))
    #expect(try position.entryPrice.distance(from: seen) > .basisPoints(40))
    let trip = try #require(scene.day.store.trips.last)
    #expect(trip.averageEntry == position.entryPrice)
    let share = try #require(position.stop).distance(from: position.entryPrice).magnitude
    #expect(share > .basisPoints(298) && share < .basisPoints(301), "\(share)")
    scene.holds()
  }

  /// b5: profit was multiplied by the leverage.
  @Test func `a result is price times size, whatever the leverage`() throws {
    let scene = scene { $0.engine.liquidation?.defaults.leverage = .times(10) }
    let position = try #require(scene.buys("BTCUSDT"))
    #expect(position.leverage == .times(10))
    scene.venue.jump("BTCUSDT", by: .percent(1))
    scene.day.pass(.seconds(5))
    let price = try #require(scene.venue.price(of: "BTCUSDT"))
    let open = try #require(scene.day.snapshot?.positions.first?.profit)
    let truth = price * position.quantity - position.entryPrice * position.quantity
    #expect((open - truth).magnitude < truth.magnitude.half)
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(20))
    let trip = try #require(scene.day.store.trips.last)
    let exit = try #require(trip.averageExit)
    let result = exit * trip.quantity - trip.averageEntry * trip.quantity
    #expect((trip.realised - result).magnitude < .usdt(1))
    let day = try #require(scene.day.snapshot?.day)
    let share = try trip.net.ratio(to: day.baseline.equity)
    #expect(day.result.magnitude <= share.magnitude + .basisPoints(5))
    scene.holds()
  }

  /// a4: a reading without the open result was an error that nobody saw, and nothing worked after it.
  @Test func `a reading that does not tell the open result is one all the same`() throws {
    var flaws = Flaws()
    flaws.reading = { reading in
      var reading = reading
      for place in reading.positions.indices { reading.positions[place].unrealised = nil }
      return reading
    }
    flaws.event = { event in
      guard case .account(.position(let key, var position?, let time)) = event else { return event }
      position.unrealised = nil
      return .account(.position(key, position, at: time))
    }
    let scene = scene({ $0.engine.allowlist = ["BTCUSDT", "ETHUSDT"] }, flaws: flaws)
    _ = try #require(scene.buys("BTCUSDT"))
    scene.venue.jump("BTCUSDT", by: .percent(-1))
    scene.day.pass(.seconds(20))
    #expect(try #require(scene.day.snapshot?.positions.first?.profit) < .zero)
    #expect(scene.buys("ETHUSDT") != nil)
    scene.say("/positions")
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(20))
    #expect(scene.positions.map(\.symbol) == ["ETHUSDT"])
    scene.holds()
  }

  /// b18: days were those of the machine's place. What was lost yesterday is no loss of today.
  @Test func `a day begins at midnight of UTC, with a baseline of its own`() throws {
    let last = UTCDay(year: 2026, month: 11, day: 20)
    let next = UTCDay(year: 2026, month: 11, day: 21)
    let scene = scene { $0.start = last.start + .hours(23) + .minutes(50) }
    let first = try #require(scene.day.store.baseline(of: last))
    scene.day.openByHand("ETHUSDT", .long, share: .percent(100))
    scene.day.pass(.seconds(20))
    scene.venue.jump("ETHUSDT", by: .percent(-2))
    scene.day.pass(.minutes(5))
    #expect(scene.day.now.day == last)
    #expect(scene.day.store.baseline(of: next) == nil)
    #expect(try #require(scene.day.snapshot?.day?.result) < .percent(-1))
    scene.day.pass(.minutes(6))
    let second = try #require(scene.day.store.baseline(of: next))
    #expect(second.equity < first.equity)
    #expect(try #require(scene.day.snapshot?.day?.result).magnitude < .percent(1))
    scene.holds()
  }

  /// d19: orders were measured by the whole balance, though most of it was tied up.
  @Test func `what is tied up already buys nothing`() throws {
    let scene = scene {
      $0.engine.liquidation?.defaults.orderSize = .percent(20)
      $0.engine.risk.maxPositionShare[.liquidation] = .one
      $0.engine.risk.maxExposure = .times(10)
      $0.engine.risk.limits.marginWarn = .times(2)
      $0.engine.risk.limits.marginBlock = .times(3)
    }
    scene.day.openByHand("ETHUSDT", .long, share: .percent(860))
    scene.day.pass(.seconds(20))
    let wallet = scene.venue.paper.wallet(at: scene.venue.now)
    #expect(wallet.available < wallet.balance.half.half)
    scene.buys("BTCUSDT")
    #expect(scene.day.ledger.noted.isEmpty)
    scene.day.closeByHand(try #require(scene.position("ETHUSDT")), share: .one)
    scene.day.pass(.seconds(20))
    #expect(scene.buys("BTCUSDT") != nil)
  }

  /// d20, b9: sizes and prices were rounded by digits, not by the contract's own step and tick.
  @Test(arguments: ["BTCUSDT", "XRPUSDT", "1000PEPEUSDT", "ETHUSDT"])
  func `what is sent lies on step and tick, however odd they are`(name: String) throws {
    let symbol = Symbol(venueName: name)
    let scene = scene { plan in
      plan.engine.allowlist = [symbol]
      plan.engine.liquidation?.defaults.exits.partials = [
        .init(.risks(.percent(50)), .percent(40))
      ]
      for place in plan.symbols.indices {
        plan.symbols[place].instrument.makeOdd()
      }
    }
    _ = try #require(scene.buys(symbol))
    scene.day.pass(.seconds(10))
    let position = try #require(scene.position(symbol))
    let rules = try #require(scene.venue.paper.instrument(symbol))
    #expect(position.quantity.isMultiple(of: rules.quantityStep))
    #expect(position.quantity >= rules.minQuantity)
    #expect(try #require(position.stop).isMultiple(of: rules.tickSize))
    #expect(try #require(position.target).isMultiple(of: rules.tickSize))
    let targets = scene.venue.paper.openOrders(of: symbol).filter { $0.limitPrice != nil }
    #expect(targets.count == 1)
    for order in targets {
      #expect(order.quantity.isMultiple(of: rules.quantityStep))
      #expect(try #require(order.limitPrice).isMultiple(of: rules.tickSize))
    }
    let refused = scene.day.lastLines.filter { $0.contains("refused") }
    #expect(refused.isEmpty)
    scene.holds()
  }

  /// b12: names with digits in them were no symbols.
  @Test func `a symbol with digits in its name is allowed, entered, shown and closed`() throws {
    let scene = scene()
    scene.say("/allow 1000pepe")
    #expect(scene.day.store.allowed.contains("1000PEPEUSDT"))
    _ = try #require(scene.buys("1000PEPEUSDT"))
    scene.say("/close 1000PEPE", tap: "Close 100%", waiting: .seconds(20))
    #expect(scene.position("1000PEPEUSDT") == nil)
    scene.holds()
  }
}

extension Notional {
  fileprivate var half: Notional { Notional(uncheckedCount: wideCount / 2) }
}

extension Instrument {
  /// A tick and a step that no number of digits tells: 0.25 and 0.003 where they were 0.1 and 0.001.
  fileprivate mutating func makeOdd() {
    tickSize = Price(uncheckedCount: tickSize.wideCount * 5 / 2)
    minPrice = tickSize
    quantityStep = Quantity(uncheckedCount: quantityStep.wideCount * 3)
    minQuantity = quantityStep
  }
}
