import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

struct MarketHandlerTests {
  private let book = EventBook()
  private let handler: MarketHandler

  init() { handler = MarketHandler(clock: ManualClock(), publish: book.take) }

  private func take(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { handler.received($0, kind: .text) }
  }

  private func forceOrder(_ order: JSONObject = [:], beside: JSONObject = [:]) -> JSONValue {
    var fields: JSONObject = [
      "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "0.190", "p": "82338.30",
      "ap": "82651.90", "X": "FILLED", "l": "0.155", "z": "0.190", "T": 1_795_175_999_000,
    ]
    for field in order.fields { fields[field.key] = field.value }
    var event: JSONObject = ["e": "forceOrder", "E": 1_795_176_000_000, "o": .object(fields)]
    for field in beside.fields { event[field.key] = field.value }
    return .object(event)
  }

  private static func ticker(_ symbol: String, _ more: JSONObject = [:]) -> JSONValue {
    var event: JSONObject = [
      "e": "24hrTicker", "E": 1_795_176_000_000, "s": .string(symbol), "o": "64000",
      "c": "64210.50", "w": "64100.25", "q": "1000000.5",
    ]
    for field in more.fields { event[field.key] = field.value }
    return .object(event)
  }

  @Test(arguments: [("SELL", PositionSide.long), ("BUY", .short)])
  func `a liquidation names the side of the order, which closed the other`(
    side: String, closed: PositionSide
  ) {
    #expect(take(forceOrder(["S": .string(side)]).text))
    #expect(
      book.market == [
        .liquidation(
          Liquidation(
            venue: .binance, symbol: "BTCUSDT", closed: closed, price: "82338.3",
            averagePrice: "82651.9", quantity: "0.19", time: .noon))
      ])
  }

  @Test func `what is told shows that a connection lives, an answer to a question does not`() {
    let line = LinkLine("Binance public 0")
    let handler = MarketHandler(
      links: [.prices], on: line, clock: ManualClock(), publish: book.take)
    let read = { (text: String) in
      Array(text.utf8).withUnsafeBytes { handler.received($0, kind: .text) }
    }
    #expect(read(#"{"result":["btcusdt@bookTicker"],"id":1000000}"#))
    #expect(book.events.isEmpty)
    #expect(read(JSONValue.array([Self.ticker("BTCUSDT")]).text))
    #expect(book.events.first == .link(.prices, of: .binance, on: line, isUp: true, detail: ""))
  }

  @Test func `combined streams wrap what raw ones send bare`() {
    #expect(take(forceOrder().text))
    #expect(take(JSONValue.object(["stream": "!forceOrder@arr", "data": forceOrder()]).text))
    #expect(book.market.count == 2)
    #expect(book.market[0] == book.market[1])
  }

  @Test func `tickers bring last price, average price and turnover; marks bring the mark`() {
    #expect(take(JSONValue.array([Self.ticker("BTCUSDT")]).text))
    let mark: JSONValue = [
      "e": "markPriceUpdate", "E": 1_795_176_000_000, "s": "BTCUSDT", "p": "64208.1",
      "i": "64209", "r": "", "T": 0,
    ]
    #expect(take(JSONValue.object(["stream": "x", "data": [mark]]).text))
    #expect(
      book.market == [
        .ticker(
          Ticker(
            venue: .binance, symbol: "BTCUSDT", last: "64210.5", vwap24h: "64100.25",
            turnover24h: "1000000.5", time: .noon)),
        .ticker(
          Ticker(
            venue: .binance, symbol: "BTCUSDT", mark: "64208.1", index: "64209", time: .noon)),
      ])
  }

  @Test func `coin-margined contracts, quarterlies and other quotes are none of ours`() {
    let tickers: [JSONValue] = [
      Self.ticker("BTCUSD_PERP", ["st": 2]), Self.ticker("BTCUSDT", ["st": 2]),
      Self.ticker("BTCUSDT_260327"), Self.ticker("BTCUSDC"), Self.ticker("BTCUSDC", ["st": 1]),
      Self.ticker("ETHUSDT", ["st": 1]), Self.ticker("币安人生USDT"),
    ]
    #expect(take(JSONValue.array(tickers).text))
    #expect(take(forceOrder(["s": "BTCUSD_PERP", "st": 2]).text))
    #expect(take(forceOrder(["st": 2]).text))
    #expect(take(forceOrder(beside: ["st": 2]).text))
    #expect(take(forceOrder(["s": "BTCUSDC"]).text))
    #expect(take(forceOrder(["st": 1], beside: ["st": 1]).text))
    #expect(
      book.words.filter { !$0.hasPrefix("link") } == [
        "ticker ETHUSDT", "ticker 币安人生USDT", "liquidation BTCUSDT long",
      ])
  }

  @Test(
    arguments: [
      "", "nonsense", #"{"e":"forceOrder","E":1}"#, #"{"e":"forceOrder","E":1,"o":[]}"#,
      #"{"e":"24hrTicker","E":1,"s":"BTCUSDT","c":"many"}"#,
      #"{"e":"24hrTicker","E":1,"s":7,"c":"1"}"#,
      #"{"e":"markPriceUpdate","s":"BTCUSDT","p":"1"}"#,
    ])
  func `what can't be read says so and tells nothing`(frame: String) {
    #expect(!take(frame))
    #expect(book.market == [])
  }

  @Test func `a side that nobody knows is an error, never a guess`() {
    #expect(!take(forceOrder(["S": "UP"]).text))
    #expect(book.market == [])
  }

  @Test func `one ticker that can't be read costs itself alone, and is counted`() {
    let tickers = [
      Self.ticker("AUSDT"), Self.ticker("BUSDT", ["c": "many"]), Self.ticker("CUSDT"),
    ]
    #expect(!take(JSONValue.array(tickers).text))
    #expect(book.words.filter { $0.hasPrefix("ticker") } == ["ticker AUSDT", "ticker CUSDT"])
  }

  @Test func `answers and events of other kinds are passed over`() {
    for frame in [
      #"{"result":null,"id":1}"#, #"{"e":"24hrMiniTicker","s":"BTCUSDT","c":"1"}"#,
      #"{"e":"contractInfo","E":1}"#, "[]", "{}",
    ] {
      #expect(take(frame))
    }
    #expect(book.words == ["link liquidations up"])
  }

  @Test func `every recorded market frame is read or known to be none of ours`() throws {
    guard Fixtures.root != nil else { return }
    var frames: [String] = []
    for folder in ["binance/ws-market", "binance/live"] {
      for file in Fixtures.files(under: folder, extension: "json") {
        frames.append(String(decoding: try Fixtures.bytes(of: file), as: UTF8.self))
      }
      for file in Fixtures.files(under: folder, extension: "jsonl") {
        let text = String(decoding: try Fixtures.bytes(of: file), as: UTF8.self)
        frames += text.split(separator: "\n").map(String.init)
      }
    }
    for frame in frames { #expect(take(frame), "\(frame)") }
    var kinds: [String: Int] = [:]
    for word in book.words { kinds[String(word.prefix { $0 != " " }), default: 0] += 1 }
    #expect(kinds == ["link": 1, "liquidation": 5, "ticker": 10, "trade": 2])
  }
}
