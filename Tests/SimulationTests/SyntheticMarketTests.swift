import Simulation
import TestSupport
import Testing
import TradingModel

struct SyntheticMarketTests {
  private func twoMinutes(seed: UInt64) -> [MarketEvent] {
    var market = SyntheticMarket(seed: seed, start: .noon)
    return market.step(to: .noon + .minutes(2))
  }

  @Test func `a seed gives the same market, however time is cut`() {
    var cut = SyntheticMarket(seed: 7, start: .noon)
    var events: [MarketEvent] = []
    for millisecond in stride(from: Int64(70), through: 120_000, by: 70) {
      events += cut.step(to: .noon + .milliseconds(millisecond))
    }
    events += cut.step(to: .noon + .minutes(2))
    #expect(events == twoMinutes(seed: 7))
    #expect(events != twoMinutes(seed: 8))
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `two minutes hold a crash that the liquidation rule can act on`(seed: UInt64) {
    var averages: [Symbol: Price] = [:]
    var signals = 0
    for event in twoMinutes(seed: seed) where event.venue == .binance {
      switch event {
      case .ticker(let ticker): averages[ticker.symbol] = ticker.vwap24h
      case .trade: break
      case .liquidation(let liquidation):
        guard let average = averages[liquidation.symbol], liquidation.value > .usdt(25) else {
          continue
        }
        let price = liquidation.averagePrice
        let isFar =
          liquidation.closed == .long
          ? price.isBelow(average, by: .percent(1)) : price.isAbove(average, by: .percent(1))
        if isFar { signals += 1 }
      }
    }
    #expect(signals > 0)
  }

  @Test func `prices lie on the tick, sizes on the step, and Binance tells one a second`() {
    let rules = SyntheticMarket(seed: 1, start: .noon).instruments
    var lastTold: [Symbol: Timestamp] = [:]
    for event in twoMinutes(seed: 3) {
      guard let rule = rules.first(where: { $0.symbol == event.symbol }) else {
        Issue.record("\(event.symbol) is not listed")
        continue
      }
      switch event {
      case .trade(let trade):
        #expect(trade.price.isMultiple(of: rule.tickSize))
        #expect(trade.quantity.isMultiple(of: rule.quantityStep))
      case .ticker(let ticker):
        for price in [ticker.last, ticker.mark, ticker.bid, ticker.ask, ticker.vwap24h] {
          #expect(price?.isMultiple(of: rule.tickSize) == true)
        }
        #expect(ticker.bid ?? "0" < ticker.ask ?? "0")
      case .liquidation(let liquidation):
        #expect(liquidation.quantity >= rule.minQuantity)
        guard liquidation.venue == .binance else { continue }
        if let last = lastTold[event.symbol] { #expect(liquidation.time - last >= .seconds(1)) }
        lastTold[event.symbol] = liquidation.time
        #expect(
          liquidation.closed == .long
            ? liquidation.price < liquidation.averagePrice
            : liquidation.price > liquidation.averagePrice)
      }
    }
  }

  @Test func `the venues stay close, and a jump moves both`() throws {
    var market = SyntheticMarket(seed: 5, start: .noon)
    _ = market.step(to: .noon + .minutes(10))
    let before = try #require(market.ticker(btc, on: .bybit)?.last)
    let other = try #require(market.ticker(btc, on: .binance)?.last)
    #expect(try before.distance(from: other) < .basisPoints(20))
    let isKnown = market.jump("BTCUSDT", by: .percent(-8))
    let isUnknown = market.jump("NOSUCHUSDT", by: .percent(-8))
    #expect(isKnown && !isUnknown)
    let events = market.step(to: .noon + .minutes(10) + .milliseconds(200))
    let trade = events.contains { event in
      guard case .trade(let trade) = event else { return false }
      return trade.symbol == btc && trade.price.isBelow(before, by: .percent(7))
    }
    #expect(trade)
  }
}
