import Transport

/// Rows as Bybit sends them, with what matters to a test.
enum Rows {
  static func fill(id: String, at time: Int64 = 0) -> JSONValue {
    [
      "execId": .string(id), "execType": "Trade", "orderId": "v1", "orderLinkId": "liq-1-1",
      "symbol": "BTCUSDT", "side": "Buy", "execPrice": "64210.5", "execQty": "0.1",
      "execFee": "3.53", "isMaker": false, "closedSize": "",
      "execTime": .string("\(1_795_176_000_000 + time)"), "stopOrderType": "UNKNOWN",
    ]
  }

  static func order(link: String, status: String) -> JSONValue {
    [
      "orderId": "v1", "orderLinkId": .string(link), "symbol": "BTCUSDT", "side": "Buy",
      "orderType": "Market", "timeInForce": "IOC", "price": "65000", "qty": "0.1",
      "orderStatus": .string(status), "cumExecQty": "0.1", "avgPrice": "64210.5",
      "positionIdx": 0, "reduceOnly": false, "stopOrderType": "", "triggerPrice": "",
      "cancelType": "UNKNOWN", "rejectReason": "EC_NoError", "createdTime": "1795176000000",
      "updatedTime": "1795176000001",
    ]
  }
}
