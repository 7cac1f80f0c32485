import EngineCore
import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with the ways a position is left.
struct ExitTests {
  /// One symbol, and exits as a test wants them.
  private func scene(_ change: (inout DayPlan) -> Void) -> Scene {
    Scene {
      $0.engine.allowlist = ["BTCUSDT"]
      change(&$0)
    }
  }

  private func price(_ entry: Price, up basisPoints: Int128) -> Price {
    Price(uncheckedCount: entry.wideCount * (10_000 + basisPoints) / 10_000)
  }

  /// b23: break-even was changed in memory only. a11: after it there was no stop at all.
  @Test func `break-even is a stop on the venue, which closes though no bot is there`() throws {
    let scene = scene { _ in }
    let entry = try #require(scene.buys("BTCUSDT")).entryPrice
    scene.venue.jump("BTCUSDT", by: .percent(2))
    scene.day.pass(.seconds(20))
    let stop = try #require(scene.position("BTCUSDT")?.stop)
    #expect(stop > entry)
    scene.day.kill(startingAgainAfter: nil)
    scene.venue.jump("BTCUSDT", by: .percent(-3))
    scene.day.pass(.seconds(20))
    #expect(scene.position("BTCUSDT") == nil)
    let exit = scene.venue.paper.executions(since: scene.day.plan.start).last
    #expect(exit?.fill.role == .stop)
    scene.holds()
  }

  /// b17: break-even at the bare entry loses the fees of both ways.
  @Test func `a position that is stopped at break-even has not lost its fees`() throws {
    let scene = scene { $0.engine.liquidation?.defaults.exits.target = nil }
    let entry = try #require(scene.buys("BTCUSDT")).entryPrice
    scene.say("/pause")
    scene.venue.jump("BTCUSDT", by: .percent(2))
    scene.day.pass(.seconds(10))
    #expect(try #require(scene.position("BTCUSDT")?.stop) >= price(entry, up: 15))
    for _ in 0..<300 where scene.position("BTCUSDT") != nil {
      scene.venue.jump("BTCUSDT", by: .basisPoints(-2))
      scene.day.pass(.seconds(1))
    }
    scene.day.pass(.seconds(10))
    let trip = try #require(scene.day.store.trips.last { $0.closedAt != nil })
    #expect(trip.reasonOut == "break-even")
    #expect(trip.net >= .zero, "\(trip)")
    scene.holds()
  }

  /// a11: the entry was not averaged on adds, and the stop at break-even not kept.
  @Test func `after an add the average is the venue's, and break-even is that of the average`()
    throws
  {
    let scene = scene { _ in }
    let first = try #require(scene.buys("BTCUSDT"))
    scene.venue.jump("BTCUSDT", by: .percent(-1))
    scene.day.pass(.seconds(5))
    scene.day.addByHand(first, share: .one)
    scene.day.pass(.seconds(20))
    let both = try #require(scene.position("BTCUSDT"))
    #expect(both.quantity > first.quantity && both.entryPrice < first.entryPrice)
    let trip = try #require(scene.day.store.trips.last)
    #expect(trip.closedAt == nil && trip.quantity == both.quantity)
    let tick = try #require(scene.venue.paper.instrument("BTCUSDT")?.tickSize)
    #expect(abs(trip.averageEntry.wideCount - both.entryPrice.wideCount) <= tick.wideCount)
    scene.venue.jump("BTCUSDT", by: .basisPoints(260))
    scene.day.pass(.seconds(10))
    let stop = try #require(scene.position("BTCUSDT")?.stop)
    #expect(stop >= price(both.entryPrice, up: 15) && stop < price(both.entryPrice, up: 20))
    scene.holds()
  }

  /// c2: the best price began at the entry, so that the stop could move back once it trailed.
  @Test func `a stop that trails goes up with the best price and never back`() throws {
    let scene = trailing()
    _ = try #require(scene.buys("BTCUSDT"))
    var last = Price.zero
    for step: Int32 in [120, -30, -10, 60, -20, 15, -30, 40, -35] {
      scene.venue.jump("BTCUSDT", by: .basisPoints(step))
      for _ in 0..<10 {
        scene.day.pass(.seconds(1))
        guard let position = scene.position("BTCUSDT") else { break }
        let stop = try #require(position.stop)
        #expect(stop >= last)
        last = stop
      }
    }
    let entry = try #require(scene.day.store.trips.last).averageEntry
    #expect(last > price(entry, up: 50))
    scene.holds()
  }

  private func trailing() -> Scene {
    scene {
      $0.engine.liquidation?.defaults.exits.target = nil
      $0.engine.liquidation?.defaults.exits.breakEven = nil
      $0.engine.liquidation?.defaults.exits.trailing = .init(
        after: .share(.percent(1)), callback: .share(.basisPoints(60)), step: .basisPoints(5))
    }
  }

