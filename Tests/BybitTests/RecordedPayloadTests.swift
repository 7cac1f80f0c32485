import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// Every recorded payload of Bybit: each decodes into the model, or is of a kind that is known and
/// left alone, with the reason here.
struct RecordedPayloadTests {
  /// What the bot leaves alone, by a part of the file's path or the topic.
  private static let ignored: [(mark: String, reason: String)] = [
    ("smp-group", "self-match groups belong to market makers"),
    ("DeleteApiKey", "the bot deletes no key"),
    ("GetAccountTypes", "sub-accounts are none of the bot's business"),
    ("GetCollateralInfo", "the bot borrows nothing"),
    ("GetMarginAccountInfo", "the bot borrows nothing"),
    ("SetCollateralAsset", "the bot borrows nothing"),
    ("SetPriceLimitBehavior", "the bot leaves the account's habits alone"),
    ("GetDeliveryPrice", "perpetuals are not delivered"),
    ("GetInsurance", "the insurance fund decides nothing here"),
    ("GetLongShortRatio", "no engine reads it"),
    ("GetSystemStatus", "the streams and requests tell of maintenance themselves"),
    ("SetTakeProfitStopLossMode", "deprecated by the venue"),
    ("SwitchCrossIsolatedMargin", "obsolete in unified accounts"),
    ("insurance.", "the insurance fund decides nothing here"),
    ("adlAlert.", "auto-deleveraging is told by executions"),
    ("orderbook.rpi.", "the book without retail price improvement is read"),
    ("greeks", "options are none of the bot's business"),
    ("trade.linear.", "a topic of an older version, which nobody subscribes to"),
  ]

  private func reason(_ text: String) -> String? {
    Self.ignored.first { text.contains($0.mark) }?.reason
  }

  // MARK: REST

  /// Names of files that do not name their path.
  private static let paths: [(mark: String, path: String)] = [
    ("account-info", "account/info"), ("account_info", "account/info"),
    ("dcp-info", "account/query-dcp-info"), ("order/dcp.", "order/disconnected-cancel-all"),
    ("instrument", "market/instruments-info"), ("set-margin-mode", "account/set-margin-mode"),
    ("transaction-log", "account/transaction-log"), ("wallet", "account/wallet-balance"),
    ("mark-kline", "market/mark-price-kline"), ("kline", "market/kline"),
    ("orderbook", "market/orderbook"), ("tickers", "market/tickers"),
    ("market/time", "market/time"), ("batch-amend", "order/amend-batch"),
    ("batch-cancel", "order/cancel-batch"), ("cancel-all", "order/cancel-all"),
    ("cancel_all", "order/cancel-all"), ("pre-check", "order/pre-check"),
    ("cancel-order", "order/cancel"), ("cancel_order", "order/cancel"),
    ("create-order", "order/create"), ("place_order", "order/create"),
    ("amend_order", "order/amend"), ("execution", "execution/list"),
    ("open-order", "order/realtime"), ("order-list", "order/history"), ("orders", "order/realtime"),
    ("close-pnl", "position/closed-pnl"), ("leverage", "position/set-leverage"),
    ("manual-add-margin", "position/add-margin"), ("position-mode", "position/switch-mode"),
    ("position", "position/list"), ("funding", "market/funding/history"),
    ("trades_recent", "market/recent-trade"),
  ]

  private func path(of file: String) throws -> String? {
    if let path = try Recorded.path(of: file) { return String(path.dropFirst("/v5/".count)) }
    return Self.paths.first { file.contains($0.mark) }?.path
  }

