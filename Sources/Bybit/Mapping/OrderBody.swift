import TradingModel
import Transport

// What orders are as Bybit reads them: the body of REST, an argument of the trade connection.

extension OrderTicket {
  /// - Parameter category: Absent from the items of a batch, which says it once.
  func body(category: Bool = true) -> JSONObject {
    var body: JSONObject = category ? ["category": "linear"] : [:]
    body["symbol"] = .string(order.symbol.name)
    body["side"] = .string(order.side.bybit)
    body["qty"] = JSONValue(order.quantity)
    body["orderLinkId"] = .string(order.id.text)
    body["positionIdx"] = .integer(order.slot.rawValue)
    switch order.kind {
    case .market: body["orderType"] = "Market"
    case .limit(let price, let timeInForce):
      body["orderType"] = "Limit"
      body["price"] = JSONValue(price)
      body["timeInForce"] = .string(timeInForce.bybit)
    }
    if order.reduceOnly { body["reduceOnly"] = true }
    if closesOnTrigger { body["closeOnTrigger"] = true }
    if let trigger {
      body["triggerPrice"] = JSONValue(trigger.price)
      body["triggerDirection"] = .integer(trigger.direction.rawValue)
      body["triggerBy"] = .string(trigger.source.rawValue)
    }
    addExits(to: &body)
    if let selfMatch { body["smpType"] = .string(selfMatch.rawValue) }
    switch slippage {
    case .ticks(let count):
      body["slippageToleranceType"] = "TickSize"
      body["slippageTolerance"] = .string("\(count)")
    case .share(let share):
      body["slippageToleranceType"] = "Percent"
      body["slippageTolerance"] = .string(share.percentText(decimals: 2))
    case nil: break
    }
    return body
  }

  private func addExits(to body: inout JSONObject) {
    guard order.stop != nil || order.target != nil else { return }
    switch exits.scope {
    case .full: body["tpslMode"] = "Full"
    case .partial: body["tpslMode"] = "Partial"
    }
    if let stop = order.stop {
      body["stopLoss"] = JSONValue(stop)
      if exits.stopSource != .last { body["slTriggerBy"] = .string(exits.stopSource.rawValue) }
    }
    if let target = order.target {
      body["takeProfit"] = JSONValue(target)
      if exits.targetSource != .last { body["tpTriggerBy"] = .string(exits.targetSource.rawValue) }
    }
    guard case .partial(let stopLimit, let targetLimit) = exits.scope else { return }
    if let stopLimit, order.stop != nil {
      body["slOrderType"] = "Limit"
      body["slLimitPrice"] = JSONValue(stopLimit)
    }
    if let targetLimit, order.target != nil {
      body["tpOrderType"] = "Limit"
      body["tpLimitPrice"] = JSONValue(targetLimit)
    }
  }
}

extension OrderChange {
  func body(category: Bool = true) -> JSONObject {
    var body = order.body(category: category)
    if let quantity { body["qty"] = JSONValue(quantity) }
    if let price { body["price"] = JSONValue(price) }
    if let triggerPrice { body["triggerPrice"] = JSONValue(triggerPrice) }
    if let stop { body["stopLoss"] = .string(stop.text) }
    if let target { body["takeProfit"] = .string(target.text) }
    return body
  }
}

extension OrderReference {
  /// By the venue's id where it is known: of two ids the venue heeds its own.
  func body(category: Bool = true) -> JSONObject {
    var body: JSONObject = category ? ["category": "linear"] : [:]
    body["symbol"] = .string(symbol.name)
    if let venueID {
      body["orderId"] = .string(venueID)
    } else if let id {
      body["orderLinkId"] = .string(id.text)
    }
    return body
  }
}

/// The venue's id of an order that was taken; an answer without one leaves its outcome unknown.
func placedID(in result: JSONValue) throws(VenueError) -> String {
  guard let id = result["orderId"]?.stringValue, !id.isEmpty else { throw .outcomeUnknown }
  return id
}
