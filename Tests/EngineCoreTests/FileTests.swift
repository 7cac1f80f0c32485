import EngineCore
import TestSupport
import Testing
import TradingModel

/// What other programs read.
struct FileTests {
  private func days(_ effects: [Effect]) -> [DayView] {
    effects.files.compactMap { if case .dailyPnL(let view, _, _) = $0 { view } else { nil } }
  }

  private func moments(_ effects: [Effect]) -> [AccountMoment] {
    effects.files.compactMap { if case .moment(let moment) = $0 { moment } else { nil } }
  }

  private func results(_ effects: [Effect]) -> [DayResult] {
    effects.files.compactMap { if case .dayResult(let result) = $0 { result } else { nil } }
  }

  private func script() -> Script {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", at: "60000", stop: "40000", now: .noon)
    var script = Script(venue: venue)
    script.pass(.seconds(40))
    return script
  }

  @Test
  func `the day's figures are five seconds old at most while prices move, else thirty`() {
    var script = script()
    var effects: [Effect] = []
    for step in 0..<20 {
      effects += script.move("BTCUSDT", to: Price.usdt(60_000) + step)
      effects += script.pass(.seconds(1))
    }
    #expect((3...5).contains(days(effects).count))
    #expect((1...3).contains(days(script.pass(.seconds(60))).count))
  }

  @Test
  func `a lock and a trade that ended are in the file within a second`() {
    var script = script()
    script.command(1, .pause(nil, for: nil))
    let locked = script.pass(.milliseconds(1100)).files.compactMap { file -> [Lock]? in
      if case .dailyPnL(_, let locks, _) = file { locks } else { nil }
    }
    #expect(locked.last?.map(\.kind) == [.paused(nil)])
    script.command(2, .close(.all, share: .one, thenPause: false))
    #expect(days(script.pass(.seconds(3))).last?.lost == 1)
  }

  @Test
  func `the day stop writes its row when all is closed, once`() {
    var script = script()
    var effects = script.move("BTCUSDT", to: "54000")
    effects += script.pass(.seconds(60))
    #expect(results(effects).map(\.day) == [Timestamp.noon.day])
    #expect(results(effects).first?.amount == "-600")
    #expect(results(effects).first?.trades == 1)
  }

  @Test
  func `a close by hand writes no row`() {
    var script = script()
    script.command(1, .close(.all, share: .one, thenPause: false))
    #expect(results(script.pass(.seconds(20))).isEmpty)
  }

  @Test
  func `a snapshot every five minutes, with nulls for what is unknown`() {
    var script = Script()
    #expect(moments(script.effects).count == 1)
    script.pass(.seconds(299))
    #expect(moments(script.effects).count == 1)
    script.venue.readError = .unreachable("down")
    script.pass(.seconds(301), every: .milliseconds(500))
    #expect(moments(script.effects).count == 3)
    let last = moments(script.effects).last
    #expect(last?.equity == nil && last?.dayResult == nil && last?.marginUse == nil)
  }

  @Test
  func `before the account was ever read there is no snapshot`() {
    var venue = ScriptedAccount()
    venue.readError = .unreachable("down")
    var script = Script(venue: venue)
    script.pass(.seconds(400), every: .seconds(1))
    #expect(moments(script.effects).isEmpty)
  }
}

extension Price {
  fileprivate static func usdt(_ whole: Int64) -> Price {
    Price(uncheckedCount: Int128(whole) * 100_000_000)
  }

  fileprivate static func + (price: Price, more: Int) -> Price {
    Price(uncheckedCount: price.wideCount + Int128(more) * 100_000_000)
  }
}