  /// d16: stops that were moved were not saved, and after a restart the first one was set again.
  @Test func `a stop that was moved is where it was after a restart, and is not loosened`() throws {
    let scene = trailing()
    let entry = try #require(scene.buys("BTCUSDT")).entryPrice
    scene.say("/pause")
    scene.venue.jump("BTCUSDT", by: .percent(2))
    scene.day.pass(.seconds(20))
    let moved = try #require(scene.position("BTCUSDT")?.stop)
    #expect(moved > entry)
    scene.day.kill(startingAgainAfter: .seconds(2))
    scene.venue.jump("BTCUSDT", by: .basisPoints(-20))
    scene.day.pass(.seconds(60))
    #expect(try #require(scene.position("BTCUSDT")?.stop) >= moved)
    scene.venue.jump("BTCUSDT", by: .percent(1))
    scene.day.pass(.seconds(20))
    #expect(try #require(scene.position("BTCUSDT")?.stop) > moved)
    scene.holds()
  }

  /// d13: the target was at the far wall, wherever that was: behind the entry, or within the fees.
  @Test(arguments: [-100, 5])
  func `a target behind the entry, or within the fees, is no entry`(basisPoints: Int) throws {
    let scene = scene { plan in
      guard let symbol = plan.symbols.first(where: { $0.instrument.symbol == "BTCUSDT" }) else {
        return
      }
      plan.engine.liquidation?.defaults.exits.target =
        basisPoints < 0
        ? .price(
          price(symbol.price, up: -600).roundedDown(toMultipleOf: symbol.instrument.tickSize))
        : .share(.basisPoints(Int32(basisPoints)))
    }
    scene.buys("BTCUSDT")
    #expect(scene.day.ledger.noted.isEmpty)
    scene.holds()
  }

  /// d10: the old stop was cancelled before the new one was placed.
  @Test(arguments: [
    CallFate.lost, .refused(.unreachable("connection refused"), after: .milliseconds(20)),
    .failed(.malformed("body cut off"), there: .milliseconds(30), back: .milliseconds(30)),
    .refused(.unauthorised(code: 10_003, "the API key is unknown"), after: .milliseconds(20)),
  ])
  func `while a stop is being moved, whatever befalls that, one rests`(fate: CallFate) throws {
    let scene = trailing()
    _ = try #require(scene.buys("BTCUSDT"))
    for _ in 0..<3 { scene.venue.script(.protect, fate) }
    scene.venue.jump("BTCUSDT", by: .percent(2))
    for _ in 0..<200 {
      scene.day.pass(.milliseconds(100))
      #expect(scene.position("BTCUSDT")?.stop != nil)
    }
    scene.day.pass(.seconds(60))
    let position = try #require(scene.position("BTCUSDT"))
    #expect(try #require(position.stop) > position.entryPrice)
    scene.holds()
  }

  /// c9: the candle that still forms was counted, and what had just happened was its own measure.
  @Test func `a candle that is not closed is in no ATR`() throws {
    let scene = scene {
      $0.engine.liquidation?.defaults.exits.stop = .ranges(.times(4))
      $0.engine.liquidation?.defaults.exits.target = .share(.percent(2))
      $0.engine.liquidation?.defaults.exits.range = .init(length: 3)
    }
    // Candles are read two seconds after a minute has begun: what happens in those two is in the one
    // that forms, and in no other.
    scene.day.pass(.minutes(8) + .seconds(40))
    #expect(scene.day.now.seconds % 60 == 0)
    let position = try #require(scene.buys("BTCUSDT"))
    let share = try #require(position.stop).distance(from: position.entryPrice).magnitude
    #expect(share > .basisPoints(5) && share < .percent(1), "\(share)")
    scene.holds()
  }

  /// A restart after a part was taken off told of a difference that there was not.
  @Test func `after a restart a position that has lost a part is as expected`() throws {
    let scene = Scene {
      $0.engine.allowlist = ["XRPUSDT"]
      $0.engine.liquidation?.defaults.exits.partials = [
        .init(.risks(.percent(20)), .percent(33)), .init(.risks(.percent(150)), .percent(33)),
      ]
      $0.engine.liquidation?.defaults.exits.target = nil
    }
    let whole = try #require(scene.buys("XRPUSDT")).quantity
    scene.say("/pause")
    for _ in 0..<12 {
      scene.venue.jump("XRPUSDT", by: .basisPoints(10))
      scene.day.pass(.seconds(3))
    }
    let left = try #require(scene.position("XRPUSDT")).quantity
    #expect(left < whole)
    scene.day.pass(.minutes(5))
    scene.day.kill(startingAgainAfter: .seconds(2))
    scene.day.pass(.seconds(30))
    #expect(!scene.day.lastLines.contains { $0.contains("reconciled(") })
    let targets = scene.venue.paper.openOrders(of: "XRPUSDT").filter { $0.limitPrice != nil }
    #expect(targets.count == 1)
    scene.holds()
  }

  /// Targets that were left beside a closed position opened the next one.
  @Test func `when a position is closed, no target of it is left`() throws {
    let scene = scene {
      $0.engine.liquidation?.defaults.exits.partials = [.init(.risks(.percent(50)), .percent(50))]
    }
    _ = try #require(scene.buys("BTCUSDT"))
    scene.day.pass(.seconds(10))
    #expect(scene.venue.paper.openOrders(of: "BTCUSDT").contains { $0.limitPrice != nil })
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(20))
    #expect(scene.venue.paper.openOrders(of: "BTCUSDT").isEmpty)
    scene.holds()
  }
}
