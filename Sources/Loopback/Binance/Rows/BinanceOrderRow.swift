import TradingModel
import Transport

/// An order as REST and the WebSocket API show it.
struct BinanceOrderRow {
  private let order: BinanceOrder
  private let text: ContractText

  init(_ order: BinanceOrder, _ instrument: Instrument) {
    self.order = order
    text = ContractText(instrument)
  }

  /// What placing, modifying and cancelling answer.
  var answer: JSONObject {
    var row = head
    row["cumQty"] = text.quantity(order.filled)
    for field in tail.fields { row[field.key] = field.value }
    row["updateTime"] = .integer(order.updatedAt.milliseconds)
    return row
  }

  /// What asking for orders answers.
  var query: JSONObject {
    var row = head
    for field in tail.fields { row[field.key] = field.value }
    row["time"] = .integer(order.createdAt.milliseconds)
    row["updateTime"] = .integer(order.updatedAt.milliseconds)
    return row
  }

  private var head: JSONObject {
    [
      "orderId": .integer(order.number), "symbol": .string(order.symbol.name),
      "status": .string(order.status.rawValue), "clientOrderId": .string(order.request.clientID),
      "price": text.price(order.request.price ?? .zero),
      "avgPrice": text.price(order.averagePrice ?? .zero),
      "origQty": text.quantity(order.request.quantity), "executedQty": text.quantity(order.filled),
    ]
  }

  private var tail: JSONObject {
    let request = order.request
    return [
      "cumQuote": JSONValue(order.filledValue),
      "timeInForce": .string(request.timeInForce.rawValue),
      "type": .string(order.type), "reduceOnly": .bool(request.reduceOnly),
      "closePosition": .bool(request.closePosition), "side": .string(request.side.binance),
      "positionSide": .string(request.slot.binance), "stopPrice": text.price(.zero),
      "workingType": .string(request.workingType.rawValue),
      "priceProtect": .bool(request.priceProtect), "origType": .string(order.type),
      "priceMatch": .string(request.priceMatch),
      "selfTradePreventionMode": .string(request.selfTradePrevention),
      "goodTillDate": .integer(request.goodTillDate),
    ]
  }
}

/// A conditional order.
struct BinanceAlgoRow {
  private let algo: BinanceAlgoOrder
  private let placed: BinanceOrder?
  private let text: ContractText

  /// - Parameter placed: The order that it placed.
  init(_ algo: BinanceAlgoOrder, placed: BinanceOrder?, _ instrument: Instrument) {
    self.algo = algo
    self.placed = placed
    text = ContractText(instrument)
  }

  /// What placing answers.
  var answer: JSONObject {
    var row = head
    for field in tail.fields { row[field.key] = field.value }
    row["activatePrice"] = text.price(algo.request.trail?.activation, none: "")
    row["callbackRate"] = .string(
      algo.request.trail.map { $0.callback.percentText(decimals: 1) } ?? "")
    for field in times.fields { row[field.key] = field.value }
    return row
  }

  /// What asking for conditional orders answers.
  var query: JSONObject {
    var row = head
    row["actualOrderId"] = .string(placed.map { "\($0.number)" } ?? "")
    row["actualPrice"] = text.price(placed?.averagePrice ?? .zero)
    if let placed {
      row["actualQty"] = text.quantity(placed.filled)
      row["actualType"] = .string(placed.type)
    }
    for field in tail.fields { row[field.key] = field.value }
    for name in ["tpTriggerPrice", "tpPrice", "slTriggerPrice", "slPrice"] { row[name] = "0.000" }
    row["tpOrderType"] = ""
    row["activatePrice"] = text.price(algo.request.trail?.activation, none: "")
    row["callbackRate"] = .string(
      algo.request.trail.map { $0.callback.percentText(decimals: 1) } ?? "")
    for field in times.fields { row[field.key] = field.value }
    return row
  }

  private var head: JSONObject {
    let request = algo.request.order
    return [
      "algoId": .integer(algo.number), "clientAlgoId": .string(algo.clientID),
      "algoType": "CONDITIONAL", "orderType": .string(algo.request.kind.rawValue),
      "symbol": .string(algo.symbol.name), "side": .string(request.side.binance),
      "positionSide": .string(request.slot.binance),
      "timeInForce": .string(request.timeInForce.rawValue),
      "quantity": text.quantity(request.quantity), "algoStatus": .string(algo.status.rawValue),
    ]
  }

  private var tail: JSONObject {
    let request = algo.request.order
    return [
      "triggerPrice": text.price(algo.request.trigger ?? .zero),
      "price": text.price(request.price ?? .zero), "icebergQuantity": .null,
      "selfTradePreventionMode": .string(request.selfTradePrevention),
      "workingType": .string(request.workingType.rawValue),
      "priceMatch": .string(request.priceMatch), "closePosition": .bool(request.closePosition),
      "priceProtect": .bool(request.priceProtect), "reduceOnly": .bool(request.reduceOnly),
    ]
  }

  private var times: JSONObject {
    [
      "createTime": .integer(algo.createdAt.milliseconds),
      "updateTime": .integer(algo.updatedAt.milliseconds),
      "triggerTime": .integer(algo.triggeredAt?.milliseconds ?? 0),
      "goodTillDate": .integer(algo.request.order.goodTillDate),
    ]
  }
}
