import Simulation
import TradingModel
import Transport

/// A fill as `execution/list` and the `execution` topic show it.
struct BybitExecutionRow {
  private let execution: PaperExecution
  private let instrument: Instrument

  init(_ execution: PaperExecution, _ instrument: Instrument) {
    self.execution = execution
    self.instrument = instrument
  }

  var rest: JSONObject {
    let order = execution.order
    let text = ContractText(instrument)
    return [
      "symbol": .string(order.symbol.name), "orderId": .string(order.id),
      "orderLinkId": .string(order.link?.text ?? ""), "side": .string(order.side.bybit),
      "orderPrice": text.price(order.limitPrice ?? execution.price),
      "orderQty": text.quantity(order.quantity), "leavesQty": text.quantity(order.leaves),
      "createType": .string(order.origin.rawValue),
      "orderType": order.limitPrice == nil ? "Market" : "Limit",
      "stopOrderType": .string(
        order.stopKind == .none ? "UNKNOWN" : order.stopKind.rawValue),
      "execFee": JSONValue(execution.fee), "execId": .string(execution.id),
      "execPrice": text.price(execution.price), "execQty": text.quantity(execution.quantity),
      "execType": .string(execution.kind.rawValue), "execValue": JSONValue(execution.value),
      "execTime": JSONValue(milliseconds: execution.time), "feeCurrency": "USDT",
      "isMaker": .bool(execution.isMaker), "feeRate": JSONValue(execution.feeRate),
      "tradeIv": "", "markIv": "", "markPrice": text.price(execution.markPrice),
      "indexPrice": "", "underlyingPrice": "", "blockTradeId": "", "extraFees": "",
      "closedSize": text.quantity(execution.closedQuantity), "seq": .integer(execution.sequence),
    ]
  }

  var stream: JSONObject {
    var row: JSONObject = ["category": "linear"]
    for field in rest.fields { row[field.key] = field.value }
    row["execPnl"] = JSONValue(execution.profit)
    row["isLeverage"] = "0"
    row["marketUnit"] = ""
    row["extraFees"] = []
    return row
  }

  /// As `execution.fast` shows it. A maker is not told the client's id.
  var fast: JSONObject {
    let order = execution.order
    let text = ContractText(instrument)
    return [
      "category": "linear", "symbol": .string(order.symbol.name),
      "execId": .string(execution.id), "execPrice": text.price(execution.price),
      "execQty": text.quantity(execution.quantity), "orderId": .string(order.id),
      "isMaker": .bool(execution.isMaker),
      "orderLinkId": .string(execution.isMaker ? "" : order.link?.text ?? ""),
      "side": .string(order.side.bybit), "execTime": JSONValue(milliseconds: execution.time),
      "seq": .integer(execution.sequence),
    ]
  }
}
