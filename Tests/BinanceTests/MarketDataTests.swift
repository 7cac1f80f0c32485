import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What needs no account.
struct MarketDataTests {
  private let bench: RESTBench
  private var http: ScriptedHTTP { bench.http }
  private var rest: BinanceREST { bench.rest }

  init() throws { bench = try RESTBench(keys: nil) }

  @Test func `instruments take their rules from the filters, never from the precisions`()
    async throws
  {
    guard
      let bytes = try Fixtures.bytes("binance/rest/docs/market-data__Exchange-Information.1.json")
    else { return }
    http.on("GET /fapi/v1/exchangeInfo", .json(String(decoding: bytes, as: UTF8.self)))
    http.on(
      "GET /fapi/v1/fundingInfo",
      .json(#"[{"symbol":"BLZUSDT","fundingIntervalHours":4}]"#))
    let instrument = try #require(try await rest.instruments().first)
    #expect(instrument.symbol == "BLZUSDT" && instrument.isTrading)
    #expect(instrument.tickSize == "0.0001" && instrument.quantityStep == "1")
    #expect(instrument.fundingInterval == .hours(4) && instrument.leverageStep == .one)
    #expect(instrument.maxLeverage == .times(20))
  }

  private static func candle(_ index: Int) -> String {
    let start = 1_795_000_000_000 / 60_000 * 60_000 + index * 60_000
    return #"[\#(start),"10","12","9","11","5",\#(start + 59_999),"55",3,"2","22","0"]"#
  }

  @Test func `candles come page by page until the span is full`() async throws {
    let first = (0..<1500).map(Self.candle).joined(separator: ",")
    let second = (1500..<1510).map(Self.candle).joined(separator: ",")
    http.on("GET /fapi/v1/klines", .json("[\(first)]"), .json("[\(second)]"))
    let start = Timestamp(milliseconds: 1_795_000_000_000 / 60_000 * 60_000)
    let candles = try await rest.candles(
      of: "BTCUSDT", .oneMinute, from: start, to: start + .minutes(1510))
    #expect(candles.count == 1510)
    #expect(Set(candles.map(\.openTime)).count == 1510)
    #expect(candles.allSatisfy { $0.isClosed && $0.isCoherent })
    let nextStart = (start + .minutes(1500)).milliseconds
    #expect(http.lines.last?.contains("startTime=\(nextStart)&") == true)
    #expect(http.lines.last?.hasSuffix("limit=11") == true)
  }

  @Test func `a candle that has not ended still forms`() async throws {
    http.on("GET /fapi/v1/klines", .json("[\(Self.candle(0))]"))
    let before = try await rest.latestCandles(of: "BTCUSDT", .oneMinute, count: 1)
    #expect(before.map(\.isClosed) == [true])
    let start = Timestamp.noon.milliseconds
    http.on(
      "GET /fapi/v1/klines",
      .json("[[\(start),\"10\",\"12\",\"9\",\"11\",\"5\",0,\"55\",3,\"2\",\"22\",\"0\"]]"))
    _ = try await rest.latestCandles(of: "BTCUSDT", .oneMinute, count: 1)
    let after = try await rest.latestCandles(of: "BTCUSDT", .oneMinute, count: 1)
    #expect(after.map(\.isClosed) == [false])
  }

  @Test(arguments: [
    (50, 1), (99, 1), (100, 2), (499, 2), (500, 5), (1000, 5), (1001, 10), (1500, 10),
  ])
  func `more candles weigh more`(limit: Int, weight: Int) {
    #expect(BinanceREST.weight(ofCandles: limit) == weight)
  }

  @Test func `tickers of other quotes and quarterlies are left out`() async throws {
    func row(_ symbol: String) -> String {
      #"{"symbol":"\#(symbol)","bidPrice":"4.0","bidQty":"431","askPrice":"0","askQty":"0","time":1}"#
    }
    http.on(
      "GET /fapi/v1/ticker/bookTicker",
      .json("[\(row("ETHUSDT")),\(row("BTCUSDT_260327")),\(row("BTCUSDC")),\(row("ADAUSDT"))]"))
    let touches = try await rest.touches()
    #expect(touches.map(\.symbol) == ["ADAUSDT", "ETHUSDT"])
    #expect(touches.allSatisfy { $0.bid == "4" && $0.ask == nil })
  }

  @Test func `crowded hours of trades go on by number`() async throws {
    func page(_ range: Range<Int>) -> String {
      "["
        + range.map {
          #"{"a":\#($0),"p":"10","q":"1","f":1,"l":1,"T":\#(Timestamp.noon.milliseconds + Int64($0)),"m":true}"#
        }.joined(separator: ",") + "]"
    }
    http.on("GET /fapi/v1/aggTrades", .json(page(0..<1000)), .json(page(1000..<1200)))
    let trades = try await rest.aggregateTrades(
      of: "BTCUSDT", from: .noon, to: .noon + .seconds(30))
    #expect(trades.map(\.number) == Array(0..<1200))
    #expect(trades.allSatisfy { $0.trade.aggressor == .sell })
    #expect(http.lines.last?.contains("fromId=1000") == true)
  }

  @Test func `a depth that is asked for weighs by its levels`() async throws {
    http.on(
      "GET /fapi/v1/depth",
      .json(#"{"lastUpdateId":5,"E":1,"T":2,"bids":[["4.0","431"]],"asks":[["4.1","12"]]}"#))
    let snapshot = try await rest.depth(of: "BTCUSDT", limit: .hundred)
    #expect(snapshot.lastUpdateID == 5 && snapshot.bids == [BookLevel("4", "431")])
    #expect(http.lines == ["GET /fapi/v1/depth symbol=BTCUSDT&limit=100"])
    #expect(BinanceREST.DepthLimit.allCases.map(\.weight) == [2, 2, 2, 2, 5, 10, 20])
  }
}
