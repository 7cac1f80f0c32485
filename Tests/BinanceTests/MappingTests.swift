import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// Every recorded payload is read, or is of a kind that has a name here and is none of our business.
struct MappingTests {
  /// Files of `rest` that nobody here asks for, by a part of their name and why.
  private static let notAsked: [(part: String, why: String)] = [
    ("ADL-Risk", "ADL risk"), ("AdlQuantile", "ADL risk"), ("ADL-Quantile", "ADL risk"),
    ("Statistics.1.json", "history of open interest"), ("Basis", "basis"), ("Ratio", "ratios"),
    ("_ratio", "ratios"), ("OpenInterestHistory", "history of open interest"),
    ("InsuranceFund", "insurance fund"), ("AssetIndexes", "asset index"),
    ("asset_index", "asset index"), ("index_info", "composite index"),
    ("PremiumIndexKlines", "reference candles"), ("MarkPriceKlines", "reference candles"),
    ("IndexPriceKlines", "reference candles"), ("index_price_klines", "reference candles"),
    ("mark_price_klines", "reference candles"), ("blvt", "leveraged tokens"),
    ("Price-Ticker", "last price alone"), ("ticker_price", "last price alone"),
    ("GetPrice.txt", "last price alone"), ("Multi-Assets", "multi-assets mode"),
    ("MultiAssets", "multi-assets mode"), ("Margin-Change-History", "history of margins"),
    ("MarginChangeHistory", "history of margins"), ("gocryptotrader", "read by its own test"),
    ("account_status_ack__coin_m", "coin-margined account"),
    ("account_status__dapi", "coin-margined account"),
  ]

  private static func rows(_ json: JSONValue) -> [JSONValue] {
    if case .array(let rows) = json { rows } else { [json] }
  }

  /// What reads a payload; nil for none.
  private static func read(_ name: String, _ json: JSONValue) throws -> String? {
    func each(_ kind: String, _ body: (JSONValue) throws -> Void) rethrows -> String {
      for row in rows(json) { try body(row) }
      return kind
    }
    let row = rows(json).first ?? .null
    if Refusal(json) != nil { return "refusal" }
    if json["code"] != nil && json["algoId"] == nil { return "success" }
    if json["filterType"] != nil || row["rateLimitType"] != nil || json == [:] { return "part" }
    if row["countdownTime"] != nil || row["code"] == "200" { return "done" }
    if row["algoId"] != nil { return try each("algo order") { _ = try AlgoOrder(row: $0) } }
    if row["incomeType"] != nil { return try each("income") { _ = try Income(binance: $0) } }
    if row["orderId"] != nil, row["commission"] != nil || row["realizedPnl"] != nil {
      return try each("account trade") { _ = try AccountTrade(binance: $0) }
    }
    if row["orderId"] != nil || row["code"] != nil {
      return try each("order") { if Refusal($0) == nil { _ = try Order(binance: $0) } }
    }
    if json["listenKey"] != nil { return "listen key" }
    if json["serverTime"] != nil, json["symbols"] == nil {
      _ = try json.time("serverTime")
      return "time"
    }
    if json["symbols"] != nil {
      #expect(try !BinanceREST.instruments(in: json).isEmpty)
      return "instruments"
    }
    if json["lastUpdateId"] != nil, json["bids"] != nil {
      _ = try DepthSnapshot(binance: json)
      return "depth"
    }
    if json["totalMarginBalance"] != nil {
      _ = try Wallet(binance: json, crossMaintenance: .zero, at: .noon)
      return "wallet"
    }
    if row["crossWalletBalance"] != nil, row["asset"] != nil, row["balance"] != nil {
      return try each("balance") { _ = try AssetBalance(binance: $0) }
    }
    if row["positionAmt"] != nil {
      return try each("position") { _ = try Position(binance: $0, leverage: .one) }
    }
    if row["brackets"] != nil {
      return try each("brackets") { _ = try LeverageBrackets(binance: $0) }
    }
    if row["maxNotionalValue"] != nil, row["marginType"] != nil {
      return try each("symbol settings") { _ = try SymbolSettings(binance: $0) }
    }
    if row["maxNotionalValue"] != nil { return "leverage" }
    if row["makerCommissionRate"] != nil {
      return try each("commission") { _ = try FeeRates(binance: $0) }
    }
    if row["dualSidePosition"] != nil {
      _ = try json.bool("dualSidePosition")
      return "position mode"
    }
    if row["fundingIntervalHours"] != nil { return "funding interval" }
    if row["fundingRate"] != nil { return try each("funding") { _ = try FundingRate(binance: $0) } }
    if row["markPrice"] != nil { return try each("mark") { _ = try MarkFigures(binance: $0) } }
    if row["weightedAvgPrice"] != nil {
      return try each("day") { _ = try DayStatistics(binance: $0) }
    }
    if row["bidPrice"] != nil { return try each("touch") { _ = try Ticker(binanceTouch: $0) } }
    if row["openInterest"] != nil {
      return try each("interest") { _ = try OpenInterest(binance: $0) }
    }
    if row["isBuyerMaker"] != nil {
      return try each("trade") { _ = try NumberedTrade(binance: $0, symbol: "BTCUSDT") }
    }
    if row["a"] != nil, row["m"] != nil {
      return try each("aggregate") {
        _ = try NumberedTrade(binanceAggregate: $0, symbol: "BTCUSDT")
      }
    }
    if case .array(let cells) = row, cells.count == 12 {
      return try each("candle") {
        _ = try Candle(binance: $0, symbol: "BTCUSDT", interval: .oneMinute, now: .noon)
      }
    }
    return nil
  }

