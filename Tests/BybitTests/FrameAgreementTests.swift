import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// The byte scanner against simdjson, on every recorded public frame.
struct FrameAgreementTests {
  private func scanned<Value>(_ body: () throws(OtherShape) -> Value) -> Value? {
    do throws(OtherShape) { return try body() } catch { return nil }
  }

  private func read<Value>(
    _ bytes: [UInt8], _ body: (JSONView) throws(JSONError) -> Value
  ) throws -> Value {
    let reader = JSONReader()
    return try bytes.withUnsafeBytes { bytes in
      try reader.read(bytes) { root throws(JSONError) in try body(root) }
    }
  }

  @Test func `both read every recorded book, ticker, print and liquidation alike`() throws {
    guard Fixtures.root != nil else { return }
    var counts: [String: Int] = [:]
    let frames = try ["bybit/ws-public", "bybit/live", "bybit/l2"].flatMap {
      try Recorded.all(under: $0)
    }
    for frame in frames {
      guard let topic = frame.json["topic"]?.stringValue,
        let kind = topic.split(separator: ".").first,
        !topic.hasPrefix("orderbook.rpi")
      else { continue }
      // Compact, as frames travel.
      let bytes = frame.json.bytes
      switch kind {
      case "orderbook":
        var (fast, slow) = (BookFrame(), BookFrame())
        let name = bytes.withUnsafeBytes { bytes in
          scanned { () throws(OtherShape) in try fast.scan(bytes).string }
        }
        try read(bytes) { root throws(JSONError) in try slow.read(root) }
        #expect(name == topic, "\(frame.file)")
        #expect(fast.bids == slow.bids && fast.asks == slow.asks)
        #expect(fast.updateID == slow.updateID && fast.time == slow.time)
        #expect(fast.isSnapshot == slow.isSnapshot)
      case "tickers":
        var (fast, slow) = (TickerFrame(), TickerFrame())
        let name = bytes.withUnsafeBytes { bytes in
          scanned { () throws(OtherShape) in try fast.scan(bytes).string }
        }
        try read(bytes) { root throws(JSONError) in try slow.read(root) }
        #expect(name == topic, "\(frame.file)")
        #expect(fast == slow)
      case "publicTrade":
        var (fast, slow) = (TradeFrame(), TradeFrame())
        let isRead = bytes.withUnsafeBytes { bytes in
          scanned { () throws(OtherShape) in
            try fast.scan(bytes) { Symbol(venueName: $0.string) }
          } != nil
        }
        try read(bytes) { root throws(JSONError) in try slow.read(root) }
        #expect(isRead && fast.trades == slow.trades && !fast.trades.isEmpty)
      case "allLiquidation":
        var (fast, slow) = (LiquidationFrame(), LiquidationFrame())
        let isRead = bytes.withUnsafeBytes { bytes in
          scanned { () throws(OtherShape) in
            try fast.scan(bytes) { Symbol(venueName: $0.string) }
          } != nil
        }
        try read(bytes) { root throws(JSONError) in try slow.read(root) }
        #expect(isRead && fast.liquidations == slow.liquidations && !fast.liquidations.isEmpty)
      default: continue
      }
      counts[String(kind), default: 0] += 1
    }
    #expect(
      counts == ["orderbook": 55, "tickers": 9, "publicTrade": 2, "allLiquidation": 3])
  }

  @Test(
    arguments: [
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{"s":"X","b":[],"a":[]}}"#,
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{"s":"X","b":[["1"]],"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{"s":"X","b":[["0","1"]],"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{"s":"X","b":[["1","-1"]],"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","type":"other","ts":1,"data":{"s":"X","b":[],"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","ts":1,"data":{"s":"X","b":[],"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{"s":"X","b":{},"a":[],"u":1}}"#,
      #"{"topic":"orderbook.50.X","type":"delta","ts":1,"data":[]}"#,
    ])
  func `a book frame that lacks something is taken by neither`(frame: String) {
    let bytes = Array(frame.utf8)
    var book = BookFrame()
    let name = bytes.withUnsafeBytes { bytes in
      scanned { () throws(OtherShape) in try book.scan(bytes).string }
    }
    #expect(name == nil)
    #expect(throws: JSONError.self) {
      try read(bytes) { root throws(JSONError) in try book.read(root) }
    }
  }
}
