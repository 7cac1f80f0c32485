import Simulation
import TradingModel
import Transport

/// An order as `order/realtime`, `order/history` and the `order` topic show it.
struct BybitOrderRow {
  private let order: PaperOrder
  private let stage: OrderStage
  private let text: ContractText
  private let instrument: Instrument

  init(_ order: PaperOrder, _ instrument: Instrument, stage: OrderStage = .current) {
    self.order = order
    self.stage = stage
    self.instrument = instrument
    text = ContractText(instrument)
  }

  var rest: JSONObject {
    var row: JSONObject = [
      "orderId": .string(order.id), "orderLinkId": .string(order.link?.text ?? ""),
      "blockTradeId": "", "symbol": .string(order.symbol.name), "price": price,
      "qty": text.quantity(order.quantity), "side": .string(order.side.bybit), "isLeverage": "",
      "positionIdx": .integer(order.slot.rawValue), "orderStatus": .string(status),
      "createType": .string(order.origin.rawValue),
      "cancelType": .string(order.cancelKind.rawValue),
      "rejectReason": .string(order.rejectReason.rawValue),
    ]
    for field in progress.fields + conditions.fields { row[field.key] = field.value }
    row["createdTime"] = JSONValue(milliseconds: order.createdAt)
    row["updatedTime"] = JSONValue(
      milliseconds: stage == .taken ? order.createdAt : order.updatedAt)
    return row
  }

  /// - Parameter profit: What it brought after fees, where it closed something.
  func stream(profit: Notional?) -> JSONObject {
    var row: JSONObject = ["category": "linear"]
    for field in rest.fields { row[field.key] = field.value }
    row["feeCurrency"] = "USDT"
    row["closedPnl"] = JSONValue(profit ?? .zero)
    return row
  }

  private var isTold: Bool { stage == .current }

  private var status: String {
    switch stage {
    case .current: order.status.rawValue
    case .taken: PaperOrder.Status.new.rawValue
    case .triggered: "Triggered"
    }
  }

  private var progress: JSONObject {
    let leaves = isTold ? order.leaves : order.quantity
    let filled = isTold ? order.filled : .zero
    let value = isTold ? order.filledValue : .zero
    let fee = isTold ? order.fees : .zero
    let basis = order.limitPrice ?? order.trigger?.price ?? order.lastPriceOnCreation
    return [
      "avgPrice": JSONValue(isTold ? order.averagePrice : nil), "leavesQty": text.quantity(leaves),
      "leavesValue": JSONValue(basis.map { $0 * leaves } ?? .zero),
      "cumExecQty": text.quantity(filled), "cumExecValue": JSONValue(value),
      "cumExecFee": JSONValue(fee),
      "cumFeeDetail": filled.isZero ? [:] : ["USDT": JSONValue(fee)],
    ]
  }

  private var conditions: JSONObject {
    let trigger = order.trigger
    // Of a trailing stop the price at which it arms stands here.
    let triggerPrice =
      trigger?.price ?? order.trailing?.stopPrice(for: order.side, tick: instrument.tickSize)
      ?? order.trailing?.activation
    return [
      "timeInForce": .string(order.timeInForce.bybit),
      "orderType": order.limitPrice == nil ? "Market" : "Limit",
      "stopOrderType": .string(order.stopKind.rawValue), "orderIv": "", "marketUnit": "",
      "triggerPrice": text.price(triggerPrice, none: ""),
      "triggerDirection": .integer(direction),
      "triggerBy": .string((trigger?.source ?? order.trailing?.source)?.bybit ?? ""),
      "takeProfit": text.price(order.target, none: ""),
      "stopLoss": text.price(order.stop, none: ""),
      "tpTriggerBy": .string(order.target == nil ? "" : order.targetSource.bybit),
      "slTriggerBy": .string(order.stop == nil ? "" : order.stopSource.bybit),
      "tpslMode": .string(protectionMode),
      "tpLimitPrice": text.price(order.targetLimit, none: "0.00"),
      "slLimitPrice": text.price(order.stopLimit, none: "0.00"), "ocoTriggerBy": "",
      "lastPriceOnCreated": text.price(order.lastPriceOnCreation, none: ""),
      "reduceOnly": .bool(order.reduceOnly), "closeOnTrigger": .bool(order.closeOnTrigger),
      "placeType": "", "smpType": "None", "smpGroup": 0, "smpOrderId": "",
      "slippageToleranceType": "UNKNOWN", "slippageTolerance": "", "extraFees": "",
      "rpiTakerAccess": false, "rpiMatchedQty": "0",
    ]
  }

  private var protectionMode: String {
    if order.stopKind.isChild { return order.stopKind.isPartial ? "Partial" : "Full" }
    return order.stop == nil && order.target == nil ? "" : order.protection.rawValue
  }

  private var direction: Int {
    if let trigger = order.trigger { return trigger.direction.rawValue }
    return order.trailing == nil ? 0 : order.side == .sell ? 2 : 1
  }

  /// A market order shows the price past which it would not have filled: five percent.
  private var price: JSONValue {
    if let limit = order.limitPrice { return text.price(limit) }
    guard !order.isWaiting, let last = order.lastPriceOnCreation else { return "0" }
    do {
      let bound = try last.scaled(by: order.side == .buy ? .percent(105) : .percent(95))
      return text.price(bound.roundedDown(toMultipleOf: instrument.tickSize))
    } catch {
      return "0"
    }
  }
}
