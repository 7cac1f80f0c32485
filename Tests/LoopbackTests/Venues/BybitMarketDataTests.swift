import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// What everybody may ask the loopback Bybit about its market.
struct BybitMarketDataTests {
  private let bench = VenueBench()

  private func happen(_ price: Price, _ quantity: Quantity = "1") async {
    bench.market.happen(
      .trade(
        Trade(
          venue: .bybit, symbol: "BTCUSDT", price: price, quantity: quantity, aggressor: .buy,
          time: bench.clock.now)))
    await bench.exchange.advance()
  }

  @Test(arguments: ["1", "15", "60", "720", "D", "W", "M"])
  func `candles come newest first, seven texts each, without gaps`(interval: String) async throws {
    await happen("64010")
    let rows = try await bench.rows(
      "market/kline", "category=linear&symbol=BTCUSDT&interval=\(interval)&limit=25")
    #expect(rows.count == 25)
    var last: Int64?
    for row in rows {
      let texts = try row.array().map { try $0.string() }
      #expect(texts.count == 7)
      let start = try #require(Int64(texts[0]))
      if let last { #expect(start < last) }
      last = start
    }
    #expect(try rows[0].string(4) == "64010.00")
    for (later, earlier) in zip(rows, rows.dropFirst()) {
      #expect(try later.string(1) == earlier.string(4))
    }
  }

  @Test func `candles of a span begin where it begins`() async throws {
    let start = bench.clock.now.milliseconds - 3_600_000
    let all = try await bench.rows(
      "market/kline", "category=linear&symbol=BTCUSDT&interval=1&start=\(start)&limit=10")
    #expect(try all.map { try $0.string(0) }.last == "\(start)")
    #expect(all.count == 10)
    let few = try await bench.rows(
      "market/kline", "symbol=BTCUSDT&interval=5&start=\(start)&end=\(start + 900_000)")
    #expect(few.count == 4)
    let mark = try await bench.rows("market/mark-price-kline", "symbol=BTCUSDT&interval=5&limit=1")
    #expect(try mark[0].array().count == 5)
    for query in ["symbol=BTCUSDT&interval=2", "symbol=NOUSDT&interval=1", "interval=1"] {
      #expect(try await bench.get("market/kline", query).integer("retCode") == 10001)
    }
  }

  @Test func `the book has the update number of the deepest stream and the touch of the ticker`()
    async throws
  {
    let book = try await bench.get("market/orderbook", "category=linear&symbol=BTCUSDT&limit=200")
    #expect(try book.array("result", "b").count == 200)
    #expect(try book.array("result", "a").count == 200)
    let ticker = try await bench.rows("market/tickers", "category=linear&symbol=BTCUSDT")[0]
    #expect(try book.string("result", "b", 0, 0) == ticker.string("bid1Price"))
    #expect(try book.string("result", "b", 0, 1) == ticker.string("bid1Size"))
    #expect(try book.integer("result", "cts") < book.integer("result", "ts"))
    let plain = try await bench.get("market/orderbook", "category=linear&symbol=BTCUSDT")
    #expect(try plain.array("result", "a").count == 25)
    #expect(
      try await bench.get("market/orderbook", "category=linear&symbol=BTCUSDT&limit=1001")
        .integer("retCode") == 10001)
  }

  @Test func `trades come newest first with ids of their own`() async throws {
    for price in ["64001", "64002", "64000.5"] as [Price] { await happen(price, "0.25") }
    let rows = try await bench.rows(
      "market/recent-trade", "category=linear&symbol=BTCUSDT&limit=2")
    #expect(try rows.map { try $0.string("price") } == ["64000.50", "64002.00"])
    #expect(try rows[0].string("size") == "0.250" && rows[0].string("side") == "Buy")
    #expect(try rows[0].string("execId") != rows[1].string("execId"))
  }

  @Test func `funding needs an end with its start, and is settled on the interval`() async throws {
    let symbol = "category=linear&symbol=BTCUSDT"
    let rows = try await bench.rows("market/funding/history", "\(symbol)&limit=3")
    let times = try rows.map { try #require(Int64(try $0.string("fundingRateTimestamp"))) }
    #expect(times.count == 3 && times == times.sorted(by: >))
    #expect(times.allSatisfy { $0 % 28_800_000 == 0 && $0 <= bench.clock.now.milliseconds })
    #expect(
      try await bench.get("market/funding/history", "\(symbol)&startTime=1").integer("retCode")
        == 10001)
  }

  @Test func `open interest pages by its cursor`() async throws {
    let query = "category=linear&symbol=BTCUSDT&intervalTime=1h&limit=4"
    let first = try await bench.get("market/open-interest", query)
    let cursor = try first.string("result", "nextPageCursor")
    let second = try await bench.rows("market/open-interest", "\(query)&cursor=\(cursor)")
    let last = try first.array("result", "list").last?.string("timestamp") ?? ""
    #expect(Int64(try second[0].string("timestamp")) == Int64(last).map { $0 - 3_600_000 })
  }

  @Test func `what is not linear is empty, and what is no category is refused`() async throws {
    for path in ["market/instruments-info", "market/tickers", "order/realtime", "position/list"] {
      for category in ["spot", "inverse", "option"] {
        #expect(try await bench.rows(path, "category=\(category)").isEmpty)
      }
      #expect(try await bench.get(path, "category=bonds").integer("retCode") == 10001)
    }
    let coming = try await bench.rows("market/instruments-info", "category=linear&status=PreLaunch")
    #expect(coming.isEmpty)
  }

  @Test func `limits of risk and of price are told`() async throws {
    let tier = try await bench.rows("market/risk-limit", "category=linear&symbol=BTCUSDT")[0]
    #expect(
      try tier.string("maintenanceMargin") == "0.005" && tier.string("initialMargin") == "0.01")
    let bounds = try await bench.get("market/price-limit", "symbol=BTCUSDT")
    #expect(try bounds.string("result", "buyLmt") == "67200.00")
    #expect(try bounds.string("result", "sellLmt") == "60800.00")
  }
}
