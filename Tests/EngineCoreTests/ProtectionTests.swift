import EngineCore
import TestSupport
import Testing
import TradingModel

struct ProtectionTests {
  @Test
  func `a stop that came with its entry is left alone`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(10))
    #expect(script.effects.protections.isEmpty)
    #expect(script.snapshot.positions.first?.isStopConfirmed == true)
  }

  @Test
  func `a stop that did not come with its entry is set within two seconds`() throws {
    var script = Script()
    script.venue.dropsStops = true
    script.liquidate()
    let effects = script.pass(.seconds(2))
    let change = try #require(effects.protections.first)
    #expect(change.stop == "58200")
    #expect(change.target == "61500")
    #expect(effects.protections.count == 1)
    #expect(effects.closes.isEmpty)
    #expect(script.snapshot.positions.first?.isStopConfirmed == true)
  }

  @Test
  func `a position whose stop can't be set in three tries is closed at once`() {
    var script = Script()
    script.venue.dropsStops = true
    script.venue.protectError = .rejected(.other)
    script.liquidate()
    let effects = script.pass(.seconds(3))
    #expect(effects.protections.count == 3)
    #expect(effects.closes.count == 1)
    #expect(effects.alerts.contains { if case .emergencyClose = $0 { true } else { false } })
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `an emergency close that fails is tried again on a new reading until flat`() {
    var script = Script()
    script.venue.dropsStops = true
    script.venue.protectError = .unreachable("no route")
    script.venue.closeErrors["BTCUSDT"] = [.unreachable("no route"), .unreachable("no route")]
    script.liquidate()
    let effects = script.pass(.seconds(5))
    #expect(effects.closes.count == 3)
    #expect(effects.alerts.contains { if case .closeFailed = $0 { true } else { false } })
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `a market beyond the stop closes at once instead of setting it`() {
    var script = Script()
    script.venue.dropsStops = true
    script.liquidate()
    script.move("BTCUSDT", to: "58200")
    let effects = script.pass(.seconds(1))
    #expect(effects.protections.isEmpty)
    #expect(effects.closes.count == 1)
  }

  @Test
  func `the venue's word that the trigger has passed closes at once`() {
    var script = Script()
    script.venue.dropsStops = true
    script.venue.protectError = .rejected(.triggerPassed, code: 110_092)
    script.liquidate()
    let effects = script.pass(.milliseconds(900))
    #expect(effects.protections.count == 1)
    #expect(effects.closes.count == 1)
  }

  @Test
  func `a position by hand without a stop is told after five seconds and not touched`() {
    var script = Script()
    script.venue.open("ETHUSDT", .short, "1.5", now: script.now)
    let effects = script.pass(.seconds(20))
    #expect(effects.protections.isEmpty && effects.closes.isEmpty)
    #expect(
      effects.alerts.count { if case .stopMissing = $0 { true } else { false } } == 1)
  }

  @Test
  func `with protect_manual a position by hand gets the fallback stop`() throws {
    var script = Script { $0.protectManual = true }
    script.venue.open("ETHUSDT", .short, "1.5", now: script.now)
    let change = try #require(script.pass(.seconds(7)).protections.first)
    #expect(change.stop == "3090")
    #expect(change.target == nil)
  }

  @Test
  func `long-term symbols are not touched`() {
    var script = Script {
      $0.longterm = ["ETHUSDT"]
      $0.allowlist = ["BTCUSDT"]
      $0.protectManual = true
    }
    script.venue.open("ETHUSDT", .long, "1.5", now: script.now)
    script.pass(.seconds(10))
    script.command(1, .panic)
    let effects = script.pass(.seconds(5))
    #expect(script.effects.protections.isEmpty && script.effects.closes.isEmpty)
    #expect(effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `a stop that vanishes later is set again`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(1))
    script.venue.positions["BTCUSDT"]?.stop = nil
    #expect(script.pass(.seconds(8)).protections.count == 1)
  }
}
