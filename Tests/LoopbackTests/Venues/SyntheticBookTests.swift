import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel

/// Made-up books and candles around a market.
struct SyntheticBookTests {
  private let bench = VenueBench()

  private func book(_ beat: Int64, depth: Int = 50) async throws -> SyntheticBook {
    let board = try #require(await bench.exchange.bybit["BTCUSDT"])
    return SyntheticBook(board, beat: beat, depth: depth)
  }

  @Test func `a book begins at the touch, goes away from it and stands on tick and step`()
    async throws
  {
    let book = try await book(7)
    #expect(book.bids.count == 50 && book.asks.count == 50)
    let (touch, tick, step): (Price, Price, Quantity) = ("64000", "0.1", "0.001")
    #expect(book.bids.first?.price == touch && book.asks.first?.price == touch)
    #expect(book.bids.map(\.price) == book.bids.map(\.price).sorted(by: >))
    #expect(book.asks.map(\.price) == book.asks.map(\.price).sorted())
    for level in book.bids + book.asks {
      #expect(level.price.isMultiple(of: tick) && level.quantity.isMultiple(of: step))
      #expect(level.quantity > .zero)
    }
    #expect(try await self.book(7) == book)
    #expect(Set(book.bids.map(\.price)).count == 50)
  }

  @Test func `changes turn one book into the next, and there always are some`() async throws {
    for (first, second) in [(1, 2), (2, 4), (100, 101), (3, 300)] as [(Int64, Int64)] {
      let (before, after) = (try await book(first), try await book(second))
      let changes = after.changes(since: before)
      #expect(!changes.bids.isEmpty && !changes.asks.isEmpty)
      func merged(_ levels: [BookLevel], _ changes: [BookLevel]) -> [Price:
        Quantity]
      {
        var held = Dictionary(uniqueKeysWithValues: levels.map { ($0.price, $0.quantity) })
        for change in changes {
          held[change.price] = change.quantity.isZero ? nil : change.quantity
        }
        return held
      }
      #expect(
        merged(before.bids, changes.bids)
          == Dictionary(uniqueKeysWithValues: after.bids.map { ($0.price, $0.quantity) }))
      #expect(
        merged(before.asks, changes.asks)
          == Dictionary(uniqueKeysWithValues: after.asks.map { ($0.price, $0.quantity) }))
      if second - first < 3 { #expect(changes.bids.count < 40) }
    }
  }

  @Test(arguments: [
    ChartInterval.minutes(1), .minutes(60), .minutes(1_440), .week, .month,
  ])
  func `the made-up past has no gaps and ends where the market began`(
    interval: ChartInterval
  ) async throws {
    let now = bench.clock.now
    let candles = await bench.exchange.bybitTape.candles(
      of: "BTCUSDT", interval, to: now, limit: 30)
    #expect(candles.count == 30)
    for (earlier, later) in zip(candles, candles.dropFirst()) {
      #expect(interval.end(from: earlier.start) == later.start)
      #expect(later.open == earlier.close)
      #expect(earlier.low <= min(earlier.open, earlier.close))
      #expect(earlier.high >= max(earlier.open, earlier.close))
    }
    let close: Price = "64000"
    #expect(candles.last?.close == close)
    #expect(candles.first?.volume ?? .zero > .zero)
  }

  @Test func `trades make the candles, and silence repeats the last price`() async throws {
    let start = bench.clock.now
    func trade(_ price: Price, _ quantity: Quantity, _ side: Side) -> MarketEvent {
      .trade(
        Trade(
          venue: .bybit, symbol: "BTCUSDT", price: price, quantity: quantity, aggressor: side,
          time: start))
    }
    bench.market.happen(
      trade("64010", "2", .buy), trade("63990", "1", .sell), trade("64005", "1", .buy))
    await bench.exchange.advance()
    bench.time.advance(by: .minutes(3))
    let tape = await bench.exchange.bybitTape
    let candles = tape.candles(
      of: "BTCUSDT", .minutes(1), from: start, to: bench.clock.now, limit: 10)
    let (high, low, close): (Price, Price, Price) = ("64010", "63990", "64005")
    #expect(candles.map(\.close) == [close, close, close, close])
    let first = try #require(candles.first)
    #expect(first.high == high && first.low == low && first.tradeCount == 3)
    #expect(first.volume == Volume("4" as Quantity) && first.turnover == .usdt(256_015))
    #expect(first.takerVolume == Volume("3" as Quantity))
    #expect(candles.last?.volume == .zero)
    #expect(tape.prints(of: "BTCUSDT").map(\.number) == [1, 2, 3])
    #expect(tape.prints(of: "BTCUSDT").map(\.direction) == [.plus, .minus, .plus])
  }
}
