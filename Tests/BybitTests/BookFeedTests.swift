import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

struct BookFeedTests {
  private func frame(
    _ update: Int64, snapshot: Bool = false, bids: [BookLevel] = [], asks: [BookLevel] = []
  ) -> BookFrame {
    var frame = BookFrame()
    frame.isSnapshot = snapshot
    frame.updateID = update
    frame.bids = bids
    frame.asks = asks
    return frame
  }

  private var snapshot: BookFrame {
    frame(
      10, snapshot: true, bids: [BookLevel("100", "1"), BookLevel("99", "2")],
      asks: [BookLevel("101", "1"), BookLevel("102", "2")])
  }

  @Test func `a change inserts, overwrites and removes levels`() {
    var feed = BookFeed("BTCUSDT", .fifty)
    #expect(feed.take(snapshot, at: .noon) == .changed)
    let change = frame(
      11, bids: [BookLevel("100", "0"), BookLevel("98", "3")], asks: [BookLevel("101", "5")])
    #expect(feed.take(change, at: .noon) == .changed)
    #expect(Array(feed.book.bids) == [BookLevel("99", "2"), BookLevel("98", "3")])
    #expect(Array(feed.book.asks) == [BookLevel("101", "5"), BookLevel("102", "2")])
    #expect(feed.isFresh)
  }

  @Test(arguments: [12, 9, 100] as [Int64])
  func `a gap drops the book, and only a snapshot brings it back`(update: Int64) {
    var feed = BookFeed("BTCUSDT", .fifty)
    _ = feed.take(snapshot, at: .noon)
    let gap = feed.take(frame(update, bids: [BookLevel("98", "1")]), at: .noon)
    #expect(gap == .lost(.gap(expected: 11, found: update)))
    #expect(!feed.isFresh && feed.book.isEmpty)
    #expect(feed.take(frame(update + 1), at: .noon) == .nothing)
    #expect(feed.take(snapshot, at: .noon) == .changed)
    #expect(feed.take(frame(11), at: .noon) == .changed)
  }

  @Test func `a frame told twice changes nothing`() {
    var feed = BookFeed("BTCUSDT", .fifty)
    _ = feed.take(snapshot, at: .noon)
    let change = frame(11, bids: [BookLevel("98", "3")])
    #expect(feed.take(change, at: .noon) == .changed)
    #expect(feed.take(change, at: .noon) == .nothing)
    #expect(feed.isFresh)
  }

  @Test func `any later snapshot replaces the book, a restart's, too`() {
    var feed = BookFeed("BTCUSDT", .one)
    _ = feed.take(snapshot, at: .noon)
    let restart = frame(
      1, snapshot: true, bids: [BookLevel("50", "1")], asks: [BookLevel("51", "1")])
    #expect(feed.take(restart, at: .noon) == .changed)
    #expect(Array(feed.book.bids) == [BookLevel("50", "1")])
    // Level one is sent again without a change, under the same number.
    #expect(feed.take(restart, at: .noon) == .changed)
    #expect(feed.updateID == 1)
  }

  @Test func `a crossed book is never served`() {
    var feed = BookFeed("BTCUSDT", .fifty)
    _ = feed.take(snapshot, at: .noon)
    #expect(feed.take(frame(11, bids: [BookLevel("101", "1")]), at: .noon) == .lost(.crossed))
    #expect(!feed.isFresh && feed.book.isEmpty)
  }

  @Test func `a snapshot that does not come is asked for again, now and then`() {
    var feed = BookFeed("BTCUSDT", .fifty)
    #expect(feed.take(frame(5), at: .noon) == .nothing)
    #expect(feed.take(frame(6), at: .noon + .seconds(4)) == .nothing)
    #expect(feed.take(frame(7), at: .noon + .seconds(5)) == .overdue)
    #expect(feed.take(frame(8), at: .noon + .seconds(6)) == .nothing)
  }

  @Test func `a recorded book follows its changes without a gap`() throws {
    let frames = try Recorded.all(under: "bybit/l2")
    guard let first = frames.first else { return }
    #expect(frames.count == 50)
    var feed = BookFeed("XRPUSDT", .thousand)
    let reader = JSONReader()
    for frame in frames {
      var book = BookFrame()
      try frame.json.bytes.withUnsafeBytes { bytes in
        try reader.read(bytes) { root throws(JSONError) in try book.read(root) }
      }
      #expect(feed.take(book, at: .noon) == .changed)
    }
    #expect(first.json["type"] == "snapshot")
    #expect(feed.book.bids.count >= 450 && feed.book.asks.count >= 450)
    let (bid, ask) = (try #require(feed.book.bestBid), try #require(feed.book.bestAsk))
    #expect(bid.price < ask.price)
  }
}
