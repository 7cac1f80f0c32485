import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// What each endpoint is asked, and what is made of its answer.
@Suite(.timeLimit(.minutes(1)))
struct EndpointTests {
  private let clock = ManualClock()

  private func rest(_ http: ScriptedHTTP) throws -> BybitREST {
    try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: clock,
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  private func list(_ rows: JSONValue...) -> Result<HTTPResponse, HTTPError> { .page(rows) }

  private let order = OrderRequest(
    id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "0.12")

  private func body(_ request: HTTPRequest) throws -> JSONValue {
    try JSONValue(parsing: request.text)
  }

  // MARK: The market

  @Test func `candles beyond one answer are asked for in spans, oldest first`() async throws {
    let start = clock.now - .minutes(1500)
    func row(_ minute: Int64) -> JSONValue {
      let time = (start + .minutes(minute)).milliseconds
      return .array([
        .string("\(time)"), "10", "12", "9", "11", "100", "1100",
      ])
    }
    let http = ScriptedHTTP(
      .page((0..<1000).reversed().map { row($0) }),
      .page((1000...1500).reversed().map { row($0) }))
    let candles = try await rest(http).candles(
      of: "BTCUSDT", .oneMinute, from: start, through: clock.now + .hours(5))
    #expect(candles.count == 1501)
    #expect(candles.map(\.openTime) == candles.map(\.openTime).sorted())
    #expect(candles.first?.openTime == start)
    // The last one is still forming.
    #expect(candles.suffix(2).map(\.isClosed) == [true, false])
    #expect(candles[0].turnover == "1100")
    let span = { (from: Int64, to: Int64) in
      "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1"
        + "&start=\((start + .minutes(from)).milliseconds)"
        + "&end=\((start + .minutes(to)).milliseconds)&limit=1000"
    }
    #expect(http.requests.map(\.target) == [span(0, 999), span(1000, 1500)])
  }

  @Test(
    arguments: [
      (.oneMinute, "1"), (.threeMinutes, "3"), (.fiveMinutes, "5"), (.fifteenMinutes, "15"),
      (.oneHour, "60"), (.fourHours, "240"), (.oneDay, "D"),
    ] as [(CandleInterval, String)])
  func `intervals have the venue's names`(interval: CandleInterval, name: String) {
    #expect(interval.bybit == name)
    #expect(CandleInterval(bybit: name) == interval)
    #expect(CandleInterval(bybit: "720") == nil)
  }

  @Test func `funding is asked for backwards until the span is covered`() async throws {
    func row(_ hour: Int) -> JSONValue {
      [
        "symbol": "BTCUSDT", "fundingRate": "0.0001",
        "fundingRateTimestamp": .string("\((clock.now - .hours(Int64(hour))).milliseconds)"),
      ]
    }
    let http = ScriptedHTTP(.page((0..<200).map(row)), .page((200..<230).map(row)))
    let rates = try await rest(http).fundingHistory(
      of: "BTCUSDT", from: clock.now - .hours(229), through: clock.now)
    #expect(rates.count == 230)
    #expect(rates.first?.time == clock.now - .hours(229))
    let border = (clock.now - .hours(199)).milliseconds - 1
    #expect(http.requests[1].query.contains("&endTime=\(border)&"))
    #expect(http.requests.allSatisfy { $0.query.contains("startTime=") })
  }

  @Test func `the day's figures, price limits, books and prints are read`() async throws {
    let http = ScriptedHTTP(
      list(
        [
          "symbol": "BTCUSDT", "lastPrice": "100", "markPrice": "101", "turnover24h": "5000",
          "volume24h": "50", "prevPrice24h": "80", "openInterest": "7",
          "nextFundingTime": "1795180000000", "fundingRate": "",
        ], ["symbol": "BTCPERP", "lastPrice": "1"]),
      .code(0, result: ["symbol": "BTCUSDT", "buyLmt": "105", "sellLmt": "95", "ts": "1"]),
      .code(
        0,
        result: [
          "s": "BTCUSDT", "b": [["99", "1"]], "a": [["101", "2"]], "u": 7, "seq": 1, "ts": 5,
          "cts": 4,
        ]),
      list(
        ["symbol": "BTCUSDT", "price": "2", "size": "1", "side": "Buy", "time": "2000"],
        [
          "symbol": "BTCUSDT", "price": "3", "size": "1", "side": "Sell", "time": "1500",
          "isBlockTrade": true,
        ], ["symbol": "BTCUSDT", "price": "1", "size": "1", "side": "Sell", "time": "1000"]))
    let rest = try rest(http)
    let statistics = try await rest.dayStatistics()
    #expect(statistics.map(\.ticker.symbol) == ["BTCUSDT"])
    #expect(statistics[0].ticker.vwap24h == "100")
    #expect(statistics[0].ticker.fundingRate == nil)
    #expect(statistics[0].change == "0.25")
    #expect(statistics[0].nextFundingAt == Timestamp(milliseconds: 1_795_180_000_000))
    let limit = try await rest.priceLimit(of: "BTCUSDT")
    #expect((limit.highestBuy, limit.lowestSell) == ("105", "95"))
    let reading = try await rest.book(of: "BTCUSDT", depth: 5000)
    #expect(reading.book.mid == "100")
    #expect((reading.updateID, reading.time) == (7, Timestamp(milliseconds: 4)))
    #expect(http.requests[2].query.hasSuffix("limit=1000"))
    let trades = try await rest.recentTrades(of: "BTCUSDT")
    #expect(trades.map(\.price) == ["1", "2"])
    #expect(http.requests.allSatisfy { $0.headers["X-BAPI-SIGN"] == nil })
  }

  @Test(arguments: [("0.005", "0.01"), ("0.5", "1")])
  func `risk tiers are shares, also where the venue writes percents`(
    maintenance: String, initial: String
  ) async throws {
    let http = ScriptedHTTP(
      list([
        "id": 1, "symbol": "BTCUSDT", "riskLimitValue": "2000000", "isLowestRisk": 1,
        "maintenanceMargin": .string(maintenance), "initialMargin": .string(initial),
        "maxLeverage": "100.00", "mmDeduction": "",
      ]))
    let tiers = try await rest(http).riskTiers(of: "BTCUSDT")
    #expect(tiers.map(\.maintenanceMarginRate) == ["0.005"])
    #expect(tiers.map(\.initialMarginRate) == ["0.01"])
    #expect(tiers.map(\.deduction) == [nil])
  }

  @Test func `open interest is read page by page`() async throws {
    let row: JSONValue = ["openInterest": "461134384", "timestamp": "1669571400000"]
    let http = ScriptedHTTP(.page([row], next: "a"), .page([row]))
    let found = try await rest(http).openInterest(
      of: "BTCUSDT", every: .oneHour, from: .noon - .hours(9), through: .noon)
    #expect(found.map(\.amount) == ["461134384", "461134384"])
    #expect(http.requests[0].query.contains("intervalTime=1h&startTime="))
  }

  @Test func `one instrument is asked for by name, and may not exist`() async throws {
    let http = ScriptedHTTP(.code(10001, "params error: symbol invalid"), .page([]))
    let rest = try rest(http)
    #expect(try await rest.instrument("GONEUSDT") == nil)
    #expect(try await rest.instrument("GONEUSDT") == nil)
    #expect(http.requests[0].query == "category=linear&symbol=GONEUSDT")
  }

  // MARK: Orders

  @Test func `a conditional order says what it waits for`() async throws {
    let http = ScriptedHTTP(.code(0, result: ["orderId": "v1"]))
    var ticket = OrderTicket(order)
    ticket.trigger = OrderTrigger("65000", .rises, by: .mark)
    ticket.closesOnTrigger = true
    ticket.selfMatch = .cancelMaker
    ticket.slippage = .share("0.015")
    _ = try await rest(http).place(ticket)
    let sent = try body(http.requests[0])
    #expect(sent["triggerPrice"] == "65000")
    #expect(sent["triggerDirection"] == 1)
    #expect(sent["triggerBy"] == "MarkPrice")
    #expect(sent["closeOnTrigger"] == true)
    #expect(sent["smpType"] == "CancelMaker")
    #expect(sent["slippageToleranceType"] == "Percent")
    #expect(sent["slippageTolerance"] == "1.50")
  }

  @Test(
    arguments: [
      (.goodTillCancelled, "GTC"), (.immediateOrCancel, "IOC"), (.fillOrKill, "FOK"),
      (.postOnly, "PostOnly"),
    ] as [(TimeInForce, String)])
  func `a limit order says how long it stays`(force: TimeInForce, name: String) {
    var limit = order
    limit.kind = .limit("64000", force)
    #expect(OrderTicket(limit).body()["timeInForce"] == .string(name))
    #expect(TimeInForce(bybit: name) == force)
  }

  @Test func `attached exits are for the whole position or for a part of it`() {
    var entry = order
    entry.stop = "63000"
    entry.target = "66000"
    let full = OrderTicket(entry, exits: AttachedExits(.full, stopSource: .mark)).body()
    #expect(full["tpslMode"] == "Full")
    #expect(full["slTriggerBy"] == "MarkPrice")
    #expect(full["tpTriggerBy"] == nil)
    let part = OrderTicket(entry, exits: AttachedExits(.partial(targetLimit: "65990"))).body()
    #expect(part["tpslMode"] == "Partial")
    #expect(part["tpOrderType"] == "Limit")
    #expect(part["tpLimitPrice"] == "65990")
    #expect(part["slOrderType"] == nil)
    #expect(OrderTicket(order, exits: AttachedExits(.partial())).body()["tpslMode"] == nil)
  }

  @Test func `an order is amended by the venue's id where that is known`() async throws {
    let http = ScriptedHTTP(.code(0), .code(34040, "not modified"))
    let rest = try rest(http)
    let reference = OrderReference(symbol: "BTCUSDT", id: ClientOrderID("liq-1-1"), venueID: "v1")
    try await rest.amend(
      OrderChange(reference, quantity: "0.2", price: "64000", stop: .remove, target: .set("66000")))
    try await rest.amend(OrderChange(reference, triggerPrice: "63000"))
    #expect(
      http.requests[0].text
        == #"{"category":"linear","symbol":"BTCUSDT","orderId":"v1","qty":"0.2","price":"64000","#
        + #""stopLoss":"0","takeProfit":"66000"}"#)
    #expect(http.requests[0].target == "/v5/order/amend")
  }

  @Test func `a cancel-all that found nothing has no list`() async throws {
    let http = ScriptedHTTP(.code(0, result: ["success": "1"]))
    #expect(try await rest(http).cancelAll(symbol: nil, keepingProtection: false) == 0)
  }

  @Test func `what the margin would be is told before an order`() async throws {
    let http = ScriptedHTTP(
      .code(
        0, result: ["preImrE4": 30, "preMmrE4": 21, "postImrE4": 357, "postMmrE4": 294]))
    let forecast = try await rest(http).forecast(OrderTicket(order))
    #expect((forecast.initialBefore, forecast.initialAfter) == ("0.003", "0.0357"))
    #expect((forecast.maintenanceBefore, forecast.maintenanceAfter) == ("0.0021", "0.0294"))
  }

  @Test func `orders that ended are told once each`() async throws {
    let http = ScriptedHTTP(
      .page([Rows.order(link: "a", status: "Filled")]),
      .page([Rows.order(link: "a", status: "Filled")]))
    let orders = try await rest(http).orderHistory(since: clock.now - .hours(24 * 8))
    #expect(orders.map(\.id) == [ClientOrderID("a")])
    #expect(http.requests[0].query.hasPrefix("category=linear&settleCoin=USDT&limit=50&startTime="))
  }

  // MARK: Positions

  @Test func `protection is set for all or a part of a position, and trails`() async throws {
    let http = ScriptedHTTP(.code(0), .code(0), .code(34040))
    let rest = try rest(http)
    let key = PositionKey("BTCUSDT", .hedgeLong)
    try await rest.protect(
      TradingStop(key, trailing: .follow(distance: "120", activation: "66000")))
    try await rest.protect(
      TradingStop(
        key, scope: .partial("0.05", stopLimit: "62990"), stop: .set("63000"),
        target: .set("66000"), stopSource: .mark))
    try await rest.protect(TradingStop(key, stop: .remove, trailing: .remove))
    #expect(
      http.requests.map(\.text) == [
        #"{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":1,"#
          + #""trailingStop":"120","activePrice":"66000"}"#,
        #"{"category":"linear","symbol":"BTCUSDT","tpslMode":"Partial","positionIdx":1,"#
          + #""stopLoss":"63000","slTriggerBy":"MarkPrice","takeProfit":"66000","#
          + #""tpTriggerBy":"LastPrice","slSize":"0.05","tpSize":"0.05","slOrderType":"Limit","#
          + #""slLimitPrice":"62990"}"#,
        #"{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":1,"#
          + #""stopLoss":"0","slTriggerBy":"LastPrice","trailingStop":"0"}"#,
      ])
  }

