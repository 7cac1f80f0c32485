import EngineCore
import TestSupport
import Testing
import TradingModel

/// A link of several connections.
struct LinkTests {
  private static let bybit = LinkLine("Bybit public 0")
  private static let other = LinkLine("Binance all markets")

  /// Both connections carry the link, and beat once a second.
  private func script(_ link: LinkName) -> Script {
    var script = Script(silent: [link])
    for line in [Self.bybit, Self.other] {
      script.send(.link(link, on: line, isUp: true, detail: ""))
    }
    return script
  }

  private func beat(
    _ link: LinkName, on lines: [LinkLine], for seconds: Int, in script: inout Script
  ) {
    for _ in 0..<seconds {
      for line in lines { script.send(.heartbeat(link, on: line)) }
      script.pass(.seconds(1))
    }
  }

  private func refusal(_ script: inout Script) -> String? {
    // Prices of the market itself go on: the connection is what is judged.
    for symbol in ["BTCUSDT", "ETHUSDT"] as [Symbol] {
      guard let price = script.venue.prices[symbol] else { continue }
      script.send(
        .market(
          .ticker(
            Ticker(
              venue: .bybit, symbol: symbol, last: price, mark: price, bid: price, ask: price,
              time: script.now))))
    }
    let effects = script.liquidate()
    if !effects.entries.isEmpty { return nil }
    return effects.refusals.first { $0.hasPrefix("link") } ?? "\(effects.refusals)"
  }

  @Test(arguments: [LinkName.prices, .liquidations])
  func `while both connections beat entries pass`(link: LinkName) {
    var script = script(link)
    beat(link, on: [Self.bybit, Self.other], for: 12, in: &script)
    #expect(refusal(&script) == nil)
  }

  @Test(arguments: [LinkName.prices, .liquidations])
  func `a lost connection is not healed by what another one says`(link: LinkName) {
    var script = script(link)
    beat(link, on: [Self.bybit, Self.other], for: 2, in: &script)
    script.send(.link(link, on: Self.other, isUp: false, detail: "reset by peer"))
    beat(link, on: [Self.bybit], for: 1, in: &script)
    #expect(refusal(&script)?.contains("(Binance all markets) reset by peer") == true)
    // Nor by another one that comes up.
    script.send(.link(link, on: Self.bybit, isUp: true, detail: ""))
    beat(link, on: [Self.bybit], for: 1, in: &script)
    #expect(refusal(&script) != nil)
    script.send(.link(link, on: Self.other, isUp: true, detail: ""))
    #expect(refusal(&script) == nil)
  }

  @Test(arguments: [(8, true), (10, false)])
  func `the silence of one connection stops entries, though another one speaks`(
    seconds: Int, passes: Bool
  ) {
    var script = script(.liquidations)
    beat(.liquidations, on: [Self.bybit, Self.other], for: 1, in: &script)
    beat(.liquidations, on: [Self.bybit], for: seconds, in: &script)
    #expect((refusal(&script) == nil) == passes)
  }

  @Test
  func `a late frame of a connection that is lost does not bring it back`() {
    var script = script(.prices)
    script.send(.link(.prices, on: Self.bybit, isUp: false, detail: "closed"))
    script.send(.heartbeat(.prices, on: Self.bybit))
    #expect(refusal(&script)?.contains("closed") == true)
  }

  @Test
  func `a connection that is lost and comes back is told once each way`() {
    var script = script(.liquidations)
    script.send(.link(.liquidations, on: Self.other, isUp: false, detail: "closed"))
    beat(.liquidations, on: [Self.bybit], for: 15, in: &script)
    script.send(.link(.liquidations, on: Self.other, isUp: true, detail: ""))
    beat(.liquidations, on: [Self.bybit, Self.other], for: 8, in: &script)
    let news = script.effects.alerts.compactMap { news -> String? in
      switch news {
      case .linkDown(.liquidations, _, _): "down"
      case .linkUp(.liquidations, _, _): "up"
      default: nil
      }
    }
    #expect(news == ["down", "up"])
  }
}
