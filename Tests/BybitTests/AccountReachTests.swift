import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// What a panic needs of the account, and what it leaves standing.
@Suite(.timeLimit(.minutes(1)))
struct AccountReachTests {
  private func rest(_ http: AnsweringHTTP) throws -> BybitREST {
    try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: ManualClock(),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  private static func position(_ symbol: String) -> JSONValue {
    [
      "symbol": .string(symbol), "side": "Buy", "size": "0.5", "avgPrice": "60000",
      "positionIdx": 0, "markPrice": "60000", "createdTime": "1795176000000",
      "updatedTime": "1795176000000",
    ]
  }

  private static func order(_ id: String, _ changes: [(String, JSONValue)]) -> JSONValue {
    guard case .object(var row) = Rows.order(link: id, status: "Untriggered") else { return [:] }
    row["orderId"] = .string(id)
    for (name, value) in changes { row[name] = value }
    return .object(row)
  }

  private static let wallet: JSONValue = [
    "list": [
      [
        "accountType": "UNIFIED",
        "coin": [["coin": "USDT", "equity": "1000", "walletBalance": "1000"]],
      ]
    ]
  ]

  /// Answers by path; `refusals` are codes of paths that fail.
  private static func answer(
    _ request: HTTPRequest, refusing refusals: [String: Int] = [:]
  ) -> Result<HTTPResponse, HTTPError> {
    let path = String(request.target.prefix { $0 != "?" })
    let isForeign = request.query.contains("settleCoin=USDC")
    if let code = refusals[isForeign ? path + " USDC" : path] { return .code(code, "no") }
    switch path {
    case "/v5/account/info": return .code(0, result: ["marginMode": "ISOLATED_MARGIN"])
    case "/v5/account/wallet-balance": return .code(0, result: wallet)
    case "/v5/position/list":
      return .page(
        isForeign ? [position("BTCPERP")] : [position("BTCUSDT"), position("BTCUSDT-26MAR27")])
    default: return .page([])
    }
  }

  // MARK: A reading in parts

  @Test(arguments: ["/v5/account/wallet-balance", "/v5/account/info"])
  func `without the wallet or the margin mode positions and orders are read all the same`(
    path: String
  ) async throws {
    let reading = try await rest(
      AnsweringHTTP { Self.answer($0, refusing: [path: 10016]) }
    ).readAccount()
    #expect(reading.wallet == nil && reading.walletTrouble != nil)
    #expect(reading.positions.map(\.symbol) == ["BTCUSDT"])
  }

  @Test(arguments: ["/v5/position/list", "/v5/order/realtime"])
  func `without positions or orders there is no reading`(path: String) async throws {
    let rest = try rest(AnsweringHTTP { Self.answer($0, refusing: [path: 10016]) })
    await #expect(throws: VenueError.self) { try await rest.readAccount() }
  }

  // MARK: What is no USDT perpetual

  @Test func `contracts in USDC and such as end on a date stand apart`() async throws {
    let reading = try await rest(AnsweringHTTP { Self.answer($0) }).readAccount()
    #expect(reading.wallet?.equity == "1000" && reading.walletTrouble == nil)
    #expect(reading.positions.map(\.symbol) == ["BTCUSDT"])
    #expect(
      reading.foreign.positions.map(\.symbol.name).sorted() == ["BTCPERP", "BTCUSDT-26MAR27"])
  }

  @Test func `a venue that lists no such contracts has none, one that fails is not read`()
    async throws
  {
    let refused = try await rest(
      AnsweringHTTP {
        Self.answer(
          $0, refusing: ["/v5/position/list USDC": 10001, "/v5/order/realtime USDC": 10001])
      }
    ).readAccount()
    #expect(refused.positions.count == 1)
    #expect(refused.foreign.positions.map(\.symbol.name) == ["BTCUSDT-26MAR27"])
    let failing = try rest(
      AnsweringHTTP { Self.answer($0, refusing: ["/v5/position/list USDC": 10016]) })
    await #expect(throws: VenueError.self) { try await failing.readAccount() }
  }

  // MARK: Stops that stay

  @Test(arguments: [nil, "BTCUSDT"] as [Symbol?])
  func `with the protection kept conditional entries go, and stops placed by hand stay`(
    symbol: Symbol?
  ) async throws {
    let waiting: [JSONValue] = [
      Self.order(
        "hand", [("stopOrderType", "Stop"), ("reduceOnly", true), ("triggerPrice", "59000")]),
      Self.order(
        "closes", [("stopOrderType", "Stop"), ("closeOnTrigger", true), ("triggerPrice", "58000")]),
      Self.order("child", [("stopOrderType", "StopLoss"), ("triggerPrice", "57000")]),
      Self.order("entry", [("stopOrderType", "Stop"), ("triggerPrice", "70000")]),
    ]
    let http = AnsweringHTTP { request in
      if request.target.hasPrefix("/v5/order/realtime") { return .page(waiting) }
      if request.target.hasPrefix("/v5/order/cancel-batch") {
        return .success(
          HTTPResponse(
            status: 200, headers: [:],
            body: Array(
              #"{"retCode":0,"retMsg":"OK","result":{"list":[{"orderId":"entry"}]},"#.utf8)
              + Array(#""retExtInfo":{"list":[{"code":0,"msg":"OK"}]},"time":1}"#.utf8)))
      }
      return .code(0, result: ["list": [["orderId": "1"], ["orderId": "2"]], "success": "1"])
    }
    #expect(try await rest(http).cancelAll(symbol: symbol, keepingProtection: true) == 3)
    let posts = http.requests.filter { $0.body != nil }.map(\.text).sorted()
    let scope = symbol == nil ? #""settleCoin":"USDT""# : #""symbol":"BTCUSDT""#
    #expect(
      posts == [
        #"{"category":"linear","request":[{"symbol":"BTCUSDT","orderId":"entry"}]}"#,
        #"{"category":"linear",\#(scope),"orderFilter":"Order"}"#,
      ])
    #expect(
      http.requests.contains { $0.query.contains("orderFilter=StopOrder") })
  }
}
