import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

struct OrderRoleTests {
  private static let order: [String: JSONValue] = [
    "orderId": "v1", "symbol": "BTCUSDT", "side": "Sell", "orderType": "Market", "qty": "0.1",
    "orderStatus": "Filled", "positionIdx": 0, "createdTime": "1795176000000",
    "updatedTime": "1795176000000",
  ]
  private static let execution: [String: JSONValue] = [
    "execId": "e1", "orderId": "v1", "symbol": "BTCUSDT", "side": "Sell", "execPrice": "57600",
    "execQty": "0.1", "execTime": "1795176000000", "positionIdx": 0,
  ]

  private func row(_ fields: [String: JSONValue], _ more: [String: JSONValue]) -> JSONValue {
    let all = fields.merging(more) { $1 }.sorted { $0.key < $1.key }
    return .object(JSONObject(all.map { ($0.key, $0.value) }))
  }

  @Test(arguments: [
    ("CreateByUser", "", Order.Role.placed), ("CreateByStopLoss", "StopLoss", .stop),
    ("CreateByTakeProfit", "TakeProfit", .target), ("CreateByLiq", "", .liquidation),
    ("CreateByTakeOver_PassThrough", "", .liquidation),
    ("CreateByAdl_PassThrough", "UNKNOWN", .liquidation), ("CreateByTomorrow", "", .placed),
  ])
  func `an order has the role of what made it`(
    origin: String, kind: String, role: Order.Role
  ) throws {
    let row = row(
      Self.order, ["createType": .string(origin), "stopOrderType": .string(kind)])
    let order = try Order(bybit: row)
    #expect(order.role == role)
    #expect(order.isProtective == (role == .stop || role == .target))
  }

  @Test(arguments: [
    ("Trade", "", Order.Role.placed), ("Trade", "StopLoss", .stop), ("BustTrade", "", .liquidation),
    ("AdlTrade", "UNKNOWN", .liquidation),
  ])
  func `an execution that the venue forced is no close by hand`(
    type: String, kind: String, role: Order.Role
  ) throws {
    let row = row(Self.execution, ["execType": .string(type), "stopOrderType": .string(kind)])
    #expect(try Fill(bybit: row)?.role == role)
  }
}
