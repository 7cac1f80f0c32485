import Risk
import TestSupport
import Testing
import TradingModel

struct MarginWatchTests {
  private func view(_ use: Ratio) -> MarginView {
    MarginView(initialUse: use, maintenanceUse: nil, source: .sum, exposure: .zero)
  }

  /// Judges uses at milliseconds after noon.
  private func judge(_ watch: inout MarginWatch, _ steps: [(Int64, Ratio?)]) -> [MarginVerdict] {
    steps.flatMap { time, use in
      watch.judge(use.map(view), at: .noon + .milliseconds(time))
    }
  }

  @Test
  func `the warning comes after 5 s above 80%, and once`() {
    var watch = MarginWatch(settings: RiskSettings())
    #expect(judge(&watch, [(0, "0.80"), (9000, "0.80")]).isEmpty)
    #expect(judge(&watch, [(10_000, "0.80000001"), (14_999, "0.81")]).isEmpty)
    #expect(judge(&watch, [(15_000, "0.824")]) == [.warn(use: "0.824")])
    #expect(watch.state == .warned)
    #expect(judge(&watch, [(30_000, "0.83")]).isEmpty)
  }

  @Test(
    arguments: [
      (MarginSettings.Mode.levels, "0.6", false), (.levels, "0.60000001", true),
      (.tiers, "0.59999999", false), (.tiers, "0.6", true),
    ] as [(MarginSettings.Mode, Ratio, Bool)])
  func `a level is passed above it, a tier begins at it`(
    mode: MarginSettings.Mode, use: Ratio, isTold: Bool
  ) {
    var settings = RiskSettings()
    settings.margin.mode = mode
    settings.limits.marginWarn = MarginTier.alert
    var watch = MarginWatch(settings: settings)
    #expect(judge(&watch, [(0, use), (5000, use)]) == (isTold ? [.warn(use: use)] : []))
  }

  @Test
  func `a dip to the limit, or a moment unknown, starts the 5 s anew`() {
    for gap: Ratio? in ["0.80", nil] {
      var watch = MarginWatch(settings: RiskSettings())
      #expect(judge(&watch, [(0, "0.9"), (4000, gap), (5000, "0.9"), (9999, "0.9")]).isEmpty)
      #expect(judge(&watch, [(10_000, "0.9")]) == [.warn(use: "0.9")])
    }
  }

  @Test
  func `it is over after 30 s under 75%, with how long it took and the peak`() {
    var watch = MarginWatch(settings: RiskSettings())
    _ = judge(&watch, [(0, "0.81"), (5000, "0.82"), (6000, "0.95")])
    #expect(judge(&watch, [(10_000, "0.75"), (60_000, "0.75")]).isEmpty)
    #expect(judge(&watch, [(61_000, "0.74"), (90_999, "0.74")]).isEmpty)
    #expect(watch.state == .warned)
    #expect(
      judge(&watch, [(91_000, "0.7")])
        == [.normal(use: "0.7", after: .seconds(86), peak: "0.95")])
    #expect(watch.state == .normal)
  }

  @Test
  func `use that swings around 80% for an hour warns once`() {
    var watch = MarginWatch(settings: RiskSettings())
    let steps = (0..<360).map { (Int64($0) * 10_000, Ratio.percent($0 % 4 < 2 ? 81 : 79)) }
    #expect(judge(&watch, steps) == [.warn(use: .percent(81))])
  }

  @Test
  func `above 100% blocks at once, and ends under 95%`() {
    var watch = MarginWatch(settings: RiskSettings())
    #expect(judge(&watch, [(0, "1")]).isEmpty)
    #expect(judge(&watch, [(1000, "1.00000001")]) == [.blocked(use: "1.00000001")])
    #expect(judge(&watch, [(2000, "1.2"), (3000, "0.95")]).isEmpty)
    #expect(watch.state == .blocked)
    #expect(judge(&watch, [(4000, "0.94")]) == [.unblocked(use: "0.94")])
    #expect(judge(&watch, [(5000, "0.6"), (34_999, "0.6")]).isEmpty)
    #expect(
      judge(&watch, [(35_000, "0.6")])
        == [.normal(use: "0.6", after: .seconds(34), peak: "1.2")])
  }

  @Test
  func `the time it took counts from the warning, though it blocked in between`() {
    var watch = MarginWatch(settings: RiskSettings())
    _ = judge(&watch, [(0, "0.9"), (5000, "0.9"), (20_000, "1.1"), (30_000, "0.5")])
    #expect(
      judge(&watch, [(60_000, "0.5")])
        == [.normal(use: "0.5", after: .seconds(55), peak: "1.1")])
  }
}

