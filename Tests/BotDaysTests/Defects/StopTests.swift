import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with stops.
struct StopTests {
  /// a2: the stop was computed from the ticker and placed anew each cycle, so it walked with the price.
  @Test func `a stop does not walk with the price`() throws {
    let scene = Scene()
    let stop = try #require(scene.buys("BTCUSDT")?.stop)
    scene.venue.jump("BTCUSDT", by: .percent(-1))
    scene.day.pass(.seconds(60))
    #expect(scene.position("BTCUSDT")?.stop == stop)
    scene.holds()
  }

  /// a3: stops were rounded to three decimals: a short at 0.001719 got one 16 % away.
  @Test func `a stop of a coin at 0.0095 stands where it was meant, on the coin's own tick`() throws
  {
    let scene = Scene { $0.engine.allowlist = ["1000PEPEUSDT"] }
    let position = try #require(scene.buys("1000PEPEUSDT"))
    let stop = try #require(position.stop)
    let share = try stop.distance(from: position.entryPrice).magnitude
    #expect(share > .basisPoints(280) && share < .basisPoints(320))
    let tick = try #require(scene.venue.paper.instrument("1000PEPEUSDT")?.tickSize)
    #expect(stop.isMultiple(of: tick))
    scene.holds()
  }

  /// a19: a stop as a limit order stayed unfilled in a fast move.
  @Test func `a stop is filled when the market jumps far through it`() throws {
    let scene = Scene()
    let position = try #require(scene.buys("BTCUSDT"))
    scene.venue.jump("BTCUSDT", by: .percent(-8))
    scene.day.pass(.seconds(20))
    let exit = try #require(
      scene.venue.paper.executions(since: scene.day.plan.start).map(\.fill)
        .last { $0.symbol == "BTCUSDT" && !$0.closedQuantity.isZero && $0.role == .stop })
    #expect(exit.closedQuantity == position.quantity)
    scene.holds()
  }

  /// c7: a stop was booked at its own price. c3: what stood beside it closed a second time.
  @Test func `a stop's result is that of its fill, and nothing stands there afterwards`() throws {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    let stop = try #require(scene.buys("BTCUSDT")?.stop)
    scene.say("/pause")
    scene.venue.jump("BTCUSDT", by: .percent(-8))
    scene.day.pass(.minutes(8))
    let trip = try #require(scene.day.store.trips.last { $0.closedAt != nil })
    let exit = try #require(trip.averageExit)
    #expect(exit < stop)
    #expect(trip.reasonOut == "stop")
    #expect(scene.venue.paper.openOrders(of: "BTCUSDT").isEmpty)
    #expect(scene.position("BTCUSDT") == nil)
    scene.holds()
  }

  /// d8: the emergency close was not reduce-only. And: a fill whose stop the venue did not take.
  @Test func `a position whose stop can't be set is closed, and nothing is opened by that`() throws
  {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    let position = try #require(scene.buys("BTCUSDT"))
    scene.say("/pause")
    for _ in 0..<8 {
      scene.venue.script(
        .protect, .refused(.unreachable("connection refused"), after: .milliseconds(20)))
    }
    scene.day.removeStopByHand(position)
    scene.day.pass(.seconds(40))
    #expect(scene.position("BTCUSDT") == nil)
    #expect(scene.positions.isEmpty)
    scene.holds()
  }

  /// The stop of a hand-made position is the hand's, unless it is to be protected.
  @Test(arguments: [true, false])
  func `a position by hand gets a stop only where that is asked for`(isProtected: Bool) throws {
    let scene = Scene { $0.engine.protectManual = isProtected }
    scene.day.openByHand("ETHUSDT", .long, share: .percent(5))
    scene.day.pass(.seconds(30))
    #expect((try #require(scene.position("ETHUSDT")).stop != nil) == isProtected)
    scene.holds()
  }
}
