import Simulation
import TradingModel
import Transport

/// What an order closed, as `closed-pnl` shows it.
struct BybitClosing {
  private let trade: PaperClosedTrade

  init(_ trade: PaperClosedTrade) { self.trade = trade }

  func row(_ instrument: Instrument) -> JSONObject {
    let text = ContractText(instrument)
    let order = trade.order
    return [
      "symbol": .string(order.symbol.name), "orderId": .string(order.id),
      "side": .string(order.side.bybit), "qty": text.quantity(order.quantity),
      "orderPrice": text.price(order.limitPrice ?? order.averagePrice, none: "0"),
      "orderType": order.limitPrice == nil ? "Market" : "Limit",
      "execType": .string(trade.kind.rawValue), "closedSize": text.quantity(trade.quantity),
      "cumEntryValue": JSONValue(trade.entryValue), "avgEntryPrice": JSONValue(trade.entryPrice),
      "cumExitValue": JSONValue(trade.exitValue), "avgExitPrice": JSONValue(trade.exitPrice),
      "closedPnl": JSONValue(trade.net), "fillCount": .string("\(trade.fillCount)"),
      "leverage": JSONValue(trade.leverage), "openFee": JSONValue(trade.openFee),
      "closeFee": JSONValue(trade.closeFee),
      "createdTime": JSONValue(milliseconds: trade.createdAt),
      "updatedTime": JSONValue(milliseconds: trade.updatedAt),
    ]
  }
}
