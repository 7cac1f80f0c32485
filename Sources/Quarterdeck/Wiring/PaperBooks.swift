import Simulation
import Synchronization
import TradingModel

/// Carries the venue's books to the paper account: of each symbol the newest, at most ten a second.
final class PaperBooks: MarketListener {
  static let levels = 50
  private static let pace = Duration.milliseconds(100)

  /// A book, or nil when it was lost.
  struct News: Sendable {
    var symbol: Symbol
    var book: PaperBook?
  }

  let news = Mailbox<News>(limit: 4096)
  private let clock: any WallClock
  private let toldAt = Mutex<[Symbol: Timestamp]>([:])

  init(clock: any WallClock) { self.clock = clock }

  func changed(_ book: borrowing OrderBook, depth: Int?, at time: Timestamp) {
    let (symbol, now) = (book.symbol, clock.now)
    let isDue = toldAt.withLock { toldAt in
      if let last = toldAt[symbol], now - last < Self.pace { return false }
      toldAt[symbol] = now
      return true
    }
    guard isDue else { return }
    news.put(News(symbol: symbol, book: PaperBook(book, levels: Self.levels)))
  }

  func lostBook(of symbol: Symbol, depth: Int?, because reason: String) {
    toldAt.withLock { $0[symbol] = nil }
    news.put(News(symbol: symbol, book: nil))
  }

  func changed(_ candle: Candle) {}
}