struct MarginReductionTests {
  private func watch(_ mode: MarginSettings.Mode, at uses: Ratio...) -> MarginWatch {
    var settings = RiskSettings()
    settings.margin.mode = mode
    var watch = MarginWatch(settings: settings)
    for (second, use) in uses.enumerated() {
      _ = watch.judge(
        MarginView(initialUse: use, maintenanceUse: nil, source: .sum, exposure: .zero),
        at: .noon + .seconds(second))
    }
    return watch
  }

  @Test(arguments: [("1", nil), ("1.00000001", "0.2"), ("3", "0.2")] as [(Ratio, Ratio?)])
  func `above the block a fixed share is closed, at it nothing`(use: Ratio, share: Ratio?) {
    #expect(watch(.levels, at: use).share(toCloseAt: use) == share)
  }

  @Test
  func `between its end and the block nothing more is closed, though entries stay blocked`() {
    let watch = watch(.levels, at: "1.1", "0.97")
    #expect(watch.state == .blocked)
    #expect(watch.share(toCloseAt: "0.97") == nil)
  }

  @Test(
    arguments: [
      ("0.69999999", nil), ("0.7", "0.25"), ("0.79999999", "0.25"), ("0.8", "0.33"),
      ("0.89999999", "0.33"), ("0.9", "1"),
    ] as [(Ratio, Ratio?)])
  func `the tiers begin at their figure`(use: Ratio, share: Ratio?) {
    #expect(watch(.tiers, at: use).share(toCloseAt: use) == share)
  }

  @Test(
    arguments: [("0.7", "0.6", "0.60000001"), ("0.8", "0.58", "0.58000001")]
      as [(Ratio, Ratio, Ratio)])
  func `a tier goes on until it is down to its end, by the mildest share`(
    from: Ratio, end: Ratio, above: Ratio
  ) {
    #expect(watch(.tiers, at: from, above).share(toCloseAt: above) == .percent(25))
    let done = watch(.tiers, at: from, above, end)
    #expect(done.state == .warned)
    #expect(done.share(toCloseAt: end) == nil)
  }

  @Test
  func `one at a time, with a pause, and everything after the last`() {
    var settings = MarginSettings()
    settings.maxReductions = 2
    var reductions = MarginReductions(settings: settings)
    #expect(reductions.due(share: nil, at: .noon) == nil)
    #expect(reductions.due(share: "0.2", at: .noon) == .reduce(share: "0.2", number: 1))
    reductions.ended(at: .noon + .seconds(3))
    #expect(reductions.due(share: "0.2", at: .noon + .seconds(62)) == nil)
    let second = Timestamp.noon + .seconds(63)
    #expect(reductions.due(share: "0.2", at: second) == .reduce(share: "0.2", number: 2))
    reductions.ended(at: second)
    #expect(reductions.due(share: "0.2", at: second + .seconds(59)) == nil)
    let last = second + .seconds(60)
    #expect(reductions.due(share: "0.2", at: last) == .closeAll(reductions: 2))
    // Told once, however long it takes.
    #expect(reductions.due(share: "0.2", at: last + .minutes(10)) == nil)
  }

  @Test
  func `back under the level it is counted anew, but not before the pause is over`() {
    var reductions = MarginReductions(settings: MarginSettings())
    _ = reductions.due(share: "0.2", at: .noon)
    reductions.ended(at: .noon)
    reductions.calm()
    #expect(reductions.due(share: "0.2", at: .noon + .seconds(59)) == nil)
    #expect(
      reductions.due(share: "0.2", at: .noon + .seconds(60)) == .reduce(share: "0.2", number: 1))
  }

  @Test
  func `where everything is to be closed no pause is kept`() {
    var reductions = MarginReductions(settings: MarginSettings())
    _ = reductions.due(share: "0.33", at: .noon)
    #expect(reductions.due(share: .one, at: .noon + .seconds(1)) == .closeAll(reductions: 1))
  }
}

