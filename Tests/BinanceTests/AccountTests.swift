import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// The account as readings show it.
struct AccountTests {
  private let bench: RESTBench
  private var http: ScriptedHTTP { bench.http }
  private var rest: BinanceREST { bench.rest }

  init() throws {
    bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[]"))
  }

  @Test func `a reading has wallet, positions with their stops, and all orders`() async throws {
    http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("-0.1"))]"))
    http.on("GET /fapi/v1/openOrders", .json("[\(RESTBench.order(type: "LIMIT"))]"))
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("-0.1"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[\(RESTBench.order(type: "LIMIT"))]"))
    bench.http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json(
        "[\(RESTBench.algo(1, side: "BUY", trigger: "66000")),"
          + "\(RESTBench.algo(2, client: "x", type: "TAKE_PROFIT_MARKET", side: "BUY", trigger: "58000"))]"
      ))
    let reading = try await bench.rest.readAccount()
    let position = try #require(reading.positions.first)
    #expect(position.key == PositionKey("BTCUSDT") && position.side == .short)
    #expect(position.quantity == "0.1" && position.leverage == .times(10))
    #expect(position.stop == "66000" && position.target == "58000")
    #expect(position.markPrice == "64100.5" && position.liquidationPrice == "58000")
    #expect(reading.wallet?.equity == "1010.05" && reading.wallet?.available == "359")
    #expect(reading.wallet?.marginMode == .isolated && reading.wallet?.maintenanceMarginRate == nil)
    #expect(reading.orders.map(\.venueID).sorted() == ["7", "algo-1", "algo-2"])
    #expect(reading.orders.count(where: \.isProtective) == 2)
  }

  @Test(arguments: [true, false])
  func `an account in multi-assets mode is not traded, and is told what to do`(isOn: Bool) async {
    http.on("GET /fapi/v1/multiAssetsMargin", .json(#"{"multiAssetsMargin":\#(isOn)}"#))
    let why = await rest.unfitness()
    #expect((why != nil) == isOn)
    #expect(why?.contains("Switch it to single-asset mode at Binance") ?? true)
  }

  @Test func `a mode that can't be read refuses nothing`() async {
    http.on("GET /fapi/v1/multiAssetsMargin", .json("<html>"))
    #expect(await rest.unfitness() == nil)
  }

  @Test func `cross positions make the account-wide rates count`() async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config("CROSSED")))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[]"))
    let wallet = try #require(try await bench.rest.readAccount().wallet)
    #expect(wallet.marginMode == .cross)
    #expect(wallet.maintenanceMarginRate == "0.07111111")
  }

  @Test func `orders are asked for by symbol, and all of them every half minute`() async throws {
    http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    func asked() async throws -> [String] {
      let before = http.lines.count
      _ = try await rest.readAccount()
      return http.lines.dropFirst(before).filter { $0.contains("pen") }.sorted()
    }
    #expect(try await asked() == ["GET /fapi/v1/openAlgoOrders", "GET /fapi/v1/openOrders"])
    #expect(
      try await asked() == [
        "GET /fapi/v1/openAlgoOrders symbol=BTCUSDT", "GET /fapi/v1/openOrders symbol=BTCUSDT",
      ])
    bench.clock.advance(by: .seconds(31))
    #expect(try await asked() == ["GET /fapi/v1/openAlgoOrders", "GET /fapi/v1/openOrders"])
  }

  @Test func `a stop of ours without a position is taken back when two readings show it`()
    async throws
  {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[]"))
    bench.http.on(
      "GET /fapi/v1/openOrders", .json("[]"), .json("[\(RESTBench.order(type: "LIMIT"))]"),
      .json("[]"))
    bench.http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json("[\(RESTBench.algo(1)),\(RESTBench.algo(2, client: "by hand"))]"))
    bench.http.on("DELETE /fapi/v1/algoOrder", .json("{}"))
    func swept() -> Int { bench.http.lines.count { $0.hasPrefix("DELETE") } }
    #expect(try await bench.rest.readAccount().orders.count == 2)
    // An entry rests that may open the position: its stop waits for it.
    _ = try await bench.rest.readAccount()
    _ = try await bench.rest.readAccount()
    #expect(swept() == 0)
    let last = try await bench.rest.readAccount()
    #expect(bench.http.lines.last { $0.hasPrefix("DELETE") }?.hasSuffix("algoId=1") == true)
    #expect(swept() == 1 && last.orders.map(\.venueID) == ["algo-2"])
  }

  @Test func `a partial stop guards no whole position`() async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json("[\(RESTBench.algo(1, client: "x", closes: false, quantity: "0.05"))]"))
    #expect(try await bench.rest.readAccount().positions.first?.stop == nil)
  }

  @Test(arguments: ["GET /fapi/v3/account", "GET /fapi/v1/symbolConfig"])
  func `without the wallet or the settings positions and orders are read all the same`(
    call: String
  ) async throws {
    let bench = try RESTBench()
    for (path, answer) in [
      ("GET /fapi/v3/account", RESTBench.account),
      ("GET /fapi/v1/symbolConfig", RESTBench.config()), ("GET /fapi/v1/openAlgoOrders", "[]"),
      ("GET /fapi/v1/openOrders", "[\(RESTBench.order(type: "LIMIT"))]"),
      ("GET /fapi/v3/positionRisk", "[\(RESTBench.position("-0.1"))]"),
    ] { bench.http.on(path, path == call ? .refused(-1001, "no") : .json(answer)) }
    let reading = try await bench.rest.readAccount()
    #expect(reading.wallet == nil && reading.walletTrouble != nil)
    #expect(reading.positions.map(\.symbol) == ["BTCUSDT"] && reading.orders.count == 1)
  }

  @Test(
    arguments: [
      "GET /fapi/v3/positionRisk", "GET /fapi/v1/openOrders", "GET /fapi/v1/openAlgoOrders",
    ])
  func `without positions or orders there is no reading`(call: String) async throws {
    let bench = try RESTBench()
    for (path, answer) in [
      ("GET /fapi/v3/account", RESTBench.account),
      ("GET /fapi/v1/symbolConfig", RESTBench.config()), ("GET /fapi/v1/openAlgoOrders", "[]"),
      ("GET /fapi/v1/openOrders", "[]"), ("GET /fapi/v3/positionRisk", "[]"),
    ] { bench.http.on(path, path == call ? .refused(-1001, "no") : .json(answer)) }
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.readAccount()
    }
    #expect(error != nil)
  }

  @Test func `contracts in another quote, and such as end on a date, stand apart`() async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[]"))
    bench.http.on(
      "GET /fapi/v1/openOrders",
      .json(
        "[\(RESTBench.order(7, type: "LIMIT")),\(RESTBench.order(8, symbol: "ETHUSDC", type: "LIMIT"))]"
      ))
    bench.http.on(
      "GET /fapi/v3/positionRisk",
      .json(
        "["
          + ["BTCUSDT", "BTCUSDC", "BTCUSDT_260327"].map {
            RESTBench.position("0.1", symbol: $0)
          }.joined(separator: ",") + "]"))
    let reading = try await bench.rest.readAccount()
    #expect(reading.positions.map(\.symbol) == ["BTCUSDT"])
    #expect(
      reading.foreign.positions.map(\.symbol.name).sorted() == ["BTCUSDC", "BTCUSDT_260327"])
    #expect(reading.orders.map(\.venueID) == ["7"])
    #expect(reading.foreign.orders.map(\.venueID) == ["8"])
  }

  @Test func `a field that is missing is named with its path`() async throws {
    http.on("GET /fapi/v3/positionRisk", .json(#"[{"symbol":"BTCUSDT","positionAmt":"1"}]"#))
    #expect(
      await bench.error { () async throws(VenueError) in _ = try await rest.readAccount() }
        == .malformed("[0].entryPrice is missing"))
  }

  @Test func `an order is looked for in the book, then with the algo service`() async throws {
    http.on("GET /fapi/v1/order", .refused(-2013, "Order does not exist."))
    http.on("GET /fapi/v1/algoOrder", .json(RESTBench.algo(9, client: "liq-a-1")))
    let found = try await rest.order(ClientOrderID("liq-a-1"), symbol: "BTCUSDT")
    #expect(found?.venueID == "algo-9")
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v1/order", .refused(-2013))
    bench.http.on("GET /fapi/v1/algoOrder", .refused(-2013))
    #expect(try await bench.rest.order(ClientOrderID("liq-a-1"), symbol: "BTCUSDT") == nil)
  }

  @Test(arguments: [(false, PositionMode.oneWay), (true, .hedge)])
  func `settings of a symbol are read back, with the account's position mode once a minute`(
    isDual: Bool, mode: PositionMode
  ) async throws {
    http.on("GET /fapi/v1/positionSide/dual", .json(#"{"dualSidePosition":\#(isDual)}"#))
    for _ in 0..<2 {
      #expect(
        try await rest.symbolSettings(of: "BTCUSDT")
          == SymbolSettings(marginMode: .isolated, leverage: .times(10), positionMode: mode))
    }
    func asked() -> Int { http.lines.count { $0.contains("dual") } }
    #expect(asked() == 1)
    bench.clock.advance(by: .seconds(61))
    _ = try await rest.symbolSettings(of: "BTCUSDT")
    #expect(asked() == 2)
  }

  private static func income(_ type: String, _ amount: String, _ id: String, asset: String = "USDT")
    -> String
  {
    #"{"symbol":"","incomeType":"\#(type)","income":"\#(amount)","asset":"\#(asset)","info":"","#
      + #""time":1795175000000,"tranId":\#(id),"tradeId":""}"#
  }

  @Test func `transfers are money in and out, and never what was earned`() async throws {
    http.on(
      "GET /fapi/v1/income",
      .json(
        "["
          + [
            Self.income("TRANSFER", "100.5", "1"), Self.income("COMMISSION", "-1", "2"),
            Self.income("FUNDING_FEE", "3", "3"), Self.income("TRANSFER", "-40", "\"4\""),
            Self.income("TRANSFER", "1", "5", asset: "BNB"), Self.income("WELCOME_BONUS", "5", "6"),
          ].joined(separator: ",") + "]"))
    let transfers = try await rest.transfers(since: .noon - .hours(1))
    #expect(transfers.map(\.amount) == ["100.5", "-40", "5"])
    #expect(transfers.map(\.id) == ["TRANSFER-1", "TRANSFER-4", "WELCOME_BONUS-6"])
  }

  @Test func `funding comes with the ledger: what was paid, once for each leg`() async throws {
    func fee(_ amount: String, _ symbol: String, asset: String = "USDT") -> String {
      Self.income("FUNDING_FEE", amount, "42", asset: asset)
        .replacing(#""symbol":"""#, with: #""symbol":"\#(symbol)""#)
    }
    let page = [
      fee("-0.38750000", "BTCUSDT"), fee("0.1", "BTCUSDT"), fee("3", "ETHUSDT"),
      fee("1", "BNBUSDT", asset: "BNB"), fee("9", ""), Self.income("TRANSFER", "100.5", "1"),
    ]
    http.on(
      "GET /fapi/v1/income", .json("[\(page.joined(separator: ","))]"),
      .json("[\(page.joined(separator: ","))]"))
    let start = Timestamp.noon - .hours(1)
    _ = try await rest.ledger(since: start)
    let ledger = try await rest.ledger(since: start)
    #expect(ledger.transfers.map(\.amount) == ["100.5"])
    #expect(ledger.funding.count == 3 && ledger.funding.allSatisfy { $0.side == nil })
    #expect(
      Set(ledger.funding.filter { $0.symbol == "BTCUSDT" }.map(\.paid)) == ["0.3875", "-0.1"])
    #expect(ledger.funding.first { $0.symbol == "ETHUSDT" }?.paid == "-3")
  }

  private static func trade(_ id: Int, _ side: String, _ quantity: String, order: Int) -> String {
    #"{"buyer":true,"commission":"0.5","commissionAsset":"USDT","id":\#(id),"maker":false,"#
      + #""orderId":\#(order),"price":"64000","qty":"\#(quantity)","quoteQty":"6400","#
      + #""realizedPnl":"0","side":"\#(side)","positionSide":"BOTH","symbol":"BTCUSDT","#
      + #""time":17951750000\#(id)}"#
  }

  @Test func `executions tell their order's id, and how much of them closed`() async throws {
    http.on("GET /fapi/v1/income", .json("[]"))
    http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("-0.3"))]"))
    // Long 0.1 was there before; sold 0.4 flips it to short 0.3.
    http.on(
      "GET /fapi/v1/userTrades",
      .json(
        "[\(Self.trade(10, "BUY", "0.1", order: 7)),\(Self.trade(11, "SELL", "0.4", order: 8))]"))
    http.on(
      "GET /fapi/v1/order", .json(RESTBench.order(7)),
      .json(RESTBench.order(8, client: "qds-a-1", side: "SELL")))
    let fills = try await rest.fills(since: .noon - .hours(1))
    #expect(fills.map(\.executionID) == ["BTCUSDT-10", "BTCUSDT-11"])
    #expect(fills.map(\.closedQuantity) == [.zero, "0.1"])
    #expect(fills.map(\.orderID.text) == ["liq-a-1", "qds-a-1"])
    #expect(fills.map(\.role) == [.placed, .stop])
    #expect(fills.map(\.fee) == ["0.5", "0.5"])
  }

  @Test func `an execution that comes while they are read does not change what the others closed`()
    async throws
  {
    http.on("GET /fapi/v1/income", .json("[]"))
    http.on(
      "GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("-0.3"))]"),
      .json("[\(RESTBench.position("-0.2"))]"))
    let first =
      "\(Self.trade(10, "BUY", "0.1", order: 7)),\(Self.trade(11, "SELL", "0.4", order: 8))"
    http.on(
      "GET /fapi/v1/userTrades", .json("[\(first)]"),
      .json("[\(first),\(Self.trade(12, "BUY", "0.1", order: 7))]"))
    http.on("GET /fapi/v1/order", .json(RESTBench.order(7)))
    let fills = try await rest.fills(since: .noon - .hours(1))
    #expect(fills.map(\.executionID) == ["BTCUSDT-10", "BTCUSDT-11", "BTCUSDT-12"])
    #expect(fills.map(\.closedQuantity) == [.zero, "0.1", "0.1"])
  }

  @Test func `only symbols that traded are asked for their executions`() async throws {
    http.on("POST /fapi/v1/order", .json(RESTBench.order()))
    for number in 0..<150 {
      _ = try await rest.place(
        .entry(id: "liq-a-\(number)", symbol: Symbol(venueName: "C\(number)USDT")))
      bench.clock.advance(by: .seconds(1))
    }
    bench.clock.advance(by: .minutes(3))
    _ = try await rest.place(.entry(id: "liq-b-1", symbol: "LATEUSDT"))
    func row(_ type: String, _ symbol: String, trade: String) -> String {
      #"{"symbol":"\#(symbol)","incomeType":"\#(type)","income":"-1","asset":"USDT","#
        + #""time":1795175000000,"tranId":"\#(symbol)\#(type)","tradeId":"\#(trade)"}"#
    }
    http.on(
      "GET /fapi/v1/income",
      .json(
        "[\(row("COMMISSION", "C7USDT", trade: "1")),\(row("FUNDING_FEE", "C8USDT", trade: "")),"
          + "\(row("REALIZED_PNL", "C9USDT", trade: "2"))]"))
    http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    http.on("GET /fapi/v1/userTrades", .json("[]"))
    #expect(try await rest.fills(since: .noon - .minutes(1)).isEmpty)
    let asked = http.lines.filter { $0.contains("userTrades") }.compactMap { line in
      line.split(separator: "=").dropFirst().first?.prefix { $0 != "&" }
    }
    // A row of the ledger, a position that changed since, or an order of just now.
    #expect(asked == ["BTCUSDT", "C7USDT", "C9USDT", "LATEUSDT"])
  }

  @Test func `a ledger is read on from its last row, and nothing that was read is lost`()
    async throws
  {
    http.on(
      "GET /fapi/v1/income", .json("[\(Self.income("TRANSFER", "100.5", "1"))]"),
      .json("[\(Self.income("TRANSFER", "-40", "2"))]"))
    let start = Timestamp.noon - .hours(1)
    #expect(try await rest.transfers(since: start).map(\.amount) == ["100.5"])
    #expect(try await rest.transfers(since: start).map(\.amount) == ["100.5", "-40"])
    let asked = http.lines.filter { $0.contains("income") }
    #expect(asked[0].contains("startTime=\(start.milliseconds)"))
    #expect(asked[1].contains("startTime=\(1_795_175_000_000 - 600_000)"))
  }

  @Test func `the leverage of a position whose settings are not known is unknown`() async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json("[]"))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[]"))
    let position = try #require(try await bench.rest.readAccount().positions.first)
    #expect(position.leverage == nil)
  }
}