  /// How many values of the model come out of an answer; nil for a path that is not called.
  private func decoded(_ path: String, _ answer: BybitAnswer) throws(JSONError) -> Int? {
    let result = answer.result
    let category = result["category"]?.stringValue ?? "linear"
    switch path {
    case "account/info": _ = try AccountInformation(bybit: result)
    case "account/query-dcp-info":
      return try result.map("dcpInfos") { row throws(JSONError) in
        try DisconnectProtection(bybit: row)
      }.count
    case "account/transaction-log":
      return try result.map("list") { row throws(JSONError) in
        try TransactionLogEntry(bybit: row)
      }.count
    case "account/wallet-balance":
      return try result.map("list") { row throws(JSONError) in
        try Wallet(bybit: row, mode: .cross, at: .noon)
      }.count
    case "account/fee-rate":
      return try result.map("list") { row throws(JSONError) in try FeeRates(bybit: row) }.count
    case "user/query-api": _ = try APIKeyInformation(bybit: result)
    case "market/instruments-info":
      // Of other categories nothing is asked for.
      guard category == "linear" else { return 0 }
      return try result.map("list") { row throws(JSONError) in try Instrument(bybit: row) }.count
    case "market/kline":
      return try result.map("list") { row throws(JSONError) in
        try Candle(bybit: row, of: "BTCUSDT", .oneMinute, at: .noon)
      }.count
    case "market/mark-price-kline":
      return try result.map("list") { row throws(JSONError) in try PriceBar(bybit: row) }.count
    case "market/orderbook": _ = try BookReading(bybit: result)
    case "market/tickers":
      return try result.map("list") { row throws(JSONError) in
        try DayStatistics(bybit: row, at: .noon)
      }.count
    case "market/recent-trade":
      return try result.map("list") { row throws(JSONError) in try Trade(bybit: row) }.count
    case "market/funding/history":
      return try result.map("list") { row throws(JSONError) in try FundingRate(bybit: row) }.count
    case "market/risk-limit":
      return try result.map("list") { row throws(JSONError) in try RiskTier(bybit: row) }.count
    case "market/price-limit": _ = try PriceLimit(bybit: result)
    case "market/time": _ = try result.integer("timeNano")
    case "order/realtime", "order/history":
      return try result.map("list") { row throws(JSONError) in try Order(bybit: row) }.count
    case "execution/list":
      return try result.map("list") { row throws(JSONError) in try Fill(bybit: row) }.count
    case "position/list":
      return try result.map("list") { row throws(JSONError) in try Position(bybit: row) }.count
    case "position/closed-pnl":
      return try result.map("list") { row throws(JSONError) in try ClosedTrade(bybit: row) }.count
    case "order/pre-check": _ = try MarginForecast(bybit: result)
    case "order/create-batch", "order/amend-batch", "order/cancel-batch":
      return try result.array("list").count
    case "order/create": _ = try result.string("orderId")
    // Nothing is read off these but that they were carried out.
    case "order/amend", "order/cancel", "order/disconnected-cancel-all", "position/trading-stop",
      "position/add-margin", "order/cancel-all",
      "position/set-leverage", "position/switch-mode", "position/set-auto-add-margin",
      "account/set-margin-mode":
      break
    default: return nil
    }
    return 1
  }

  @Test func `every recorded answer decodes, is a refusal, or is left alone for a reason`() throws {
    var (values, refusals, left) = (0, 0, 0)
    for recorded in try Recorded.all(under: "bybit/rest") {
      if reason(recorded.file) != nil {
        left += 1
        continue
      }
      let answer = try BybitAnswer(recorded.json)
      guard answer.isSuccess else {
        #expect(BybitCode.known(answer.code) != nil, "\(recorded.file): \(answer.code)")
        refusals += 1
        continue
      }
      let path = try #require(try path(of: recorded.file), "\(recorded.file)")
      do throws(JSONError) {
        let count = try decoded(path, answer)
        #expect(count != nil, "\(recorded.file): \(path)")
        values += count ?? 0
      } catch {
        // Spot rows lack what contracts have; they are never asked for.
        let category = answer.result["category"]?.stringValue
        #expect(category == "spot" || category == "option", "\(recorded.file): \(error)")
        left += 1
      }
    }
    guard Fixtures.root != nil else { return }
    #expect((values, refusals, left) == (92, 2, 13))
  }