  @Test func `every recorded answer of REST is read, or is of a kind that nobody asks for`() throws
  {
    guard Fixtures.root != nil else { return }
    var read: Set<String> = []
    for payload in try Payloads.all(under: "rest") {
      if Self.notAsked.contains(where: { payload.name.contains($0.part) }) { continue }
      do {
        if let kind = try Self.read(payload.name, payload.json) {
          read.insert(kind)
        } else {
          Issue.record("nobody reads \(payload.name)")
        }
      } catch {
        Issue.record("\(payload.name): \(error)")
      }
    }
    #expect(read.count == 29, "\(read.sorted())")
  }

  @Test func `answers that were recorded with their requests are read`() throws {
    guard let packed = try Fixtures.bytes("binance/rest/gocryptotrader/http-usdm.json.gz") else {
      return
    }
    let recorded = try JSONValue(parsing: gunzip(packed, limit: 1 << 26))
    var read = 0
    for route in try (recorded["routes"] ?? recorded).object().fields
    where route.key.hasPrefix("/fapi/")
      && !["indexInfo", "price"].contains(where: route.key.hasSuffix)
    {
      for exchange in try route.value.array("GET") {
        guard let data = exchange["data"], data != .null else { continue }
        do {
          #expect(try Self.read(route.key, data) != nil, "\(route.key)")
          read += 1
        } catch {
          Issue.record("\(route.key): \(error)")
        }
      }
    }
    #expect(read > 12)
  }

  @Test func `answers of the WebSocket API are those of REST inside`() throws {
    guard Fixtures.root != nil else { return }
    var read: [String: Int] = [:]
    for payload in try Payloads.all(under: "ws-api") where payload.json["method"] == nil {
      if let error = payload.json["error"] {
        #expect(Refusal(error) != nil)
        read["refusal", default: 0] += 1
        continue
      }
      let result = try payload.json.at("result")
      if result["authorizedSince"] != nil { continue }
      if payload.name.contains("GetPrice") || payload.name.contains("account_status__dapi") {
        continue
      }
      do {
        let kind = try Self.read(payload.name, result)
        #expect(kind != nil, "\(payload.name)")
        read[kind ?? "", default: 0] += 1
      } catch {
        Issue.record("\(payload.name): \(error)")
      }
    }
    #expect(read["order"] ?? 0 > 5 && read["refusal"] ?? 0 > 5 && read["position"] ?? 0 > 3)
  }

