import Strategies
import TestSupport
import Testing
import TradingModel

/// Which liquidations are signals.
struct LiquidationRuleTests {
  @Test
  func `a liquidated long under the VWAP is bought, with stop, target and reasons`() throws {
    let look = LiquidationScene().look()
    let intent = try #require(look.intent)
    #expect(intent.engine == .liquidation)
    #expect(intent.symbol == LiquidationScene.symbol)
    #expect(intent.side == .long)
    #expect(intent.price == "0.52")
    #expect(intent.stop == "0.5044")
    #expect(intent.target == "0.533")
    #expect(intent.size == .shareOfBalance(.percent(1), raiseLimit: .times(2)))
    #expect(intent.leverage == .times(3))
    #expect(intent.time == .noon)
    #expect(
      intent.reasons == [
        NamedValue("liquidated", "long"), NamedValue("venue", "binance"),
        NamedValue("liquidation", "520.00 USDT"), NamedValue("price", "0.52"),
        NamedValue("vwap", "0.5312"), NamedValue("distance", "2.1084% below"),
      ])
    #expect(look.refusal == nil)
    #expect(look.conditions.allSatisfy { $0.state == .passed && !$0.detail.isEmpty })
  }

  @Test
  func `a liquidated short over the VWAP is sold`() throws {
    let scene = LiquidationScene.with {
      $0.closed = .short
      $0.vwap = "0.4999"
    }
    let intent = try #require(scene.look().intent)
    #expect(intent.side == .short)
    #expect(intent.stop == "0.5356")
    #expect(intent.target == "0.507")
  }

  // VWAP 0.5312: bounds exactly 0.523232 and 0.552448; VWAP 0.00171: 0.00168435, which four
  // decimals would have made 0.0017.
  @Test(arguments: [
    (PositionSide.long, "0.5312", "0.523232", false),
    (.long, "0.5312", "0.52323199", true),
    (.long, "0.5312", "0.56", false),
    (.short, "0.5312", "0.552448", false),
    (.short, "0.5312", "0.55244801", true),
    (.short, "0.5312", "0.50", false),
    (.long, "0.00171", "0.0017", false),
    (.long, "0.00171", "0.00168435", false),
    (.long, "0.00171", "0.00168434", true),
    (.short, "0.00171", "0.0017784", false),
    (.short, "0.00171", "0.00177841", true),
  ])
  func `the price must lie strictly beyond the exact bound, on the side of the closed position`(
    closed: PositionSide, vwap: String, last: String, isSignal: Bool
  ) throws {
    let last = try Price(last)
    let vwap = try Price(vwap)
    let look = LiquidationScene.with {
      $0.closed = closed
      $0.vwap = vwap
      $0.last = last
      $0.instrument?.tickSize = "0.00000001"
    }.look()
    #expect((look.intent != nil) == isSignal)
    #expect(look.refusal?.name == (isSignal ? nil : "vwap-distance"))
  }

  @Test(arguments: [("25", false), ("25.00000001", true), ("0", false)])
  func `a liquidation must be worth more than the minimum`(
    quantity: String, isSignal: Bool
  ) throws {
    let quantity = try Quantity(quantity)
    let look = LiquidationScene.with {
      $0.price = "1"
      $0.quantity = quantity
    }.look()
    #expect((look.intent != nil) == isSignal)
    #expect(look.refusal?.name == (isSignal ? nil : "liquidation-size"))
  }

  @Test(arguments: [
    (Int64(5000), true), (5001, false), (0, true), (-5000, true), (-5001, false),
  ])
  func `a liquidation older than 5 s is no news, nor is one from the future`(
    milliseconds: Int64, isSignal: Bool
  ) {
    let look = LiquidationScene.with {
      $0.liquidatedAt = .noon - .milliseconds(milliseconds)
    }.look()
    #expect((look.intent != nil) == isSignal)
    #expect(look.refusal?.name == (isSignal ? nil : "age"))
  }

  @Test
  func `the price is the signal venue's last trade while it is fresh, else the executing venue's`()
  {
    var scene = LiquidationScene.with {
      $0.executingLast = "0.51"
      $0.lastAt = .noon - .seconds(10)
    }
    #expect(scene.look().intent?.price == "0.52")

    scene.lastAt = .noon - .milliseconds(10_001)
    #expect(scene.look().intent?.price == "0.51")

    scene.executingAt = .noon - .milliseconds(10_001)
    #expect(scene.look().refusal?.name == "price")
  }

  @Test
  func `the VWAP is the venue's while it is fresh, else our tape's, else unknown`() {
    var scene = LiquidationScene.with { $0.tapeVWAP = "0.53" }
    func vwap() -> String? { scene.look().intent?.reasons.first { $0.name == "vwap" }?.value }
    scene.vwapAt = .noon - .seconds(300)
    #expect(vwap() == "0.5312")
    scene.vwapAt = .noon - .milliseconds(300_001)
    #expect(vwap() == "0.53")
    scene.vwap = nil
    #expect(vwap() == "0.53")

    scene.tapeAt = .noon - .seconds(300)
    #expect(vwap() == "0.53")
    scene.tapeAt = .noon - .milliseconds(300_001)
    #expect(scene.look().refusal?.name == "vwap")
  }

  @Test
  func `a price or a VWAP of zero is unknown, not infinitely far away`() {
    #expect(LiquidationScene.with { $0.last = "0" }.look().refusal?.name == "price")
    let short = LiquidationScene.with {
      $0.closed = .short
      $0.vwap = "0"
    }
    #expect(short.look().refusal?.name == "vwap")
  }

  @Test
  func `a symbol follows its own parameters`() {
    var own = LiquidationParameters(leverage: .times(5), stopLoss: .percent(2))
    var scene = LiquidationScene()
    scene.settings.symbols[LiquidationScene.symbol] = own
    #expect(scene.look().intent?.leverage == .times(5))
    #expect(scene.look().intent?.stop == "0.5096")

    own.isEnabled = false
    scene.settings.symbols[LiquidationScene.symbol] = own
    #expect(scene.look().refusal?.name == "enabled")
  }

  @Test
  func `without the venue's rules there is no stop on the tick and so no signal`() {
    #expect(LiquidationScene.with { $0.instrument = nil }.look().refusal?.name == "instrument")
  }

  // The old bot rounded stops to three decimals: 16.3% instead of 3% for this coin.
  @Test
  func `stops of cheap coins stay within a tick of their distance, towards earlier triggering`()
    throws
  {
    let instrument = Instrument.example(
      LiquidationScene.symbol, tick: "0.000001", step: "1", minimum: "1")
    let levels = try ExitPlan().levels(
      ExitGround(side: .short, averageEntry: "0.001719"), instrument: instrument)
    #expect(levels.stop == "0.00177")
    #expect(levels.target == "0.001677")
  }
}
