import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// What the loopback Bybit says has every field that Bybit's own examples have, of the same kind.
@Suite(.timeLimit(.minutes(1)))
struct BybitShapeTests {
  private let bench = VenueBench()

  /// Fields that belong to other contracts, to accounts of another kind, or are not sent any more.
  private static let foreign: Set<String> = [
    // Fees are paid in USDT here; the position spells it mmrSysUpdatedTime, as captures do; one
    // capture of the wallet has a spelling of its own.
    "MNT", "mmrSysUpdateTime", "totalPerpUpl",
    // Taxes of some countries.
    "extraFees",
    // Permissions of other products.
    "Spot", "Wallet", "Options", "CopyTrading", "BlockTrade", "Exchange", "NFT", "Affiliate",
  ]

  /// Everything happens once, so that no list is empty.
  private func live() async throws {
    await bench.exchange.jump(["BTCUSDT"], by: .zero)
    bench.market.happen(
      .trade(
        Trade(
          venue: .bybit, symbol: "BTCUSDT", price: "64000", quantity: "1", aggressor: .buy,
          time: bench.clock.now)))
    await bench.exchange.advance()
    _ = try await bench.post("order/create", VenueBench.order(["orderLinkId": "a"]))
    _ = try await bench.post(
      "order/create", VenueBench.order(["side": "Sell", "qty": "0.05", "reduceOnly": true]))
    _ = try await bench.post(
      "order/create",
      VenueBench.order(["orderType": "Limit", "price": "60000", "qty": "0.01"]))
  }

  private func kind(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// What the example has and we have not, or have of another kind.
  private func missing(_ example: JSONValue, _ ours: JSONValue, _ path: String = "") -> [String] {
    switch (example, ours) {
    case (.object(let example), .object(let ours)):
      return example.fields.flatMap { field -> [String] in
        guard !Self.foreign.contains(field.key) else { return [] }
        guard let value = ours[field.key] else { return ["\(path).\(field.key) is missing"] }
        return missing(field.value, value, "\(path).\(field.key)")
      }
    case (.array(let example), .array(let ours)):
      guard let first = example.first, let own = ours.first else {
        return example.isEmpty ? [] : ["\(path) is empty"]
      }
      return missing(first, own, "\(path)[]")
    case (.null, _), (_, .null): return []
    default:
      let kinds = (kind(example), kind(ours))
      return kinds.0 == kinds.1 ? [] : ["\(path) is \(kinds.1), not \(kinds.0)"]
    }
  }

  @Test(arguments: [
    ("docs/market/time", "market/time", ""),
    ("docs/market/instrument", "market/instruments-info", "category=linear&symbol=BTCUSDT"),
    ("docs/market/kline", "market/kline", "category=linear&symbol=BTCUSDT&interval=60"),
    ("docs/market/mark-kline", "market/mark-price-kline", "symbol=BTCUSDT&interval=15"),
    ("docs/market/orderbook", "market/orderbook", "category=linear&symbol=BTCUSDT"),
    ("docs/account/account-info", "account/info", ""),
    ("docs/account/wallet-balance", "account/wallet-balance", "accountType=UNIFIED"),
    ("docs/account/transaction-log", "account/transaction-log", "category=linear"),
    ("docs/order/open-order", "order/realtime", "category=linear&symbol=BTCUSDT"),
    ("docs/order/order-list", "order/history", "category=linear&symbol=BTCUSDT"),
    ("docs/order/execution", "execution/list", "category=linear&symbol=BTCUSDT"),
    ("docs/position/position", "position/list", "category=linear&symbol=BTCUSDT"),
    ("docs/position/close-pnl", "position/closed-pnl", "category=linear"),
    ("jkorf/account/GetFeeRate", "account/fee-rate", "category=linear&symbol=BTCUSDT"),
    ("jkorf/account/GetTransactionHistory", "account/transaction-log", "category=linear"),
    ("jkorf/account/GetApiKeyInfo", "user/query-api", ""),
    (
      "jkorf/market/GetFundingRateHistory", "market/funding/history",
      "category=linear&symbol=BTCUSDT"
    ),
    (
      "jkorf/market/GetLinearInverseTickers", "market/tickers", "category=linear&symbol=BTCUSDT"
    ),
    (
      "jkorf/market/GetLongShortRatio", "market/account-ratio",
      "category=linear&symbol=BTCUSDT&period=1h"
    ),
    ("jkorf/market/GetOrderPriceLimit", "market/price-limit", "symbol=BTCUSDT"),
    ("jkorf/market/GetRiskLimit", "market/risk-limit", "category=linear&symbol=BTCUSDT"),
    ("jkorf/market/GetTradeHistory", "market/recent-trade", "category=linear&symbol=BTCUSDT"),
    ("jkorf/trading/GetClosedProfitLoss", "position/closed-pnl", "category=linear"),
    ("nautilus/http_get_instruments_linear", "market/instruments-info", "category=linear"),
    ("nautilus/http_get_orders_realtime", "order/realtime", "category=linear&symbol=BTCUSDT"),
    ("nautilus/http_get_executions", "execution/list", "category=linear&symbol=BTCUSDT"),
    (
      "nautilus/http_get_positions_with_open_time", "position/list",
      "category=linear&symbol=BTCUSDT"
    ),
    ("nautilus/http_get_wallet_balance", "account/wallet-balance", "accountType=UNIFIED"),
    ("roq/wallet_balance_ack__simple", "account/wallet-balance", "accountType=UNIFIED"),
    ("roq/executions_ack__simple", "execution/list", "category=linear&symbol=BTCUSDT"),
  ])
  func `an answer has the fields of the example`(
    example: String, path: String, query: String
  ) async throws {
    let name = example.hasPrefix("docs/") ? "\(example).example-1.json" : example
    let file =
      example.hasPrefix("jkorf/")
      ? "\(name).txt" : example.hasPrefix("docs/") ? name : "\(name).json"
    guard let bytes = try Fixtures.bytes("bybit/rest/\(file)") else { return }
    // The first three lines of these tell of the request.
    let text = String(decoding: bytes, as: UTF8.self)
    let body = text.drop { $0 != "{" }
    let expected = try JSONValue(parsing: String(body))
    try await live()
    let answer = try await bench.get(path, query)
    #expect(try answer.integer("retCode") == 0)
    #expect(missing(expected, answer) == [])
  }

  @Test(arguments: [
    ("order", "docs/order.example-2.json"), ("execution", "docs/execution.example-2.json"),
    ("position", "docs/position.example-2.json"), ("order", "nautilus/ws_account_order.json"),
    ("execution", "nautilus/ws_account_execution.json"),
    ("position", "nautilus/ws_account_position.json"),
    ("wallet", "nautilus/ws_account_wallet.json"),
    ("execution.fast", "nautilus/ws_account_execution_fast.json"),
  ])
  func `a message has the fields of the example`(topic: String, example: String) async throws {
    guard let bytes = try? Fixtures.bytes("bybit/ws-private/\(example)") else { return }
    let expected = try JSONValue(parsing: bytes)
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/private")
      _ = try await listener.authorise(at: bench.clock.now)
      _ = try await listener.ask(["op": "subscribe", "args": [.string(topic)]])
      _ = try await bench.post("order/create", VenueBench.order())
      let message = try await listener.next()
      #expect(missing(expected, message) == [])
    }
  }
}