  // MARK: Streams

  @Test func `every recorded frame decodes, is an answer, or is left alone for a reason`() throws {
    var (rows, answers, left) = (0, 0, 0)
    for recorded in try Recorded.all(under: "bybit/ws-private")
      + Recorded.all(under: "bybit/ws-trade")
    {
      let frame = recorded.json
      guard let topic = frame["topic"]?.stringValue else {
        // Requests of the documentation, logins, acknowledgements, pongs, answers to orders.
        #expect(
          frame["op"] != nil || frame["type"] == "COMMAND_RESP" || frame["reqId"] != nil,
          "\(recorded.file)")
        if frame["retCode"] != nil { _ = try BybitAnswer(frame, result: "data") }
        answers += 1
        continue
      }
      for row in try frame.array("data") {
        let category = row["category"]?.stringValue ?? "linear"
        guard category == "linear" else {
          left += 1
          continue
        }
        switch topic {
        case "order": _ = try Order(bybit: row)
        case "execution": _ = try Fill(bybit: row)
        case "execution.fast": _ = try FastExecution(bybit: row)
        case "position":
          _ = try PositionKey(bybit: row)
          _ = try Position(bybit: row)
        case "wallet": _ = try Wallet(bybit: row, mode: .cross, at: .noon)
        default:
          #expect(reason(topic) != nil, "\(recorded.file): \(topic)")
          left += 1
          continue
        }
        rows += 1
      }
    }
    guard Fixtures.root != nil else { return }
    #expect((rows, answers, left) == (28, 43, 6))
  }

  @Test func `every recorded public topic is followed or left alone for a reason`() throws {
    for folder in ["bybit/ws-public", "bybit/live", "bybit/l2"] {
      for recorded in try Recorded.all(under: folder) {
        guard let topic = recorded.json["topic"]?.stringValue else { continue }
        let isBook500 = topic.hasPrefix("orderbook.500.")  // Offered until 2025-09.
        #expect(
          PublicTopic(name: topic) != nil || reason(topic) != nil || isBook500,
          "\(recorded.file): \(topic)")
      }
    }
  }

  // MARK: What is missing, and what is new

  /// One row of each kind that money depends on, with its reader.
  private static let kinds: [(name: String, row: JSONValue, needed: Set<String>)] = [
    (
      "order", Rows.order(link: "liq-1-1", status: "New"),
      [
        "orderId", "symbol", "side", "orderType", "orderStatus", "createdTime", "updatedTime",
      ]
    ),
    (
      "execution", Rows.fill(id: "1"),
      ["execId", "orderId", "symbol", "side", "execPrice", "execQty", "execTime"]
    ),
  ]

  private func read(_ kind: String, _ row: JSONValue) throws(JSONError) {
    if kind == "order" { _ = try Order(bybit: row) } else { _ = try Fill(bybit: row) }
  }

  @Test func `a needed field that is missing is named, and no other is needed`() throws {
    for (name, row, needed) in Self.kinds {
      for key in try row.object().keys {
        var fields = try row.object()
        fields[key] = nil
        do throws(JSONError) {
          try read(name, .object(fields))
          #expect(!needed.contains(key), "\(name) without \(key)")
        } catch {
          #expect(needed.contains(key), "\(name) without \(key)")
          #expect(error == .missing(path: key))
        }
      }
    }
  }

  @Test func `a field that nobody knows changes nothing`() throws {
    for (_, row, _) in Self.kinds {
      var fields = try row.object()
      for (index, value) in [JSONValue.null, [1, ["a": "b"]], "text", 7, true].enumerated() {
        fields["new\(index)"] = value
      }
      if row["execId"] == nil {
        #expect(try Order(bybit: .object(fields)) == Order(bybit: row))
      } else {
        #expect(try Fill(bybit: .object(fields)) == Fill(bybit: row))
      }
    }
  }
}
