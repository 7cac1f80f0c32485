import TradingModel
import Transport

extension BybitREST: OrderGateway {
  /// `POST /v5/order/create`.
  public func place(_ order: OrderRequest) async throws(VenueError) -> String {
    var body: JSONObject = [
      "category": "linear", "symbol": .string(order.symbol.name),
      "side": .string(order.side.bybit), "qty": .string(order.quantity.description),
      "orderLinkId": .string(order.id.text), "positionIdx": .integer(order.slot.rawValue),
    ]
    switch order.kind {
    case .market: body["orderType"] = "Market"
    case .limit(let price, let timeInForce):
      body["orderType"] = "Limit"
      body["price"] = .string(price.description)
      body["timeInForce"] = .string(timeInForce.bybit)
    }
    if order.reduceOnly { body["reduceOnly"] = true }
    if order.stop != nil || order.target != nil { body["tpslMode"] = "Full" }
    if let stop = order.stop { body["stopLoss"] = .string(stop.description) }
    if let target = order.target { body["takeProfit"] = .string(target.description) }
    let result = try await post("/v5/order/create", body)
    guard let id = result["orderId"]?.stringValue, !id.isEmpty else { throw .outcomeUnknown }
    return id
  }

  /// `POST /v5/order/cancel`.
  public func cancel(_ order: OrderReference) async throws(VenueError) {
    var body: JSONObject = ["category": "linear", "symbol": .string(order.symbol.name)]
    if let id = order.venueID {
      body["orderId"] = .string(id)
    } else if let id = order.id {
      body["orderLinkId"] = .string(id.text)
    }
    do throws(VenueError) {
      _ = try await post("/v5/order/cancel", body)
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
  }

  /// `POST /v5/order/cancel-all`. With the protection kept it takes two requests: one for orders in
  /// the book, one for conditional orders that were placed as such.
  public func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    var scope: JSONObject = ["category": "linear"]
    if let symbol {
      scope["symbol"] = .string(symbol.name)
    } else {
      scope["settleCoin"] = "USDT"
    }
    guard keepingProtection else { return try await cancelAll(scope) }
    scope["orderFilter"] = "Order"
    let resting = try await cancelAll(scope)
    scope["orderFilter"] = "StopOrder"
    scope["stopOrderType"] = "Stop"
    return resting + (try await cancelAll(scope))
  }

  private func cancelAll(_ body: JSONObject) async throws(VenueError) -> Int {
    let result = try await post("/v5/order/cancel-all", body)
    return try reading { () throws(JSONError) in try result.array("list").count }
  }

  /// `POST /v5/position/trading-stop`, for the whole position.
  public func protect(_ change: ProtectionChange) async throws(VenueError) {
    let trigger: JSONValue = change.trigger == .mark ? "MarkPrice" : "LastPrice"
    var body: JSONObject = [
      "category": "linear", "symbol": .string(change.key.symbol.name), "tpslMode": "Full",
      "positionIdx": .integer(change.key.slot.rawValue),
    ]
    if let stop = change.stop {
      body["stopLoss"] = .string(stop.description)
      body["slTriggerBy"] = trigger
    }
    if let target = change.target {
      body["takeProfit"] = .string(target.description)
      body["tpTriggerBy"] = trigger
    }
    try await apply(body, at: "/v5/position/trading-stop")
  }

  /// `POST /v5/position/set-leverage`.
  public func setLeverage(_ leverage: Ratio, for symbol: Symbol) async throws(VenueError) {
    let text = JSONValue.string(leverage.description)
    try await apply(
      [
        "category": "linear", "symbol": .string(symbol.name), "buyLeverage": text,
        "sellLeverage": text,
      ], at: "/v5/position/set-leverage")
  }

  /// `POST /v5/account/set-margin-mode`: on Bybit for the whole account.
  public func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {
    if try await marginMode() == .isolated { return }
    try await apply(["setMarginMode": "ISOLATED_MARGIN"], at: "/v5/account/set-margin-mode")
  }

  /// A change that may stand already.
  private func apply(_ body: JSONObject, at path: String) async throws(VenueError) {
    do throws(VenueError) {
      _ = try await post(path, body)
    } catch .rejected(let rejection) where rejection.meaning == .notModified {
      return
    }
  }
}
