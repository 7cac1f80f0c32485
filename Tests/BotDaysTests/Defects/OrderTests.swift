import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with orders.
struct OrderTests {
  private static let fates: [CallFate] = [
    .unanswered(there: .milliseconds(30)), .lost,
    .refused(.unreachable("connection reset"), after: .milliseconds(50)),
    .answered(there: .milliseconds(30), back: .seconds(15)),
    .answered(there: .seconds(15), back: .milliseconds(30)),
  ]

  /// b7: an order without an id of ours was sent again after a timeout, and stood there twice.
  @Test(arguments: fates)
  func `whatever befalls an entry on its way, it is at the venue once or not at all`(
    fate: CallFate
  ) throws {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    scene.venue.script(.place, fate)
    scene.buys("BTCUSDT", within: .seconds(90))
    let ids = scene.venue.paper.executions(since: scene.day.plan.start).map(\.fill)
      .filter { $0.orderID.owner == .engine(.liquidation) && $0.closedQuantity.isZero }
      .map(\.orderID)
    #expect(Set(ids).count <= 1)
    #expect(scene.day.snapshot?.positions.count == scene.positions.count)
    scene.holds()
  }

  /// A venue that wants to be left alone for ten seconds gets no entry after them that a lock forbids.
  @Test(arguments: [Duration.seconds(2), .seconds(10)])
  func `an entry that waits leaves neither past a lock nor unjudged`(wait: Duration) throws {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    scene.venue.script(
      .place, .refused(.rateLimited(retryAfter: wait), after: .milliseconds(30)))
    scene.venue.jump("BTCUSDT", by: .percent(-2))
    scene.day.pass(.seconds(5))
    scene.longsAreLiquidated("BTCUSDT")
    scene.day.pass(.milliseconds(300))
    scene.day.store.handFlag = FlagFile(reason: "by hand", time: scene.day.clock.now)
    scene.day.pass(.seconds(60))
    #expect(scene.day.ledger.entryCount == 0 && scene.positions.isEmpty)
    scene.holds()
  }

  /// a18: every event of a cascade sent an order.
  @Test func `a cascade of liquidations is no burst of orders`() {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    scene.venue.jump("BTCUSDT", by: .percent(-2))
    scene.day.pass(.seconds(5))
    scene.longsAreLiquidated("BTCUSDT", count: 40)
    scene.day.pass(.seconds(30))
    #expect((1...2).contains(scene.day.ledger.entryCount))
    scene.holds()
  }

  /// a14: step sizes stood in the program: one whole BTC for an intent of five dollars.
  @Test func `an intent under the venue's minimum is not blown up to it`() {
    let scene = Scene {
      $0.engine.allowlist = ["BTCUSDT"]
      $0.paper.balance = .usdt(500)
      $0.engine.liquidation?.defaults.orderSize = .percent(1)
    }
    #expect(scene.buys("BTCUSDT") == nil)
    #expect(scene.day.ledger.entryCount == 0)
    scene.holds()
  }

  /// b10: isolated margin was asked for in a way that the account did not take.
  @Test func `margin is isolated and the leverage set before the first entry`() throws {
    let scene = Scene { $0.paper.marginMode = .cross }
    let position = try #require(scene.buys("BTCUSDT"))
    #expect(scene.venue.settings(of: "BTCUSDT").marginMode == .isolated)
    #expect(position.initialMargin != nil)
    #expect(scene.venue.paper.wallet(at: scene.venue.now).marginMode == .isolated)
    scene.holds()
  }

  /// d14: a symbol whose order had failed was never traded again.
  @Test func `a refused entry does not bar its symbol for good`() throws {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    let refusal = Rejection(
      code: 110_007, reason: "not enough balance", meaning: .insufficientBalance)
    scene.venue.script(.place, .refused(.rejected(refusal), after: .milliseconds(20)))
    #expect(scene.buys("BTCUSDT", within: .seconds(60)) == nil)
    scene.day.pass(.minutes(10))
    #expect(scene.buys("BTCUSDT", within: .seconds(60)) != nil)
    scene.holds()
  }
}
