import Strategies
import TestSupport
import Testing
import TradingModel

/// What a look says beside yes and no.
struct LiquidationLookTests {
  @Test
  func `every look names every condition in the same order, and stops at the first that fails`() {
    let names = [
      "source", "enabled", "age", "liquidation-size", "joined", "price", "vwap", "vwap-distance",
      "instrument",
    ]
    let look = LiquidationScene.with {
      $0.quantity = "1"
      $0.vwap = nil
    }.look()
    #expect(look.conditions.map(\.name) == names)
    #expect(
      look.conditions.map(\.state)
        == [.passed, .passed, .passed, .failed] + Array(repeating: .notReached, count: 5))
    #expect(look.refusal?.detail == "0.52 USDT, asked more than 25")
    #expect(LiquidationScene().look().conditions.map(\.name) == names)
  }

  @Test
  func `a refusal for distance says what was seen against what was asked`() {
    let look = LiquidationScene.with { $0.last = "0.53" }.look()
    #expect(
      look.refusal?.detail == "0.53 is 0.2259% below VWAP 0.5312, asked more than 1.5% below")
  }

  @Test(arguments: [
    (LiquidationSource.binance, Venue.binance, true), (.binance, .bybit, false),
    (.bybit, .bybit, true), (.bybit, .binance, false),
    (.both, .binance, true), (.both, .bybit, true), (.both, .paper, false),
  ])
  func `only the chosen venues are listened to`(
    source: LiquidationSource, venue: Venue, isSignal: Bool
  ) {
    let look = LiquidationScene.with {
      $0.settings.source = source
      $0.venue = venue
    }.look()
    #expect((look.intent != nil) == isSignal)
    #expect(look.refusal?.name == (isSignal ? nil : "source"))
  }

  @Test
  func `a signal's id is the same for the same liquidation and differs for any other`() {
    let base = LiquidationScene.with { $0.settings.source = .both }
    let id = base.look().intent?.id
    #expect(id == SignalID("liquidation:ADAUSDT:binance:long:1795176000000"))

    var later = base
    later.now = .noon + .seconds(3)
    #expect(later.look().intent?.id == id)

    var others = [base, base, base]
    others[0].venue = .bybit
    others[1].liquidatedAt = .noon + .milliseconds(1)
    others[2].closed = .short
    others[2].vwap = "0.4"
    let ids = others.map { $0.look().intent?.id }
    #expect(ids.allSatisfy { $0 != nil && $0 != id })
  }
}

/// Two venues telling of one cascade.
struct LiquidationJoiningTests {
  private func second(
    after first: LiquidationScene = .with { $0.settings.source = .both },
    _ change: (inout LiquidationScene) -> Void
  ) -> Look {
    var engine = LiquidationEngine(settings: first.settings)
    _ = first.look(of: &engine)
    var next = first
    next.venue = .bybit
    change(&next)
    return next.look(of: &engine)
  }

  @Test(arguments: [(Int64(2000), true), (2001, false), (-2000, true), (-2001, false)])
  func `the same side of a symbol on the other venue within 2 s is the same signal`(
    milliseconds: Int64, isJoined: Bool
  ) {
    let look = second { $0.liquidatedAt = .noon + .milliseconds(milliseconds) }
    #expect((look.intent == nil) == isJoined)
    #expect(look.refusal?.name == (isJoined ? "joined" : nil))
  }

  @Test
  func `another side, another event of the same venue, and one after a refusal stand alone`() {
    let opposite = second {
      $0.closed = .short
      $0.vwap = "0.4"
    }
    #expect(opposite.intent?.side == .short)
    #expect(second { $0.venue = .binance }.intent != nil)
    let small = LiquidationScene.with {
      $0.settings.source = .both
      $0.quantity = "1"
    }
    #expect(second(after: small) { $0.quantity = "1000" }.intent != nil)
  }
}

/// What must still be true at the gate.
struct LiquidationBasisTests {
  @Test
  func `the basis is gone once the price is back at the bound, and unknown without a price`()
    throws
  {
    let intent = try #require(LiquidationScene().look().intent)
    func basis(_ change: (inout LiquidationScene) -> Void) -> SignalBasis {
      LiquidationScene.with(change).basis(of: intent)
    }
    #expect(
      basis { _ in }
        == .holds("0.52 is 2.1084% below VWAP 0.5312, asked more than 1.5% below"))
    #expect(
      basis { $0.last = "0.523232" }
        == .gone("0.523232 is 1.5000% below VWAP 0.5312, asked more than 1.5% below"))
    #expect(basis { $0.last = nil } == .unknown("no trade within 10 s"))
    #expect(basis { $0.vwap = nil } == .unknown("no VWAP"))
  }
}
