import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// What the loopback Binance tells everybody.
struct BinanceMarketDataTests {
  @Test func `market data is asked for by one symbol or for all`() async throws {
    let bench = await BinanceBench()
    let one = try await bench.get("v1/ticker/24hr", "symbol=BTCUSDT")
    #expect(one["weightedAvgPrice"] == "64000.00000000" && one["lastPrice"] == "64000.00")
    #expect(try await bench.get("v1/premiumIndex").array().count == 2)
    #expect(try await bench.get("v1/ticker/price").array().count == 2)
    #expect(try await bench.get("v1/ticker/bookTicker", "symbol=ETHUSDT")["bidPrice"] == "3200.00")
    #expect(try await bench.get("v1/openInterest", "symbol=BTCUSDT")["openInterest"] == "0.010")
    #expect(try await bench.get("v1/fundingInfo").array().count == 2)
    #expect(try await bench.get("v1/fundingRate", "symbol=BTCUSDT&limit=3").array().count == 3)
  }

  @Test func `the rules of a contract carry the filters that clients read`() async throws {
    let bench = await BinanceBench()
    let rules = try await bench.get("v1/exchangeInfo")
    let filters = try rules.array("symbols", 0, "filters")
    #expect(filters.contains { $0["filterType"] == "MIN_NOTIONAL" && $0["notional"] == "5" })
    #expect(try rules.array("rateLimits").count == 3)
    #expect(try rules.array("symbols", 0, "orderTypes").contains("STOP_MARKET"))
  }

  @Test(
    arguments: [
      ("v1/premiumIndex", "symbol=NOSUCH", -1121, 400), ("v1/depth", "", -1102, 400),
      ("v1/depth", "symbol=BTCUSDT&limit=7", -4021, 400),
      ("v1/klines", "symbol=BTCUSDT&interval=2m", -1120, 400),
      ("v1/klines", "symbol=BTCUSDT", -1102, 400),
      ("v1/klines", "symbol=BTCUSDT&interval=1m&limit=1501", -1130, 400),
      ("v1/klines", "symbol=BTCUSDT&interval=1m&limit=many", -1100, 400),
      ("v1/aggTrades", "symbol=BTCUSDT&startTime=0&endTime=3600001", -1127, 400),
      ("v1/aggTrades", "symbol=BTCUSDT&fromId=1&startTime=0", -1128, 400),
      ("v1/historicalTrades", "symbol=BTCUSDT", -2014, 401), ("v1/nothing", "", -5000, 404),
    ])
  func `what is asked wrongly is refused in Binance's words`(
    path: String, query: String, code: Int64, status: Int
  ) async throws {
    let bench = await BinanceBench()
    let response = await bench.server.handle(bench.request("GET", path, query))
    #expect(response.status == status)
    #expect(try JSONValue(parsing: response.body).integer("code") == code)
  }

  @Test(arguments: ["1m", "3m", "15m", "1h", "4h", "1d", "3d", "1w", "1M"])
  func `candles of every length join, and hold their own prices`(interval: String) async throws {
    let bench = await BinanceBench()
    await bench.move(to: "64100")
    let rows = try await bench.get(
      "v1/klines", "symbol=BTCUSDT&interval=\(interval)&limit=20"
    ).array()
    #expect(rows.count == 20)
    for (row, next) in zip(rows, rows.dropFirst()) {
      #expect(try row.integer(6) + 1 == next.integer(0))
      let (open, high, low, close): (Price, Price, Price, Price) = (
        try row.amount(1), try row.amount(2), try row.amount(3), try row.amount(4)
      )
      #expect(low <= min(open, close) && high >= max(open, close))
      #expect(try row.array().count == 12)
    }
    #expect(try rows.last?.string(4) == "64100.00")
  }

  @Test func `candles of a span begin with its start`() async throws {
    let bench = await BinanceBench()
    let start = (Timestamp.noon - .hours(2)).milliseconds
    let rows = try await bench.get(
      "v1/klines", "symbol=BTCUSDT&interval=1m&startTime=\(start)&limit=5"
    ).array()
    #expect(try rows.map { try $0.integer(0) } == (0..<5).map { start + $0 * 60_000 })
    let continuous = try await bench.get(
      "v1/continuousKlines",
      "pair=BTCUSDT&contractType=PERPETUAL&interval=1m&startTime=\(start)&limit=5")
    #expect(try continuous.array() == rows)
    let mark = try await bench.get("v1/markPriceKlines", "symbol=BTCUSDT&interval=1h&limit=2")
    #expect(try mark.string(0, 5) == "0")
  }

  @Test(arguments: ["0", "-9223372036854775808", "1577836800000"])
  func `what begins before everything begins with the first there is`(start: String) async throws {
    let bench = await BinanceBench()
    let candles = try await bench.get(
      "v1/klines", "symbol=BTCUSDT&interval=1d&startTime=\(start)&limit=3"
    ).array()
    #expect(
      try candles.map { try $0.integer(0) } == (0..<3).map { 1_585_526_400_000 + $0 * 86_400_000 })
    let rates = try await bench.get(
      "v1/fundingRate", "symbol=BTCUSDT&startTime=\(start)&limit=3"
    ).array()
    #expect(rates.count == 3)
    let none = try await bench.get(
      "v1/fundingRate", "symbol=BTCUSDT&startTime=9223372036854775807"
    ).array()
    #expect(none.count <= 1)
  }

  @Test func `trades are numbered, and asked for from a number on`() async throws {
    let bench = await BinanceBench()
    for price in ["64001", "64002", "64003"] as [Price] { await bench.move(to: price) }
    let trades = try await bench.get("v1/trades", "symbol=BTCUSDT&limit=2").array()
    #expect(try trades.map { try $0.integer("id") } == [2, 3])
    let aggregates = try await bench.get("v1/aggTrades", "symbol=BTCUSDT&fromId=2&limit=1")
    #expect(try aggregates.integer(0, "a") == 2 && aggregates.string(0, "p") == "64002.00")
    let old = try await bench.answer(
      bench.request(
        "GET", "v1/historicalTrades", "symbol=BTCUSDT&fromId=1&limit=1",
        key: BinanceBench.Signer().key))
    #expect(try old.integer(0, "id") == 1)
  }
}
