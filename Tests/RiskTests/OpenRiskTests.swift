import Risk
import TestSupport
import Testing
import TradingModel

struct OpenRiskTests {
  private let free: RiskSettings = {
    var settings = RiskSettings()
    settings.stopSlippage = .zero
    settings.takerFee = .zero
    return settings
  }()

  // 2 coins at 100, the stop at 95: 10 USDT of way; of 190: 0.19 slippage, 0.1045 fee; 2 × 0.5.
  @Test
  func `a stop costs the way to it, slippage, spread and the fee`() {
    let settings = RiskSettings()
    #expect(settings.cost(ofStop: "95", at: "100", .long, "2", spread: .zero) == "10.2945")
    #expect(settings.cost(ofStop: "95", at: "100", .long, "2", spread: "0.5") == "11.2945")
    #expect(free.cost(ofStop: "95", at: "100", .long, "2", spread: .zero) == "10")
    #expect(free.cost(ofStop: "105", at: "100", .short, "2", spread: .zero) == "10")
  }

  @Test
  func `a stop beyond the market costs nothing more, never less`() {
    #expect(free.cost(ofStop: "105", at: "100", .long, "2", spread: .zero) == .zero)
    #expect(free.cost(ofStop: "95", at: "100", .short, "2", spread: .zero) == .zero)
  }

  @Test
  func `the worst case is today's result less what the stops cost`() {
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "10000", takenAt: .noon, isLate: false)
    let risk = OpenRisk(baseline: baseline, equity: "9900", loss: "150", unstopped: ["BTCUSDT"])
    #expect(
      risk.worstCase()
        == WorstCase(equity: "9750", net: "-250", result: "-0.025", unstopped: ["BTCUSDT"]))
    #expect(risk.worstCase(adding: "50")?.net == "-300")
  }

  @Test
  func `without a baseline, an equity or a stop of ours there is none`() {
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "10000", takenAt: .noon, isLate: false)
    #expect(OpenRisk(baseline: nil, equity: "9900").worstCase() == nil)
    #expect(OpenRisk(baseline: baseline, equity: nil).worstCase() == nil)
    #expect(
      OpenRisk(baseline: baseline, equity: "9900", unknown: ["BTCUSDT"]).worstCase() == nil)
  }

  // 20.1 coins at 0.52 with the stop at 0.5044: 0.31356 of way, 0.01013844 slippage and
  // 0.00557614 fee of 10.13844, 0.00201 spread, 0.01149 fees of both ways: 0.3427829 or so.
  @Test(arguments: [("17.1", false), ("17.2", true)])
  func `an entry whose stop would bring the day to its limit is refused`(
    lost: String, refuses: Bool
  ) throws {
    let loss = try Notional(lost)
    let scene = GateScene.with { $0.situation.openRisk.equity = "350" - loss }
    #expect(scene.refusedBy == (refuses ? ["open-risk"] : []))
    if refuses {
      let text = try #require(scene.refusals.first).text
      #expect(text.hasPrefix("if every stop filled the day would end at -5.0"))
      #expect(text.hasSuffix("the day stop is -5%"))
    }
  }

  @Test
  func `what open stops would cost counts as well`() {
    #expect(GateScene.with { $0.situation.openRisk.loss = "17.1" }.refusedBy.isEmpty)
    #expect(GateScene.with { $0.situation.openRisk.loss = "17.2" }.refusedBy == ["open-risk"])
  }

  @Test
  func `what is not known refuses, and a stop that has fired today asks nothing more`() {
    let unknown = GateScene.with { $0.situation.openRisk.baseline = nil }
    #expect(unknown.refusals.map(\.text) == ["today's result is not known"])
    let bare = GateScene.with { $0.situation.openRisk.unknown = ["BTCUSDT"] }
    #expect(bare.refusals.map(\.text) == ["what the stop of BTCUSDT would cost is not known"])
    let fired = GateScene.with {
      $0.situation.openRisk.baseline?.hasStopped = true
      $0.situation.openRisk.equity = "300"
    }
    #expect(fired.refusedBy.isEmpty)
  }
}

struct StartLossTests {
  private func watch(_ limit: Ratio? = "0.1", at equity: Notional = "1000") -> StartLossWatch {
    var settings = RiskSettings()
    settings.startLoss = limit
    var watch = StartLossWatch(settings: settings)
    #expect(watch.judge(equity: nil, at: .noon) == nil)
    #expect(watch.judge(equity: equity, at: .noon) == nil)
    return watch
  }

  @Test(arguments: [("900.01", false), ("900", true)] as [(Notional, Bool)])
  func `a tenth lost since the start is an emergency, once`(equity: Notional, fires: Bool) {
    var watch = watch()
    #expect(watch.isFiring(at: equity) == fires)
    #expect((watch.judge(equity: equity, at: .noon)?.result == "-0.1") == fires)
    // The next one counts from here.
    #expect(watch.judge(equity: "900", at: .noon) == nil || !fires)
    #expect(watch.judge(equity: "811", at: .noon) == nil || !fires)
  }

  @Test
  func `off by default, and an unknown equity is never judged`() {
    var off = watch(nil)
    #expect(off.judge(equity: "1", at: .noon) == nil)
    var on = watch()
    #expect(on.judge(equity: nil, at: .noon) == nil)
  }

  @Test
  func `money taken out is no loss, told twice it counts once, and older money not at all`() {
    var watch = watch()
    let out = Transfer(id: "t1", amount: "-200", time: .noon + .seconds(1))
    let before = Transfer(id: "t0", amount: "5000", time: .noon - .seconds(1))
    watch.take([before, out])
    watch.take([before, out])
    #expect(!watch.isFiring(at: "800"))
    #expect(!watch.isFiring(at: "720.01") && watch.isFiring(at: "720"))
    // A new day's list begins later: what was counted stays counted, though a list tells it again.
    watch.take([])
    #expect(!watch.isFiring(at: "800"))
    watch.take([out])
    #expect(!watch.isFiring(at: "720.01") && watch.isFiring(at: "720"))
  }
}
