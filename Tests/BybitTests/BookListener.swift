import Synchronization
import TestSupport
import TradingModel

@testable import Bybit

/// Writes down what it hears: `book BTCUSDT 100/101`, `lost BTCUSDT: crossed`, `candle BTCUSDT 1m closed`.
final class BookListener: MarketListener {
  let chronicle = Chronicle()

  func changed(_ book: borrowing OrderBook, depth: Int?, at time: Timestamp) {
    let (bid, ask) = (book.bestBid?.price, book.bestAsk?.price)
    chronicle.write(
      "book \(book.symbol) \(bid.map { "\($0)" } ?? "-")/\(ask.map { "\($0)" } ?? "-")")
  }

  func lostBook(of symbol: Symbol, depth: Int?, because reason: String) {
    chronicle.write("lost \(symbol): \(reason)")
  }

  func changed(_ candle: Candle) {
    chronicle.write(
      "candle \(candle.symbol) \(candle.interval.rawValue) \(candle.close) "
        + (candle.isClosed ? "closed" : "forming"))
  }
}
