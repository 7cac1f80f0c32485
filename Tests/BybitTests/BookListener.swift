import Synchronization
import TestSupport
import TradingModel

@testable import Bybit

/// Writes down what it hears: `book BTCUSDT 100/101`, `lost BTCUSDT`, `candle BTCUSDT 1m closed`.
final class BookListener: BybitMarketListener {
  let chronicle = Chronicle()

  func changed(_ book: borrowing OrderBook, depth: BookDepth, at time: Timestamp) {
    let (bid, ask) = (book.bestBid?.price, book.bestAsk?.price)
    chronicle.write(
      "book \(book.symbol) \(bid.map { "\($0)" } ?? "-")/\(ask.map { "\($0)" } ?? "-")")
  }

  func lostBook(of symbol: Symbol, depth: BookDepth) { chronicle.write("lost \(symbol)") }

  func changed(_ candle: Candle) {
    chronicle.write(
      "candle \(candle.symbol) \(candle.interval.rawValue) \(candle.close) "
        + (candle.isClosed ? "closed" : "forming"))
  }
}
