import EngineCore
import Risk
import TestSupport
import Testing
import TradingModel

/// 10,000 USDT, and positions that tie up their whole size: 0.12 BTC are 72%, 1 ETH is 30%.
struct MarginTests {
  private func script(
    _ change: (inout EngineSettings) -> Void = { _ in }, bitcoin: Quantity = "0.12",
    ether: Quantity = "1", margin: Notional? = nil
  ) -> Script {
    var venue = ScriptedAccount()
    venue.initialMargin = margin
    venue.tiesUpWholeSize = true
    if !bitcoin.isZero { venue.open("BTCUSDT", .long, bitcoin, stop: "40000", now: .noon) }
    if !ether.isZero { venue.open("ETHUSDT", .long, ether, stop: "2000", now: .noon) }
    return Script(change, venue: venue)
  }

  private func size(_ script: Script, _ symbol: Symbol) -> Quantity {
    script.venue.positions[PositionKey(symbol)]?.quantity ?? .zero
  }

  private func cuts(_ effects: [Effect]) -> [MarginCut] {
    effects.alerts.compactMap { if case .marginCut(let cut) = $0 { cut } else { nil } }
  }

  @Test
  func `above a hundred percent a fifth of every position goes, the largest margin first`() {
    var script = script()
    let effects = script.effects + script.pass(.seconds(10))
    #expect(
      cuts(effects)
        == [MarginCut(use: "1.02", share: "0.2", positions: 2, number: 1, most: 5)])
    #expect(effects.closes.map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
    #expect(effects.closes.map(\.quantity) == ["0.024", "0.2"])
    #expect(effects.closes.allSatisfy { $0.reduceOnly && $0.kind == .market })
    #expect(size(script, "BTCUSDT") == "0.096" && size(script, "ETHUSDT") == "0.8")
    #expect(script.snapshot.locks.isEmpty)
  }

  @Test
  func `what was done is told with the margin after it, and its end below ninety-five`() throws {
    var script = script()
    let effects = script.effects + script.pass(.seconds(10))
    let told = effects.alerts.compactMap { news -> (FlattenReport, Ratio?, Timestamp)? in
      guard case .marginCutDone(_, let report, let use, let next) = news else { return nil }
      return (report, use, next)
    }
    let (report, use, next) = try #require(told.first)
    #expect(told.count == 1)
    #expect(report.isFlat && report.items.count == 2)
    #expect(use == "0.816")
    #expect(next - script.now > .seconds(45))
    #expect(
      effects.alerts.contains {
        if case .marginUnblocked(use: "0.816", cuts: 1) = $0 { true } else { false }
      })
  }

  @Test
  func `at a hundred percent nothing is closed`() {
    var script = script(margin: "10000")
    script.pass(.seconds(20))
    #expect(script.effects.closes.isEmpty)
    script.venue.initialMargin = "10000.01"
    script.pass(.seconds(10))
    #expect(script.effects.closes.count == 2)
  }

  @Test
  func `while it stays above, a pause lies between two reductions`() {
    var script = script(margin: "10200")
    script.pass(.seconds(55))
    #expect(cuts(script.effects).map(\.number) == [1])
    script.pass(.seconds(15))
    #expect(cuts(script.effects).map(\.number) == [1, 2])
    #expect(size(script, "BTCUSDT") == "0.077")  // 0.096 − 0.0192, down to the step.
  }

  @Test
  func `after the fifth everything is closed and locked until a person unlocks`() throws {
    var script = script(margin: "10200")
    script.pass(.minutes(7), every: .milliseconds(500))
    #expect(cuts(script.effects).map(\.number) == [1, 2, 3, 4, 5])
    #expect(script.venue.positions.isEmpty)
    let lock = try #require(script.snapshot.locks.first)
    #expect(lock.kind == .panic && lock.isFlat)
    #expect(lock.reason == "margin in use 102.0% after 5 reductions")
    let closing = try #require(
      script.effects.firstIndex {
        if case .alert(let alert) = $0, case .marginCloseAll = alert.news { true } else { false }
      })
    let locked = try #require(
      script.effects.firstIndex {
        if case .record(.lock(let lock)) = $0 { lock.kind == .panic } else { false }
      })
    #expect(locked < closing, "the lock is committed first")
    #expect(
      script.effects.files.contains { if case .panicLock = $0 { true } else { false } })
    #expect(
      script.effects.alerts.contains { if case .flattened = $0 { true } else { false } })
  }

  @Test
  func `a margin that is not known closes nothing`() {
    var script = script(ether: "0.5")
    script.pass(.seconds(10))
    script.venue.readError = .unreachable("down")
    script.venue.initialMargin = "20000"
    script.pass(.minutes(3))
    #expect(script.effects.closes.isEmpty)
    script.venue.readError = nil
    script.pass(.seconds(20))
    #expect(!script.effects.closes.isEmpty)
  }

  @Test
  func `a price on the stream alone closes nothing`() {
    var script = script(bitcoin: "0.15", ether: "0")
    script.pass(.seconds(10))
    for _ in 0..<20 {
      script.now = script.now + .milliseconds(100)
      script.send(
        .market(
          .ticker(
            Ticker(
              venue: .bybit, symbol: "BTCUSDT", last: "52000", mark: "52000", time: script.now))))
      script.send(.tick)
    }
    #expect(script.effects.closes.isEmpty)
  }

  @Test
  func `long-term symbols are left alone, and nothing else to close is told once`() {
    var script = script({ $0.longterm = ["BTCUSDT"] })
    script.pass(.seconds(10))
    #expect(script.effects.closes.map(\.symbol) == ["ETHUSDT"])
    var stuck = self.script({ $0.longterm = ["BTCUSDT", "ETHUSDT"] })
    stuck.pass(.minutes(3))
    #expect(stuck.effects.closes.isEmpty)
    #expect(
      stuck.effects.alerts.count { if case .marginStuck = $0 { true } else { false } } == 1)
    #expect(stuck.snapshot.locks.isEmpty)
  }

  @Test
  func `the smallest order is closed where a fifth is less than it`() {
    var script = script(bitcoin: "0.004", ether: "3.4")
    script.pass(.seconds(10))
    #expect(script.effects.closes.map(\.quantity) == ["0.68", "0.001"])
  }

  @Test
  func `entries under way are cancelled first, stops are not`() {
    var script = script()
    script.venue.orders = [
      .resting("SOLUSDT", id: "liq-1-1", venueID: "o1"),
      .resting("BTCUSDT", venueID: "o2", side: .sell, role: .stop, trigger: "40000"),
    ]
    script.pass(.seconds(10))
    #expect(script.venue.orders.map(\.venueID) == ["o2"])
  }

  @Test
  func `what a person wants closed does not wait behind a reduction`() {
    var script = script()
    script.venue.closeErrors = ["BTCUSDT": [.unreachable("down")]]
    script.venue.isStubborn = true
    script.pass(.seconds(8))
    #expect(cuts(script.effects).count == 1)
    script.venue.closeErrors = [:]
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  // MARK: Tiers

  private func tiers(_ settings: inout EngineSettings) {
    settings.risk.margin.mode = .tiers
    settings.risk.limits.marginWarn = MarginTier.alert
    settings.risk.limits.marginBlock = .percent(70)
    settings.risk.limits.marginCut = .percent(25)
  }

  @Test
  func `in tiers seventy percent closes a quarter, down to sixty`() {
    var script = script(tiers, bitcoin: "0.12", ether: "0")
    script.pass(.seconds(10))
    #expect(script.effects.closes.map(\.quantity) == ["0.03"])
    #expect(script.snapshot.margin?.initialUse == "0.54")
    script.pass(.minutes(3))
    #expect(script.effects.closes.count == 1)
  }

  // 0.135 BTC are 81 %: a third is 0.044 after the step, which leaves 54.6 %.
  // 0.149 are 89.4 %: 0.049 leaves 60 %, above the 58 of that tier: 25 % more of what is left.
  @Test(
    arguments: [("0.135", ["0.044"]), ("0.149", ["0.049", "0.025"])]
      as [(Quantity, [Quantity])])
  func `in tiers eighty percent closes a third, down to fifty-eight`(
    size: Quantity, closed: [Quantity]
  ) {
    var script = script(tiers, bitcoin: size, ether: "0")
    script.pass(.minutes(5))
    #expect(script.effects.closes.map(\.quantity) == closed)
    let shares: [Ratio] = ["0.33", "0.25"]
    #expect(cuts(script.effects).map(\.share) == Array(shares.prefix(closed.count)))
    #expect(script.snapshot.locks.isEmpty)
  }

  @Test(arguments: [("5999.9999", false), ("6000", true)] as [(Notional, Bool)])
  func `the tier that only tells begins at sixty percent`(margin: Notional, isTold: Bool) {
    var script = script(tiers, bitcoin: "0.1", ether: "0", margin: margin)
    script.pass(.seconds(10))
    let told = script.effects.alerts.contains {
      if case .marginWarn = $0 { true } else { false }
    }
    #expect(told == isTold)
  }

  @Test
  func `in tiers ninety percent closes everything and locks`() {
    var script = script(tiers, bitcoin: "0.15", ether: "0")
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.map(\.kind) == [.panic])
    #expect(cuts(script.effects).isEmpty)
  }

  @Test
  func `in tiers sixty to seventy is told, and entries go on under seventy`() {
    var script = script(tiers, bitcoin: "0.11", ether: "0")
    script.pass(.seconds(10))
    #expect(
      script.effects.alerts.contains { if case .marginWarn = $0 { true } else { false } })
    #expect(script.effects.closes.isEmpty)
    let refusals = script.liquidate("ETHUSDT").refusals
    #expect(!refusals.contains { $0.hasPrefix("margin") })
  }

  @Test
  func `in tiers three failed readings in a row stop entries, until one works`() {
    var script = script(tiers, bitcoin: "0", ether: "0")
    script.pass(.seconds(1))
    script.venue.readError = .unreachable("down")
    script.pass(.seconds(11))
    #expect(!script.liquidate().refusals.contains { $0.contains("in a row") })
    script.pass(.seconds(5))
    #expect(script.liquidate().refusals.contains { $0.contains("in a row") })
    script.venue.readError = nil
    script.pass(.seconds(6))
    #expect(!script.liquidate().refusals.contains { $0.contains("in a row") })
  }
}
