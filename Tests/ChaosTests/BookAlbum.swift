import Synchronization
import TradingModel

/// Keeps the latest pictures of one book, by the time of the venue's matching engine.
final class BookAlbum: MarketListener {
  struct Picture: Sendable, Hashable {
    let bids: [BookLevel]
    let asks: [BookLevel]
  }

  private struct State {
    var pictures: [Timestamp: Picture] = [:]
    var times: [Timestamp] = []
    var told = 0
    var crossed = 0
    var lost: [String] = []
  }

  /// Levels of each side that are compared.
  private static let depth = 50
  private static let most = 200

  private let state = Mutex(State())

  var told: Int { state.withLock { $0.told } }
  /// How many of the books that were told were crossed, or had an empty side.
  var crossed: Int { state.withLock { $0.crossed } }
  /// Why it was lost, each time.
  var lost: [String] { state.withLock { $0.lost } }

  func changed(_ book: borrowing OrderBook, depth: Int?, at time: Timestamp) {
    let isBad = book.isCrossed || book.bestBid == nil || book.bestAsk == nil
    let picture = Picture(
      bids: Array(book.bids.prefix(Self.depth)), asks: Array(book.asks.prefix(Self.depth)))
    state.withLock { state in
      state.told += 1
      state.crossed += isBad ? 1 : 0
      if state.pictures.updateValue(picture, forKey: time) == nil { state.times.append(time) }
      guard state.times.count > Self.most else { return }
      state.pictures[state.times.removeFirst()] = nil
    }
  }

  func lostBook(of symbol: Symbol, depth: Int?, because reason: String) {
    state.withLock { $0.lost.append(reason) }
  }

  func changed(_ candle: Candle) {}

  /// The pictures that both have of the same moment, oldest first.
  func pairs(with other: BookAlbum) -> [(ours: Picture, theirs: Picture)] {
    let (times, ours) = state.withLock { ($0.times, $0.pictures) }
    let theirs = other.state.withLock { $0.pictures }
    return times.sorted().compactMap { time in
      guard let mine = ours[time], let its = theirs[time] else { return nil }
      return (mine, its)
    }
  }
}
