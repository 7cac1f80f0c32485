import TradingModel
import Transport

extension Order {
  /// An order as REST and the WebSocket API answer it: placed, changed, cancelled or asked for.
  /// Fields have come and gone in these answers: only what identifies the order must be there.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Query-Order
  init(binance row: JSONValue) throws(JSONError) {
    let side = try row.side("side")
    let slot = try row.slot("positionSide")
    let filled: Quantity = try row.optionalAmount("executedQty") ?? .zero
    let quantity: Quantity = try row.optionalAmount("origQty") ?? .zero
    let clientID = try row.optionalString("clientOrderId") ?? ""
    let type = try row.string("type")
    let isReduceOnly = try row.isSet("reduceOnly")
    let closesPosition = try row.isSet("closePosition")
    let isReducing = isReduceOnly || closesPosition
    let created = try row.timeIfSet("time")
    let updated = try row.timeIfSet("updateTime") ?? created ?? Timestamp(nanoseconds: 0)
    self.init(
      id: ClientOrderID(clientID), venueID: try row.id("orderId"), symbol: try row.rowSymbol,
      slot: slot, side: side, quantity: quantity, filled: filled,
      averagePrice: filled.isZero ? nil : try row.priceIfSet("avgPrice"),
      kind: try OrderKind(
        binanceType: type, price: row.optionalAmount("price"),
        timeInForce: row.optionalString("timeInForce")),
      reduceOnly: isReducing || slot.closes(side), triggerPrice: try row.priceIfSet("stopPrice"),
      role: Role(
        clientID: clientID, types: [type, try row.optionalString("origType") ?? type],
        isClosing: isReducing || slot.closes(side)),
      status: try Status(
        binance: row.string("status"), isWhole: filled >= quantity && filled > .zero),
      createdAt: created ?? updated, updatedAt: updated)
  }

  /// An `ORDER_TRADE_UPDATE` event.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/Event-Order-Update
  init(binanceUpdate event: JSONValue) throws(JSONError) {
    let row = try event.at("o")
    let side = try row.side("S")
    let slot = try row.slot("ps")
    let filled: Quantity = try row.optionalAmount("z") ?? .zero
    let quantity: Quantity = try row.amount("q")
    let clientID = try row.string("c")
    let type = try row.string("o")
    let isReduceOnly = try row.isSet("R")
    let closesPosition = try row.isSet("cp")
    let isReducing = isReduceOnly || closesPosition
    let time = try event.time("T")
    self.init(
      id: ClientOrderID(clientID), venueID: try row.id("i"),
      symbol: Symbol(venueName: try row.string("s")), slot: slot, side: side, quantity: quantity,
      filled: filled, averagePrice: filled.isZero ? nil : try row.priceIfSet("ap"),
      kind: try OrderKind(
        binanceType: type, price: row.optionalAmount("p"), timeInForce: row.optionalString("f")),
      reduceOnly: isReducing || slot.closes(side), triggerPrice: try row.priceIfSet("sp"),
      role: Role(
        clientID: clientID, types: [type, try row.optionalString("ot") ?? type],
        isClosing: isReducing || slot.closes(side)),
      status: try Status(
        binance: row.string("X"), isWhole: filled >= quantity && filled > .zero),
      reason: try Self.expiry(row), createdAt: time, updatedAt: time)
  }

  /// Why an order ended, by `er` since October 2025; empty where it does not say.
  private static func expiry(_ row: JSONValue) throws(JSONError) -> String {
    switch try row.optionalInteger("er") ?? 0 {
    case 1: "self-trade prevention"
    case 2: "the rest of an immediate order"
    case 3: "self-trade prevention of an immediate order"
    case 4: "knocked out by a reduce-only order"
    case 5: "the account is liquidated"
    case 6: "its position is gone"
    case 7: "the symbol was delisted"
    case 8: "its stop was triggered"
    case 9: "the rest of a market order"
    default: ""
    }
  }
}
