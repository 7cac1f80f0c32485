import EngineCore
import Risk
import TestSupport
import Testing
import TradingModel

/// Limits beside the day's and the margin's.
struct SafetyTests {
  private func isPanic(_ news: Alert.News) -> Bool {
    if case .startLoss = news { true } else { false }
  }

  // 0.1 BTC at 60,000 with its stop at 58,000: 200 of way, 5.8 slippage, 3.19 fee.
  @Test
  func `the snapshot tells what the day comes to if every stop fills`() {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", stop: "58000", now: .noon)
    var script = Script(venue: venue)
    script.pass(.seconds(6))
    #expect(script.snapshot.worstCase?.net == "-208.99")
    script.move("BTCUSDT", to: "61000")
    #expect(script.snapshot.worstCase?.net == "-208.99", "the stop has not moved")
  }

  @Test
  func `by hand without a stop it is left out and named, long-term it is no matter`() {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", now: .noon)
    venue.open("ETHUSDT", .long, "1", now: .noon)
    var script = Script({ $0.longterm = ["ETHUSDT"] }, venue: venue)
    script.pass(.seconds(6))
    #expect(script.snapshot.worstCase?.unstopped == ["BTCUSDT"])
    #expect(script.snapshot.worstCase?.net == .zero)
  }

  @Test
  func `an entry is refused where its stop would bring the day to its limit`() {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "2", stop: "2756", now: .noon)
    var script = Script({ $0.risk.maxExposure = .percent(1000) }, venue: venue)
    script.pass(.seconds(6))
    #expect(script.snapshot.worstCase?.net == "-496.5436")
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("open-risk") })
  }

  @Test
  func `so much lost since the start closes everything and locks, where it is set`() throws {
    func played(_ limit: Ratio?) -> Script {
      var venue = ScriptedAccount()
      venue.open("BTCUSDT", .long, "0.1", stop: "10000", now: .noon)
      var script = Script(
        {
          $0.risk.startLoss = limit
          $0.risk.limits.dayStop = .percent(-90)
        }, venue: venue)
      script.pass(.seconds(6))
      script.move("BTCUSDT", to: "50000")
      script.pass(.seconds(10))
      return script
    }
    let lost = played(.percent(10))
    #expect(lost.venue.positions.isEmpty)
    #expect(lost.effects.alerts.count(where: isPanic) == 1)
    let lock = try #require(lost.snapshot.locks.first)
    #expect(lock.kind == .panic && lock.isFlat && lock.reason == "-10.00% since the start")
    #expect(played(nil).snapshot.locks.isEmpty)
    #expect(played(.percent(11)).snapshot.locks.isEmpty)
  }

  @Test
  func `money taken out is no loss since the start`() {
    var script = Script({
      $0.risk.startLoss = .percent(10)
      $0.risk.limits.dayStop = .percent(-90)
    })
    script.pass(.seconds(6))
    script.venue.balance = "8000"
    script.venue.transfers = [Transfer(id: "t1", amount: "-2000", time: script.now)]
    script.pass(.seconds(15))
    #expect(script.snapshot.locks.isEmpty)
  }

  @Test
  func `a balance under the least is told once, and once when there is enough again`() {
    var script = Script()
    script.venue.balance = "9.99"
    script.pass(.seconds(30))
    let low = { (news: Alert.News) in if case .balanceLow = news { true } else { false } }
    #expect(script.effects.alerts.count(where: low) == 1)
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("balance") })
    script.venue.balance = "10"
    script.pass(.seconds(30))
    #expect(script.effects.alerts.contains(.balanceEnough("10")))
  }

  @Test
  func `a clock that is off is told, told again when entries stop, and when it agrees`() {
    var script = Script()
    func news(_ milliseconds: Int) -> [Alert.News] {
      script.send(.clockSkew(.milliseconds(milliseconds))).alerts
    }
    #expect(news(500).isEmpty)
    let limit = Duration.milliseconds(2500)
    #expect(news(-501) == [.clockOff(.milliseconds(-501), limit: limit)])
    #expect(news(900).isEmpty)
    #expect(news(2501) == [.clockOff(.milliseconds(2501), limit: limit)])
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("clock") })
    #expect(news(700).isEmpty)
    #expect(news(12) == [.clockRight(.milliseconds(12))])
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `what was entered before a restart still counts for the pace`() {
    let entered = RoundTrip.example("SOLUSDT", openedAt: .noon - .seconds(20), closedAt: .noon)
    var script = Script(
      { $0.risk.throttlePerAccount.count = 1 }, restored: RestoredState(closedToday: [entered]))
    #expect(script.liquidate().refusals.contains { $0.contains("account: 1 entry orders") })
    script.pass(.seconds(41))
    #expect(script.liquidate().entries.count == 1)
  }

  private func longterm() -> Script {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", stop: "50000", now: .noon)
    venue.open("ETHUSDT", .long, "1", now: .noon)
    var script = Script({ $0.longterm = ["ETHUSDT"] }, venue: venue)
    script.pass(.seconds(2))
    return script
  }

  @Test
  func `a panic spares what is long-term, unless it is told not to`() {
    var script = longterm()
    script.command(1, .panic)
    script.pass(.seconds(5))
    #expect(script.venue.positions.keys.map(\.symbol) == ["ETHUSDT"])
    script.command(2, .panicWithLongterm)
    script.pass(.seconds(5))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.report(of: 2)?.isFlat == true)
  }

  @Test
  func `a panic that takes more does not join one that spares`() {
    var script = longterm()
    script.command(1, .panic)
    script.command(2, .panicWithLongterm)
    script.pass(.seconds(5))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.outcome(of: 1) != nil && script.effects.outcome(of: 2) != nil)
  }

  @Test
  func `a clean stop cancels the entries of an earlier life, too, and no stop`() {
    var script = Script()
    script.venue.orders = [
      .resting("SOLUSDT", id: "liq-1-1", venueID: "o1"),
      .resting("SOLUSDT", id: "hand", venueID: "o2"),
      .resting("BTCUSDT", venueID: "o3", side: .sell, role: .stop, trigger: "50000"),
    ]
    script.pass(.seconds(6))
    script.send(.stopping)
    #expect(script.venue.orders.map(\.venueID) == ["o2", "o3"])
  }

  @Test
  func `a symbol rests over a restart after a loss`() {
    let lost = RoundTrip.example(
      realised: "-5", openedAt: .noon - .minutes(10), closedAt: .noon - .minutes(4))
    var script = Script(restored: RestoredState(closedToday: [lost]))
    #expect(
      script.snapshot.cooldowns
        == [Cooldown("BTCUSDT", after: "a loss", until: .noon + .minutes(1))])
    #expect(script.liquidate().refusals.contains { $0.contains("cooldown after a loss") })
    script.pass(.seconds(61))
    #expect(script.liquidate().entries.count == 1)
  }
}