  @Test func `every recorded event of the account is read, or has a name and is ignored`() throws {
    guard Fixtures.root != nil else { return }
    var ignored: Set<String> = []
    var kinds: [String: Int] = [:]
    for payload in try Payloads.all(under: "ws-user") where payload.json["method"] == nil {
      do {
        switch try UserEvent(payload.json, memory: AccountMemory()) {
        case .ignored(let kind): ignored.insert(kind)
        case .order(_, let fill): kinds[fill == nil ? "order" : "fill", default: 0] += 1
        case .algoOrder: kinds["algo", default: 0] += 1
        case .account: kinds["account", default: 0] += 1
        case .earlyTrade: kinds["early", default: 0] += 1
        case .leverage, .multiAssets: kinds["config", default: 0] += 1
        case .marginCall: kinds["margin call", default: 0] += 1
        case .expired: kinds["expired", default: 0] += 1
        case .answer: kinds["answer", default: 0] += 1
        }
      } catch {
        Issue.record("\(payload.name): \(error)")
      }
    }
    #expect(
      ignored == [
        "CONDITIONAL_ORDER_TRIGGER_REJECT", "GRID_UPDATE", "STRATEGY_UPDATE",
        "order of another market", "account of another market",
      ])
    #expect(
      kinds == [
        "order": 8, "fill": 7, "algo": 5, "account": 6, "early": 2, "config": 3,
        "margin call": 3, "expired": 1, "answer": 4,
      ])
  }

  @Test func `every market frame reads alike by bytes and by simdjson`() throws {
    guard Fixtures.root != nil else { return }
    let fast = MarketFrameReader()
    let slow = MarketFrameReader()
    var byBytes = 0
    var ignored: Set<String> = []
    for payload in try Payloads.all(under: "ws-market") + Payloads.all(under: "live") {
      let bytes = payload.json.bytes
      let found: [MarketFrame]
      do {
        found = try slow.slowFrames(bytes)
      } catch {
        Issue.record("\(payload.name): \(error)")
        continue
      }
      for frame in found { if case .ignored(let kind) = frame { ignored.insert(kind) } }
      guard let scanned = fast.scanned(bytes) else {
        let kind = (payload.json["data"] ?? payload.json)["e"]?.stringValue
        // Depth of the spot market has no chain of ids.
        let isHot = ["depthUpdate", "aggTrade", "forceOrder"].contains(kind)
        #expect(!isHot || payload.name.contains("gocryptotrader"), "\(payload.name)")
        continue
      }
      byBytes += 1
      #expect([scanned] == found, "\(payload.name)")
      if scanned == .depth { #expect(fast.depth == slow.depth, "\(payload.name)") }
    }
    #expect(byBytes >= 20)
    #expect(
      ignored == [
        "24hrMiniTicker", "assetIndexUpdate", "compositeIndex", "contractInfo",
        "continuous_kline", "TRADE_LITE",
        // Of the spot market.
        "outboundAccountPosition", "balanceUpdate", "listStatus", "executionReport",
      ])
  }

  @Test func `each hot frame of the recording reads alike both ways`() throws {
    guard let lines = try Recording.lines() else { return }
    let fast = MarketFrameReader()
    let slow = MarketFrameReader()
    for line in lines.prefix(20_000) {
      let bytes = Array(line)
      guard bytes.starts(with: #"{"stream""#.utf8) else { continue }
      let scanned = try #require(fast.scanned(bytes))
      #expect(try slow.slowFrames(bytes) == [scanned])
      if scanned == .depth { #expect(fast.depth == slow.depth) }
    }
  }

  @Test(
    arguments: [
      #"{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["1","-1"]],"a":[]}"#,
      #"{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}"#,
      #"{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["1"]],"a":[]}"#,
      #"{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":{},"a":[]}"#,
      #"{"e":"aggTrade","E":1,"s":"BTCUSDT","a":1,"p":"1","q":"1","T":1}"#,
      #"{"e":"kline","E":1,"s":"BTCUSDT","k":{"i":"1m"}}"#,
      #"{"e":"bookTicker","s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}"#,
    ])
  func `a frame that lacks what it must have is an error, never a guess`(frame: String) {
    let reader = MarketFrameReader()
    #expect(throws: JSONError.self) { try reader.frames(Array(frame.utf8)) }
  }
}
