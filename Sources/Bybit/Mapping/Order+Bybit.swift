import TradingModel
import Transport

extension Order {
  /// An order of `/v5/order/realtime`, `/v5/order/history` or the `order` topic.
  init(bybit row: JSONValue) throws(JSONError) {
    let filled: Quantity = try row.optionalAmount("cumExecQty") ?? .zero
    let trigger = try row.priceIfSet("triggerPrice")
    self.init(
      id: ClientOrderID(try row.optionalString("orderLinkId") ?? ""),
      venueID: try row.string("orderId"), symbol: try row.rowSymbol, slot: try row.rowSlot,
      side: try row.rowSide, quantity: try row.optionalAmount("qty") ?? .zero, filled: filled,
      averagePrice: filled.isZero ? nil : try row.priceIfSet("avgPrice"),
      kind: try OrderKind(bybit: row), reduceOnly: try Self.onlyReduces(row),
      triggerPrice: trigger, role: try Role(bybit: row),
      status: try Status(bybit: row.string("orderStatus")),
      reason: try Self.reason(row), createdAt: try row.time("createdTime"),
      updatedAt: try row.time("updatedTime"))
  }

  /// An order that closes on its trigger can only reduce, whatever else it says.
  private static func onlyReduces(_ row: JSONValue) throws(JSONError) -> Bool {
    if try row.optionalBool("reduceOnly") ?? false { return true }
    return try row.optionalBool("closeOnTrigger") ?? false
  }

  private static func reason(_ row: JSONValue) throws(JSONError) -> String {
    let rejection = try row.optionalString("rejectReason") ?? ""
    if !rejection.isEmpty, rejection != "EC_NoError" { return rejection }
    let cancel = try row.optionalString("cancelType") ?? ""
    return cancel == "UNKNOWN" ? "" : cancel
  }
}

extension Order.Role {
  /// Of an order or an execution.
  init(bybit row: JSONValue) throws(JSONError) {
    if try Self.isForced(row) {
      self = .liquidation
      return
    }
    switch try row.optionalString("stopOrderType") ?? "" {
    case "StopLoss", "PartialStopLoss": self = .stop
    case "TakeProfit", "PartialTakeProfit": self = .target
    case "TrailingStop": self = .trailing
    default: self = .placed
    }
  }

  /// Bybit closed the position itself: liquidation, takeover by the insurance fund,
  /// auto-deleveraging.
  private static func isForced(_ row: JSONValue) throws(JSONError) -> Bool {
    switch try row.optionalString("createType") ?? "" {
    case "CreateByLiq", "CreateByTakeOver_PassThrough", "CreateByAdl_PassThrough": return true
    default: break
    }
    switch try row.optionalString("execType") ?? "" {
    case "BustTrade", "AdlTrade": return true
    default: return false
    }
  }
}

extension Order.Status {
  /// - Throws: For a state that Bybit does not document: guessing would be worse.
  init(bybit status: String) throws(JSONError) {
    switch status {
    case "New", "Created", "Active": self = .new
    case "Untriggered", "Triggered": self = .untriggered
    case "PartiallyFilled": self = .partiallyFilled
    case "Filled": self = .filled
    case "Cancelled", "Deactivated", "PartiallyFilledCanceled": self = .cancelled
    case "Rejected": self = .rejected
    default: throw .wrongKind(path: "orderStatus", expected: "a known state", found: .string)
    }
  }
}

extension OrderKind {
  init(bybit row: JSONValue) throws(JSONError) {
    guard try row.string("orderType") == "Limit" else {
      self = .market
      return
    }
    self = .limit(
      try row.optionalAmount("price") ?? .zero,
      TimeInForce(bybit: try row.optionalString("timeInForce") ?? "GTC"))
  }
}

extension TimeInForce {
  init(bybit text: String) {
    switch text {
    case "IOC": self = .immediateOrCancel
    case "FOK": self = .fillOrKill
    case "PostOnly": self = .postOnly
    default: self = .goodTillCancelled
    }
  }

  var bybit: String {
    switch self {
    case .goodTillCancelled: "GTC"
    case .immediateOrCancel: "IOC"
    case .fillOrKill: "FOK"
    case .postOnly: "PostOnly"
    }
  }
}

extension Side {
  var bybit: String { self == .buy ? "Buy" : "Sell" }
}
