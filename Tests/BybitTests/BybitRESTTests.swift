import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

@Suite(.timeLimit(.minutes(1)))
struct BybitRESTTests {
  private let clock = ManualClock()
  private let keys = BybitKeys(key: Secret("key"), secret: Secret("secret"))

  private func rest(
    _ http: ScriptedHTTP, keys: BybitKeys? = nil, clock: (any WallClock)? = nil
  ) throws -> BybitREST {
    try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: keys ?? self.keys, clock: clock ?? self.clock,
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  private let order = OrderRequest(
    id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "0.12",
    kind: .limit("64210.5", .postOnly), stop: "63250", target: "66100")

  /// What a call ends with.
  private func error<Value>(
    _ body: () async throws(VenueError) -> Value
  ) async -> VenueError? {
    do throws(VenueError) {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  // MARK: What goes out

  @Test func `a request is signed over just the bytes that go out`() async throws {
    let http = ScriptedHTTP(.code(0, result: ["orderId": "v1"]), .page([]))
    let rest = try rest(http)
    #expect(try await rest.place(order) == "v1")
    _ = try await rest.fills(since: .noon)
    let (placed, read) = (http.requests[0], http.requests[1])
    #expect(
      placed.text == #"{"category":"linear","symbol":"BTCUSDT","side":"Buy","qty":"0.12","#
        + #""orderLinkId":"liq-1-1","positionIdx":0,"orderType":"Limit","price":"64210.5","#
        + #""timeInForce":"PostOnly","tpslMode":"Full","stopLoss":"63250","takeProfit":"66100"}"#)
    #expect(placed.target == "/v5/order/create")
    for (request, content) in [(placed, placed.text), (read, read.query)] {
      #expect(request.headers["X-BAPI-API-KEY"] == "key")
      #expect(request.headers["X-BAPI-TIMESTAMP"] == "1795176000000")
      #expect(request.headers["X-BAPI-RECV-WINDOW"] == "5000")
      #expect(
        request.headers["X-BAPI-SIGN"]
          == SigningKey.hmac(Secret("secret")).signature(of: "1795176000000key5000" + content))
    }
    #expect(!"\(placed) \(rest)".contains("secret\""))
  }

  @Test func `a market order that only reduces says so and has no price`() async throws {
    let http = ScriptedHTTP(.code(0, result: ["orderId": "v1"]))
    let close = OrderRequest(
      id: ClientOrderID("risk-1-2"), symbol: "ETHUSDT", slot: .hedgeShort, side: .buy,
      quantity: "1", reduceOnly: true)
    _ = try await rest(http).place(close)
    let body = try JSONValue(parsing: http.requests[0].text)
    #expect(body["orderType"] == "Market")
    #expect(body["reduceOnly"] == true)
    #expect(body["positionIdx"] == 2)
    #expect(body["price"] == nil)
    #expect(body["tpslMode"] == nil)
  }

  @Test func `without a key nothing signed goes out`() async throws {
    let http = ScriptedHTTP(.page([]))
    let rest = try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: nil, clock: clock, log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
    guard
      case .unauthorised? = await error({ () async throws(VenueError) in
        try await rest.readAccount()
      })
    else { return #expect(Bool(false)) }
    #expect(try await rest.instruments() == [])
    #expect(
      http.requests.map(\.target) == ["/v5/market/instruments-info?category=linear&limit=1000"])
  }

  // MARK: What comes back

  @Test(
    arguments: [
      (.connect("refused"), .unreachable("no connection: refused")),
      (.tls("expired"), .unreachable("no secure connection: expired")),
      (.timedOut(bodySent: false), .unreachable("no answer in time, request not sent")),
      (.timedOut(bodySent: true), .outcomeUnknown),
      (.broken(bodySent: true, "reset"), .outcomeUnknown),
      (.tooLarge(limitBytes: 9), .outcomeUnknown), (.cancelled(bodySent: true), .outcomeUnknown),
      (.busy(limit: 64), .unreachable("64 requests are under way already")),
    ] as [(HTTPError, VenueError)])
  func `an order without an answer may exist once it was out`(
    failure: HTTPError, expected: VenueError
  ) async throws {
    let rest = try rest(ScriptedHTTP(.failure(failure)))
    let error = await error { () async throws(VenueError) in try await rest.place(order) }
    #expect(error == expected)
  }

  @Test func `a question without an answer may be asked again`() async throws {
    let rest = try rest(ScriptedHTTP(.failure(.timedOut(bodySent: true)), .status(502, "<html>")))
    for _ in 0..<2 {
      let error = await error { () async throws(VenueError) in try await rest.fills(since: .noon) }
      guard case .unreachable? = error else { return #expect(Bool(false), "\(error as Any)") }
    }
  }

  @Test(
    arguments: [
      (.status(502, "<html>"), .outcomeUnknown), (.status(504), .outcomeUnknown),
      (.status(200, "<html>"), .outcomeUnknown), (.status(200, ""), .outcomeUnknown),
      (.status(200, "{}"), .malformed("retCode is missing")),
      (.code(0, result: [:]), .outcomeUnknown),
      (.code(0, result: ["orderId": ""]), .outcomeUnknown),
      (.status(403, "access too frequent"), .rateLimited(retryAfter: .seconds(600))),
      (.status(403, "<html>CloudFront"), .unauthorised(code: 403, "<html>CloudFront")),
      (.status(401, "who?"), .unauthorised(code: 401, "who?")),
      (.status(429, "", headers: ["Retry-After": "4"]), .rateLimited(retryAfter: .seconds(4))),
      (.status(404, "<html>"), .malformed("HTTP 404: <html>")),
      (.status(500, #"{"retCode":10016,"retMsg":"x"}"#), .outcomeUnknown),
    ] as [(Result<HTTPResponse, HTTPError>, VenueError)])
  func `an order that meets a gateway may exist unless that is denied`(
    answer: Result<HTTPResponse, HTTPError>, expected: VenueError
  ) async throws {
    let rest = try rest(ScriptedHTTP(answer))
    let error = await error { () async throws(VenueError) in try await rest.place(order) }
    #expect(error == expected)
  }

  @Test(arguments: [(300, 300), (-500, 20), (60_000, 10_000)])
  func `too many visits wait until the limit is reset, within bounds`(
    resetIn: Int64, wait: Int64
  ) async throws {
    let reset = "\(clock.now.milliseconds + resetIn)"
    let http = ScriptedHTTP(
      .code(10006, "Too many visits.", headers: ["X-Bapi-Limit-Reset-Timestamp": reset]))
    let rest = try rest(http)
    let error = await error { () async throws(VenueError) in try await rest.place(order) }
    #expect(error == .rateLimited(retryAfter: .milliseconds(wait)))
  }

  @Test func `a clock outside the window is measured, and the next request fits`() async throws {
    let theirs = clock.now + .seconds(30) + .milliseconds(250)
    let http = ScriptedHTTP(
      .code(10002, "req_timestamp[..]"),
      .code(0, result: ["timeSecond": "0", "timeNano": .string("\(theirs.nanoseconds)")]),
      .code(0, result: ["orderId": "v1"]))
    let rest = try rest(http)
    let error = await error { () async throws(VenueError) in try await rest.place(order) }
    #expect(error == .clockSkew("req_timestamp[..]"))
    #expect(rest.clockOffset == .milliseconds(30_250))
    _ = try await rest.place(order)
    #expect(
      http.requests.map(\.target) == ["/v5/order/create", "/v5/market/time", "/v5/order/create"])
    #expect(http.requests[2].headers["X-BAPI-TIMESTAMP"] == "\(theirs.milliseconds)")
  }

  @Test func `a clock that can't be measured leaves things as they were`() async throws {
    let rest = try rest(ScriptedHTTP(.code(10002, "?"), .status(502)))
    #expect(
      await error { () async throws(VenueError) in try await rest.place(order) } == .clockSkew("?"))
    #expect(rest.clockOffset == .zero)
  }

  // MARK: Lists

  @Test func `a list is read to its end, cursors sent back as they came`() async throws {
    let row: JSONValue = Rows.fill(id: "1")
    let http = ScriptedHTTP(
      .page([row], next: "page_args%3D132766%3A2%2C1%26"), .page([Rows.fill(id: "2")]))
    let fills = try await rest(http).fills(since: .noon)
    #expect(fills.map(\.executionID) == ["1", "2"])
    #expect(!http.requests[0].query.contains("cursor"))
    #expect(http.requests[1].query.hasSuffix("&cursor=page_args%3D132766%3A2%2C1%26"))
  }

  @Test func `an empty page ends a list, and a list without an end is an error`() async throws {
    let http = ScriptedHTTP(.page([Rows.fill(id: "1")], next: "a"), .page([], next: "b"))
    #expect(try await rest(http).fills(since: .noon).count == 1)
    let endless = ScriptedHTTP()
    for number in 0..<300 { endless.add(.page([Rows.fill(id: "1")], next: "a\(number)")) }
    let rest = try rest(endless, clock: PassingClock())
    let error = await error { () async throws(VenueError) in try await rest.fills(since: .noon) }
    guard case .malformed? = error else { return #expect(Bool(false), "\(error as Any)") }
    #expect(endless.requests.count == 200)
  }

  @Test func `one row that can't be read spoils a list, and is named`() async throws {
    let rest = try rest(ScriptedHTTP(.page([Rows.fill(id: "1"), ["execType": "Trade"]])))
    let error = await error { () async throws(VenueError) in try await rest.fills(since: .noon) }
    #expect(error == .malformed("execId is missing"))
  }

  @Test func `fills are asked for in spans that the venue takes, each once, oldest first`()
    async throws
  {
    let http = ScriptedHTTP(
      .page([Rows.fill(id: "b", at: 9), Rows.fill(id: "a", at: 5)]),
      .page([Rows.fill(id: "c", at: 11), Rows.fill(id: "b", at: 9)]))
    let fills = try await rest(http).fills(since: .noon - .hours(24 * 10))
    #expect(fills.map(\.executionID) == ["a", "b", "c"])
    let start = (clock.now - .hours(24 * 10)).milliseconds
    let middle = start + 7 * 86_400_000 - 60_000
    #expect(http.requests[0].query.hasSuffix("&startTime=\(start)&endTime=\(middle)"))
    #expect(
      http.requests[1].query.hasSuffix(
        "&startTime=\(middle)&endTime=\(clock.now.milliseconds + 60_000)"))
  }

  @Test func `nobody is asked what happened longer ago than the venue remembers`() async throws {
    let http = ScriptedHTTP()
    for _ in 0..<120 { http.add(.page([])) }
    let rest = try rest(http, clock: PassingClock())
    #expect(try await rest.fills(since: Timestamp(milliseconds: 0)) == [])
    #expect(http.requests.count == 105)
  }

  @Test func `an order is looked for among the open ones, then among those that ended`()
    async throws
  {
    let http = ScriptedHTTP(
      .page([]), .page([Rows.order(link: "liq-1-1", status: "Filled")]), .page([]), .page([]))
    let rest = try rest(http)
    let id = ClientOrderID("liq-1-1")
    #expect(try await rest.order(id, symbol: "BTCUSDT")?.status == .filled)
    #expect(
      http.requests.map(\.target) == [
        "/v5/order/realtime?category=linear&symbol=BTCUSDT&orderLinkId=liq-1-1",
        "/v5/order/history?category=linear&symbol=BTCUSDT&orderLinkId=liq-1-1",
      ])
    #expect(try await rest.order(id, symbol: "BTCUSDT") == nil)
  }

  @Test func `values that stand already and orders that are gone are success`() async throws {
    let http = ScriptedHTTP(
      .code(34040, "not modified"), .code(110043, "leverage not modified"),
      .code(110001, "order not exists or too late to cancel"),
      .code(0, result: ["marginMode": "ISOLATED_MARGIN"]))
    let rest = try rest(http)
    try await rest.protect(
      ProtectionChange(
        key: PositionKey("BTCUSDT"), side: .long, stop: "63250", target: nil, trigger: .mark))
    try await rest.setLeverage(.times(5), for: "BTCUSDT")
    try await rest.cancel(OrderReference(symbol: "BTCUSDT", id: ClientOrderID("liq-1-1")))
    try await rest.setIsolatedMargin(for: "BTCUSDT")
    #expect(http.requests.count == 4)
    let protection = try JSONValue(parsing: http.requests[0].text)
    #expect(protection["stopLoss"] == "63250")
    #expect(protection["slTriggerBy"] == "MarkPrice")
    #expect(protection["takeProfit"] == nil)
    #expect(try JSONValue(parsing: http.requests[2].text)["orderLinkId"] == "liq-1-1")
  }

  @Test func `cancelling all is one request`() async throws {
    let ids: JSONValue = ["list": [["orderId": "1"], ["orderId": "2"]], "success": "1"]
    let http = ScriptedHTTP(.code(0, result: ids))
    #expect(try await rest(http).cancelAll(symbol: nil, keepingProtection: false) == 2)
    #expect(http.requests.map(\.text) == [#"{"category":"linear","settleCoin":"USDT"}"#])
  }
}
