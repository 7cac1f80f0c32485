import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// The futures rule of a local book.
struct DepthFeedTests {
  private var feed = DepthFeed(symbol: "BTCUSDT")

  private func change(
    _ first: Int64, _ last: Int64, after previous: Int64, bids: [BookLevel] = [],
    asks: [BookLevel] = []
  ) -> DepthChange {
    DepthChange(
      symbol: "BTCUSDT", firstID: first, lastID: last, previousID: previous, time: .noon,
      bids: bids, asks: asks)
  }

  private func snapshot(_ id: Int64) throws -> DepthSnapshot {
    try DepthSnapshot(
      binance: [
        "lastUpdateId": .integer(id), "bids": [["99", "1"], ["98", "1"]],
        "asks": [["101", "1"], ["102", "1"]],
      ])
  }

  @Test mutating func `changes wait for the snapshot, and those before it are dropped`() throws {
    #expect(
      feed.take(change(1, 5, after: 0, bids: [BookLevel("50", "1")])) == .needsSnapshot(.start))
    #expect(feed.take(change(8, 12, after: 5, bids: [BookLevel("99", "7")])) == .nothing)
    #expect(feed.served == nil)
    #expect(feed.take(try snapshot(10)) == .changed)
    // The first change ended before the snapshot, whose levels win; the second contains its id.
    #expect(feed.served?.bids.elementsEqual([BookLevel("99", "7"), BookLevel("98", "1")]) == true)
    #expect(feed.take(change(20, 25, after: 12, asks: [BookLevel("101", "0")])) == .changed)
    #expect(feed.served?.bestAsk?.price == "102")
  }

  @Test mutating func `ids have holes: the id of the change before tells of gaps, nothing else`()
    throws
  {
    _ = feed.take(change(8, 12, after: 5))
    _ = feed.take(try snapshot(10))
    #expect(feed.take(change(100, 110, after: 12)) == .changed)
    #expect(feed.take(change(112, 120, after: 111)) == .needsSnapshot(.gap))
    #expect(feed.served == nil)
  }

  @Test mutating func `after a gap the book starts over with what came since`() throws {
    _ = feed.take(change(8, 12, after: 5))
    _ = feed.take(try snapshot(10))
    #expect(
      feed.take(change(20, 25, after: 19, bids: [BookLevel("99.5", "2")])) == .needsSnapshot(.gap))
    #expect(feed.take(change(26, 30, after: 25)) == .nothing)
    #expect(feed.take(try snapshot(22)) == .changed)
    #expect(feed.served?.bestBid == BookLevel("99.5", "2"))
  }

  @Test mutating func `a snapshot that came too early is asked for again`() throws {
    _ = feed.take(change(20, 25, after: 19))
    #expect(feed.take(try snapshot(10)) == .needsSnapshot(.tooOld))
    #expect(feed.served == nil)
    #expect(feed.take(try snapshot(21)) == .changed)
  }

  @Test mutating func `a snapshot ahead of its changes waits for the one that contains it`() throws
  {
    _ = feed.take(change(1, 5, after: 0))
    #expect(feed.take(try snapshot(10)) == .nothing)
    #expect(feed.served == nil)
    #expect(feed.take(change(6, 8, after: 5)) == .nothing)
    #expect(feed.take(change(9, 12, after: 8)) == .changed)
    #expect(feed.isServed)
  }

  @Test mutating func `a crossed book is never served`() throws {
    _ = feed.take(change(8, 12, after: 5))
    _ = feed.take(try snapshot(10))
    #expect(
      feed.take(change(13, 14, after: 12, bids: [BookLevel("101", "1")]))
        == .needsSnapshot(.crossed))
    #expect(feed.served == nil)
  }

  @Test mutating func `what an overlapping connection tells again changes nothing`() throws {
    _ = feed.take(change(8, 12, after: 5))
    _ = feed.take(try snapshot(10))
    _ = feed.take(change(13, 14, after: 12, bids: [BookLevel("99", "3")]))
    #expect(feed.take(change(8, 12, after: 5, bids: [BookLevel("99", "9")])) == .nothing)
    #expect(feed.take(change(13, 14, after: 12, bids: [BookLevel("99", "9")])) == .nothing)
    #expect(feed.served?.bestBid == BookLevel("99", "3"))
    #expect(feed.take(change(15, 16, after: 14)) == .changed)
  }

  @Test mutating func `a snapshot that never comes does not fill the memory`() {
    #expect(feed.take(change(1, 1, after: 0)) == .needsSnapshot(.start))
    var asked = 0
    for id in 2...3000 as ClosedRange<Int64> {
      if feed.take(change(id, id, after: id - 1)) == .needsSnapshot(.tooMany) { asked += 1 }
    }
    #expect(asked == 2)
  }

  @Test func `the recorded book never crosses and equals a plain one`() throws {
    guard let lines = try Recording.lines() else { return }
    let reader = MarketFrameReader()
    var feed = DepthFeed(symbol: "BTCUSDT")
    var plain: [Side: [Price: Quantity]] = [.buy: [:], .sell: [:]]
    var plainIsLive = false
    var snapshotID: Int64?
    var kept: [DepthChange] = []
    var (changes, samples, requests) = (0, 0, 0)

    func apply(_ change: DepthChange) {
      for level in change.bids {
        plain[.buy]?[level.price] = level.quantity.isZero ? nil : level.quantity
      }
      for level in change.asks {
        plain[.sell]?[level.price] = level.quantity.isZero ? nil : level.quantity
      }
    }

    for line in lines {
      let bytes = Array(line)
      if bytes.starts(with: #"{"lastUpdateId""#.utf8) {
        let snapshot = try DepthSnapshot(binance: JSONValue(parsing: bytes))
        snapshotID = snapshot.lastUpdateID
        _ = feed.take(snapshot)
        for level in snapshot.bids { plain[.buy]?[level.price] = level.quantity }
        for level in snapshot.asks { plain[.sell]?[level.price] = level.quantity }
        for change in kept where change.lastID >= snapshot.lastUpdateID {
          apply(change)
          plainIsLive = true
        }
        continue
      }
      guard try reader.frames(bytes) == [.depth] else { continue }
      changes += 1
      if case .needsSnapshot = feed.take(reader.depth) { requests += 1 }
      if let snapshotID {
        if plainIsLive || reader.depth.lastID >= snapshotID {
          apply(reader.depth)
          plainIsLive = true
        }
      } else {
        kept.append(reader.depth)
      }
      guard plainIsLive else { continue }
      let book = try #require(feed.served)
      #expect(!book.isCrossed)
      guard changes.isMultiple(of: 250) else { continue }
      samples += 1
      // So far away that even a bounded book may have forgotten it, nothing is compared.
      let bids = try #require(plain[.buy]).sorted { $0.key > $1.key }
        .prefix { level in book.bids.horizon.map { level.key > $0 } ?? true }
      let asks = try #require(plain[.sell]).sorted { $0.key < $1.key }
        .prefix { level in book.asks.horizon.map { level.key < $0 } ?? true }
      #expect(bids.count > 900 && asks.count > 900)
      #expect(book.bids.elementsEqual(bids.map { BookLevel($0.key, $0.value) }))
      #expect(book.asks.elementsEqual(asks.map { BookLevel($0.key, $0.value) }))
    }
    #expect(changes == 6551 && samples > 20 && requests == 1)
    #expect(reader.slowReads == 0)
  }
}