  @Test func `position mode is set by symbol or for all`() async throws {
    let http = ScriptedHTTP(.code(110025), .code(0))
    let rest = try rest(http)
    try await rest.setPositionMode(.oneWay, for: "BTCUSDT")
    try await rest.setPositionMode(.hedge, for: nil)
    #expect(
      http.requests.suffix(2).map(\.text) == [
        #"{"category":"linear","symbol":"BTCUSDT","mode":0}"#,
        #"{"category":"linear","coin":"USDT","mode":3}"#,
      ])
  }

  @Test(arguments: [([0], PositionMode.oneWay), ([1, 2], .hedge)])
  func `a flat symbol has its settings, too, and its slots tell the position mode`(
    slots: [Int], mode: PositionMode
  ) async throws {
    let rows = slots.map { slot -> JSONValue in
      ["positionIdx": .integer(slot), "symbol": "BTCUSDT", "size": "0", "leverage": "7.5"]
    }
    let http = RoutedHTTP([
      "/v5/account/info": ["marginMode": "REGULAR_MARGIN", "unifiedMarginStatus": 5],
      "/v5/position/list": ["list": .array(rows)],
    ])
    let rest = try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: clock,
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
    let settings = try await rest.symbolSettings(of: "BTCUSDT")
    #expect(settings == SymbolSettings(marginMode: .cross, leverage: "7.5", positionMode: mode))
    #expect(rest.lastMarginMode == .cross)
  }

  @Test func `margin is added by hand and by itself`() async throws {
    let http = ScriptedHTTP(.code(0, result: ["symbol": "BTCUSDT"]), .code(0))
    let rest = try rest(http)
    try await rest.addMargin("-12.5", to: PositionKey("BTCUSDT"))
    try await rest.setAutoAddMargin(true, for: PositionKey("BTCUSDT", .hedgeShort))
    #expect(
      http.requests.map(\.text) == [
        #"{"category":"linear","symbol":"BTCUSDT","margin":"-12.5000","positionIdx":0}"#,
        #"{"category":"linear","symbol":"BTCUSDT","autoAddMargin":1,"positionIdx":2}"#,
      ])
  }

  @Test func `a margin mode that can't be set comes with the venue's reasons`() async throws {
    let http = ScriptedHTTP(
      .code(0, result: ["marginMode": "REGULAR_MARGIN"]),
      .code(
        3_400_045, "Set margin mode failed",
        result: ["reasons": [["reasonCode": "3400000", "reasonMsg": "Equity is too small"]]]))
    let rest = try rest(http)
    do throws(VenueError) {
      try await rest.setIsolatedMargin(for: "BTCUSDT")
      #expect(Bool(false))
    } catch {
      let reason = "Set margin mode failed: Equity is too small"
      #expect(
        error
          == .rejected(
            Rejection(code: 3_400_045, reason: reason, meaning: .marginModeBlocked)))
    }
    #expect(http.requests[1].text == #"{"setMarginMode":"ISOLATED_MARGIN"}"#)
  }

  // MARK: The account

  private func entry(
    _ type: String, _ change: String, at time: Int64, bonus: String = "", coin: String = "USDT"
  ) -> JSONValue {
    [
      "id": .string("id-\(time)"), "type": .string(type), "currency": .string(coin), "symbol": "",
      "change": .string(change), "cashFlow": .string(change), "bonusChange": .string(bonus),
      "funding": "", "fee": "", "transactionTime": .string("\(time)"),
    ]
  }

  /// So many ms before now.
  private func ago(_ milliseconds: Int64) -> Int64 { clock.now.milliseconds - milliseconds }

  @Test func `transfers are money that moved otherwise than by trading, oldest first`()
    async throws
  {
    let http = ScriptedHTTP(
      list(
        entry("TRADE", "-0.5", at: ago(1)), entry("WITHDRAW", "-30", at: ago(2)),
        entry("SETTLEMENT", "-0.1", at: ago(3)), entry("BONUS", "0", at: ago(4), bonus: "5"),
        entry("TRANSFER_OUT", "-200", at: ago(5)), entry("NOVELTY", "3", at: ago(6)),
        entry("TRANSFER_IN", "9", at: ago(7), coin: "BTC"), entry("DEPOSIT", "50", at: ago(8)),
        entry("TRANSFER_IN", "100", at: ago(9))))
    let transfers = try await rest(http).transfers(since: clock.now - .hours(1))
    #expect(transfers.map(\.amount) == ["100", "50", "-200", "5", "-30"])
    #expect(transfers.map(\.id).first == "id-\(ago(9))/TRANSFER_IN/\(ago(9))/100")
    #expect(Set(transfers.map(\.id)).count == 5)
    #expect(http.requests[0].query.hasPrefix("accountType=UNIFIED&currency=USDT&limit=50"))
  }

  @Test func `a ledger is read on from its last row, and nothing that was read is lost`()
    async throws
  {
    let http = ScriptedHTTP(
      list(entry("TRADE", "1", at: ago(60_000)), entry("TRANSFER_IN", "100", at: ago(3_000_000))),
      list(entry("TRANSFER_OUT", "-5", at: ago(30_000))))
    let rest = try rest(http)
    let start = clock.now - .hours(1)
    #expect(try await rest.transfers(since: start).map(\.amount) == ["100"])
    #expect(try await rest.transfers(since: start).map(\.amount) == ["100", "-5"])
    #expect(http.requests[0].query.contains("startTime=\(start.milliseconds)"))
    #expect(http.requests[1].query.contains("startTime=\(ago(660_000))"))
  }

  @Test func `a long ledger is read in pieces, and what was read stays when one can't be`()
    async throws
  {
    let http = ScriptedHTTP(
      list(entry("DEPOSIT", "7", at: ago(10 * 3_600_000 - 1))), list(),
      .failure(.connect("down")))
    let rest = try rest(http)
    let start = clock.now - .hours(10)
    await #expect(throws: VenueError.self) { _ = try await rest.transfers(since: start) }
    let asked = http.requests.count
    for _ in 0..<4 { http.add(list()) }
    #expect(try await rest.transfers(since: start).map(\.amount) == ["7"])
    // From the end of the second piece on, with the overlap.
    #expect(
      http.requests[asked].query.contains("startTime=\(ago(6 * 3_600_000 + 600_000))"))
  }

  @Test func `funding that was paid is told apart`() async throws {
    let http = ScriptedHTTP(list(entry("SETTLEMENT", "-0.1", at: 7)))
    let payments = try await rest(http).fundingPayments(since: clock.now - .hours(1))
    #expect(payments.map(\.amount) == ["-0.1"])
    #expect(http.requests[0].query.contains("&type=SETTLEMENT&"))
  }

  @Test func `funding comes with the ledger: what was paid, for which side, and told apart`()
    async throws
  {
    func settled(_ change: String, _ side: String, _ symbol: String = "BTCUSDT") -> JSONValue {
      [
        "id": "one-id", "type": "SETTLEMENT", "currency": "USDT", "symbol": .string(symbol),
        "side": .string(side), "change": .string(change), "cashFlow": "0", "bonusChange": "",
        "funding": .string(change), "fee": "0", "transactionTime": .string("\(ago(9))"),
      ]
    }
    let http = ScriptedHTTP(
      list(
        settled("-0.003676", "Buy"), settled("0.5", "Sell"), settled("-1", "None", "ETHUSDT"),
        settled("0", "Buy"), entry("TRADE", "-0.5", at: ago(1)),
        entry("TRANSFER_IN", "100", at: ago(10))))
    let ledger = try await rest(http).ledger(since: clock.now - .hours(1))
    #expect(ledger.transfers.map(\.amount) == ["100"])
    #expect(Set(ledger.funding.map(\.id)).count == 3)
    let bitcoin = ledger.funding.filter { $0.symbol == "BTCUSDT" }
    #expect(bitcoin.first { $0.side == .long }?.paid == "0.003676")
    #expect(bitcoin.first { $0.side == .short }?.paid == "-0.5")
    let ether = ledger.funding.first { $0.symbol == "ETHUSDT" }
    #expect(ether?.side == nil && ether?.paid == "1")
    #expect(ether?.time.milliseconds == ago(9))
    // With the transfers in one reading, and no question of its own.
    #expect(http.requests.count == 1)
  }

  @Test func `closed trades and fees are read`() async throws {
    let http = ScriptedHTTP(
      list([
        "symbol": "BTCUSDT", "orderId": "v1", "side": "Sell", "qty": "1", "closedSize": "0.5",
        "avgEntryPrice": "100", "avgExitPrice": "110", "closedPnl": "4.9", "leverage": "5",
        "createdTime": "1", "updatedTime": "2",
      ]),
      list(["symbol": "BTCUSDT", "takerFeeRate": "0.00055", "makerFeeRate": "-0.0001"]))
    let rest = try rest(http)
    let closed = try await rest.closedTrades(since: clock.now - .hours(1))
    #expect(closed.map(\.profit) == ["4.9"])
    #expect(closed.map(\.quantity) == ["0.5"])
    #expect(closed.map(\.openFee) == [nil])
    let fees = try await rest.feeRates(of: "BTCUSDT")
    #expect(fees.map(\.taker) == ["0.00055"])
    #expect(fees.map(\.maker) == ["-0.0001"])
  }

  @Test func `a key tells what it may do, from where and until when`() async throws {
    func key(_ more: JSONObject) -> Result<HTTPResponse, HTTPError> {
      var row: JSONObject = [
        "readOnly": 0, "permissions": ["ContractTrade": ["Order", "Position"], "Spot": []],
        "ips": ["*"], "expiredAt": "2026-12-22T07:20:25Z", "uta": 1, "isMaster": true,
        "userID": 24_617_703,
      ]
      for field in more.fields { row[field.key] = field.value }
      return .code(0, result: .object(row))
    }
    let http = ScriptedHTTP(
      key([:]), key(["readOnly": 1, "ips": ["1.2.3.4"], "expiredAt": "0001-01-01T00:00:00Z"]),
      key(["permissions": ["ContractTrade": ["Order"], "Wallet": ["Withdraw"]]]))
    let rest = try rest(http)
    let good = try await rest.keyInformation()
    #expect(good.mayTrade && !good.mayWithdraw && !good.isReadOnly && good.isUnified)
    #expect(good.addresses == [])
    #expect(good.expiresAt?.iso8601 == "2026-12-22T07:20:25.000Z")
    #expect(good.permissions == ["ContractTrade.Order", "ContractTrade.Position"])
    let bound = try await rest.keyInformation()
    #expect(!bound.mayTrade && bound.addresses == ["1.2.3.4"] && bound.expiresAt == nil)
    let rich = try await rest.keyInformation()
    #expect(!rich.mayTrade && rich.mayWithdraw)
  }

  @Test(arguments: ["", "2026-12-22", "2026-13-22T07:20:25Z", "2026-12-22T24:20:25Z", "x"])
  func `what is no date is none`(text: String) {
    #expect(Timestamp(bybitDate: text) == nil)
  }

  @Test func `orders are cancelled when all connections fall silent, if wished`() async throws {
    let http = ScriptedHTTP(
      .code(
        0,
        result: ["dcpInfos": [["product": "DERIVATIVES", "dcpStatus": "ON", "timeWindow": "10"]]]),
      .code(0), .code(0))
    let rest = try rest(http)
    let found = try await rest.disconnectProtection()
    #expect(found.map(\.product) == ["DERIVATIVES"])
    #expect(found.map(\.window) == [.seconds(10)])
    try await rest.setDisconnectProtection(window: .seconds(40))
    try await rest.setDisconnectProtection(window: .seconds(1))
    #expect(
      http.requests.suffix(2).map(\.text) == [
        #"{"product":"DERIVATIVES","timeWindow":40}"#, #"{"product":"DERIVATIVES","timeWindow":3}"#,
      ])
  }
}