/// Where the figures come from. Equity 350: 84 is 24%, 285 is 81.43%, 360 is 102.86%.
struct MarginViewTests {
  private func figures(
    _ wallet: Wallet, _ positions: [Position] = [], _ orders: [Order] = []
  ) -> MarginView? {
    MarginWatch.view(wallet: wallet, positions: positions, orders: orders)
  }

  @Test(arguments: [("84", "0.24"), ("285", "0.81428571"), ("360", "1.02857143"), ("0", "0")])
  func `in isolated margin it is the sum of initial margins over equity`(
    margin: String, use: String
  ) throws {
    var wallet = try Wallet.example(equity: "350", initialMargin: Notional(margin))
    wallet.initialMarginRate = "0.01"
    wallet.maintenanceMargin = "7"
    let view = try #require(figures(wallet))
    #expect(view.initialUse == (try Ratio(use)))
    #expect(view.maintenanceUse == "0.02")
    #expect(view.source == .sum)
  }

  @Test(arguments: [MarginMode.cross, .portfolio])
  func `in cross and portfolio margin it is the venue's account rate`(mode: MarginMode) {
    var wallet = Wallet.example(equity: "350", initialMargin: "360")
    wallet.marginMode = mode
    wallet.initialMarginRate = "0.3"
    wallet.maintenanceMarginRate = "0.02"
    #expect(
      figures(wallet, [.example("ADAUSDT", quantity: "350", entry: "1", mark: "2")])
        == MarginView(
          initialUse: "0.3", maintenanceUse: "0.02", source: .accountRate, exposure: "2"))
  }

  // 200 coins at 0.52 and 50 at 2, 3x: 19.43%.
  @Test
  func `where the venue gives no sum it is ours, of positions and of orders that open`() {
    func position(_ symbol: Symbol, _ quantity: Quantity, _ price: Price) -> Position {
      var position = Position.example(
        symbol, quantity: quantity, entry: price, mark: price)
      position.leverage = .times(3)
      return position
    }
    func order(_ symbol: Symbol, reduceOnly: Bool = false) -> Order {
      Order(
        id: ClientOrderID("x"), venueID: "1", symbol: symbol, side: .buy, quantity: "40",
        filled: "10", kind: .limit("1", .goodTillCancelled), reduceOnly: reduceOnly,
        status: .partiallyFilled, createdAt: .noon, updatedAt: .noon)
    }
    let wallet = Wallet.example(equity: "350", initialMargin: nil)
    let held = [position("ADAUSDT", "200", "0.52"), position("XRPUSDT", "50", "2")]
    #expect(figures(wallet, held)?.initialUse == "0.19428571")
    #expect(figures(wallet, held)?.maintenanceUse == nil)

    // 30 coins at 1: at 3x 10 USDT beside the position, all 30 where no leverage is known.
    #expect(figures(wallet, held, [order("ADAUSDT")])?.initialUse == "0.22285714")
    #expect(figures(wallet, held, [order("SOLUSDT")])?.initialUse == "0.28")
    #expect(figures(wallet, held, [order("SOLUSDT", reduceOnly: true)])?.initialUse == "0.19428571")
  }

  @Test
  func
    `a position whose margin and leverage are unknown makes the whole unknown, and not all of it`()
  {
    let wallet = Wallet.example(equity: "350", initialMargin: nil)
    var position = Position.example("ADAUSDT", quantity: "200", entry: "0.52", mark: "0.52")
    position.initialMargin = nil
    position.leverage = nil
    #expect(figures(wallet, [position]) == nil)
    position.initialMargin = "35"
    #expect(figures(wallet, [position])?.initialUse == "0.1")
  }

  @Test(arguments: ["0", "-1"])
  func `without equity nothing can be said`(equity: String) throws {
    #expect(figures(.example(equity: try Notional(equity), initialMargin: "1")) == nil)
  }
}
