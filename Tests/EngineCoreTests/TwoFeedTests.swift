import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// Liquidations from Binance and Bybit together: each connection is judged by its own silence.
struct TwoFeedTests {
  /// A bot that listens to both, whose links all live.
  private func script() -> Script {
    var script = Script({ $0.liquidation?.source = .both }, silent: [.liquidations])
    live(&script, [.binance, .bybit], for: .seconds(1))
    return script
  }

  /// Lets time pass while these feeds give signs of life.
  private func live(_ script: inout Script, _ venues: [Venue], for duration: Duration) {
    for _ in 0..<(duration.wholeMilliseconds / 500) {
      for venue in venues { script.send(.heartbeat(.liquidations, of: venue)) }
      script.pass(.milliseconds(500))
    }
  }

  private func liquidate(_ script: inout Script, on venue: Venue) -> [Effect] {
    let price = script.venue.prices["BTCUSDT"] ?? "1"
    script.send(
      .market(
        .ticker(
          Ticker(
            venue: venue, symbol: "BTCUSDT", last: price, vwap24h: "90000", time: script.now))))
    var event = Liquidation.example("BTCUSDT", price: price, quantity: "1", at: script.now)
    event.venue = venue
    return script.send(.market(.liquidation(event)))
  }

  @Test(arguments: [(Venue.binance, Venue.bybit), (.bybit, .binance)])
  func `one feed that falls silent is named, and entries go on from the other alone`(
    dead: Venue, living: Venue
  ) throws {
    var script = script()
    #expect(script.snapshot.state == .running)
    live(&script, [living], for: .seconds(11))
    #expect(
      script.effects.alerts.contains {
        if case .linkDown(.liquidations, of: dead, _) = $0 { true } else { false }
      })
    #expect(
      !script.effects.alerts.contains {
        if case .linkDown(.liquidations, of: living, _) = $0 { true } else { false }
      })
    #expect(script.snapshot.state == .degraded)
    #expect(script.snapshot.troubles == ["\(dead.title) liquidations link silent for 11 s"])
    #expect(script.snapshot.modules.map(\.state) == [.on])
    let feeds = script.snapshot.links.filter { $0.name == .liquidations }
    #expect(feeds.map(\.venue) == [.binance, .bybit])
    #expect(feeds.first { $0.venue == dead }?.isUp == false)
    #expect(feeds.first { $0.venue == living }?.isUp == true)
    #expect(liquidate(&script, on: living).entries.count == 1)

    live(&script, [.binance, .bybit], for: .seconds(6))
    #expect(
      script.effects.alerts.contains {
        if case .linkUp(.liquidations, of: dead, _) = $0 { true } else { false }
      })
    #expect(script.snapshot.state == .running)
  }

  @Test func `a feed that is cut is down at once, whatever the other one says`() {
    var script = script()
    script.send(.link(.liquidations, of: .bybit, isUp: false, detail: "reset by peer"))
    script.send(.heartbeat(.liquidations, of: .binance))
    script.pass(.milliseconds(500))
    #expect(script.snapshot.troubles == ["Bybit liquidations link reset by peer"])
    script.send(.link(.liquidations, of: .bybit, isUp: true, detail: ""))
    #expect(script.snapshot.troubles.isEmpty)
  }

  @Test func `with both silent the engine is idle`() {
    var script = script()
    script.pass(.seconds(11))
    guard case .idle(let why)? = script.snapshot.modules.first?.state else {
      Issue.record("\(script.snapshot.modules)")
      return
    }
    #expect(why == "Binance liquidations silent for 11 s")
    #expect(script.snapshot.troubles.count == 2)
  }

  @Test func `a signal whose own feed was cut meanwhile is refused, and the reason names it`() {
    // The first entry of a symbol waits until it is prepared, and is judged again then.
    var script = script()
    script.venue.holdsPreparations = true
    #expect(liquidate(&script, on: .bybit).entries.isEmpty)
    script.send(.link(.liquidations, of: .bybit, isUp: false, detail: "reset by peer"))
    script.send(.answer(.prepared("BTCUSDT", leverage: LiquidationParameters().leverage)))
    #expect(script.effects.entries.isEmpty)
    #expect(script.effects.refusals.contains("link: Bybit liquidations reset by peer"))
  }

  @Test func `with one source its link has no second name`() {
    let script = Script()
    #expect(script.snapshot.links.filter { $0.name == .liquidations }.map(\.venue) == [.binance])
    var silent = Script()
    silent.silent = [.liquidations]
    silent.pass(.seconds(11))
    #expect(silent.snapshot.troubles == ["liquidations link silent for 11 s"])
  }
}