extension EndpointTests {
  @Test(
    arguments: [
      ("[]", false, false),
      (#"[{"product":"SPOT","dcpStatus":"ON","timeWindow":"10"}]"#, false, false),
      (#"[{"product":"DERIVATIVES","dcpStatus":"ON","timeWindow":"20"}]"#, true, false),
      (#"[{"product":"DERIVATIVES","dcpStatus":"OFF","timeWindow":"0"}]"#, true, true),
    ])
  func `the dead man's switch is armed where the account has it`(
    infos: String, isArmed: Bool, isSet: Bool
  ) async throws {
    let found = try JSONValue(parsing: Array(infos.utf8))
    let http = ScriptedHTTP(.code(0, result: ["dcpInfos": found]), .code(0))
    let dead = DisconnectGuard(rest: try rest(http), log: Logger(label: "test"))
    await dead.arm()
    #expect(dead.isArmed == isArmed)
    let text = #"{"product":"DERIVATIVES","timeWindow":10}"#
    #expect(http.requests.dropFirst().map { $0.text } == (isSet ? [text] : []))
  }

  @Test func `where it can't be asked for, the dead man's switch stays off`() async throws {
    let http = ScriptedHTTP(.code(10_005))
    let dead = DisconnectGuard(rest: try rest(http), log: Logger(label: "test"))
    await dead.arm()
    #expect(!dead.isArmed)
  }
}

/// Answers by path, in whatever order requests come.
private struct RoutedHTTP: HTTPClient {
  let results: [String: JSONValue]

  init(_ results: [String: JSONValue]) { self.results = results }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let path = String(request.target.prefix { $0 != "?" })
    return try Result<HTTPResponse, HTTPError>.code(0, result: results[path] ?? [:]).get()
  }
}
