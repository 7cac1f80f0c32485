import Loopback
import Synchronization
import TestSupport
import TradingModel

/// A market of two contracts that moves only when a test says so.
final class ScriptedMarket: MarketSource {
  private struct State {
    var prices: [Symbol: Price] = ["BTCUSDT": "64000", "ETHUSDT": "3200"]
    var waiting: [MarketEvent] = []
    var time = Timestamp.noon
  }

  private let state = Mutex(State())

  let instruments: [Instrument] = [
    .example("BTCUSDT"), .example("ETHUSDT", tick: "0.01", step: "0.01", minimum: "0.01"),
  ]

  var time: Timestamp { state.withLock { $0.time } }

  func ticker(_ symbol: Symbol, on venue: Venue) -> Ticker? {
    state.withLock { state in
      guard let price = state.prices[symbol] else { return nil }
      return Ticker(
        venue: venue, symbol: symbol, last: price, mark: price, bid: price, ask: price,
        vwap24h: price, turnover24h: "640000", fundingRate: "0.0001", time: state.time)
    }
  }

  /// Happens with the next step.
  func happen(_ events: MarketEvent...) { state.withLock { $0.waiting += events } }

  func step(to target: Timestamp) -> [MarketEvent] {
    state.withLock { state in
      state.time = target
      defer { state.waiting = [] }
      return state.waiting
    }
  }

  func jump(_ symbol: Symbol, by share: Ratio) -> Bool {
    let moved = state.withLock { state -> Bool in
      guard let price = state.prices[symbol],
        let moved = try? price.scaled(by: .one + share)
      else { return false }
      state.prices[symbol] = moved
      return true
    }
    return moved
  }
}
