import Simulation
import TradingModel
import Transport

/// What an order closed, as `closed-pnl` shows it.
struct BybitClosing {
  private(set) var order: PaperOrder
  private var quantity = Quantity.zero
  private var exitValue = Notional.zero
  private var profit = Notional.zero
  private var closeFee = Notional.zero
  private var openFee = Notional.zero
  private var fills = 0
  private let kind: PaperExecution.Kind
  private let createdAt: Timestamp
  private var updatedAt: Timestamp

  /// Ascends with time.
  let key: String

  init(_ first: PaperExecution) {
    order = first.order
    key = first.id
    kind = first.kind
    createdAt = first.time
    updatedAt = first.time
    take(first)
  }

  mutating func take(_ execution: PaperExecution) {
    order = execution.order
    updatedAt = execution.time
    fills += 1
    let closed = execution.price * execution.closedQuantity
    quantity = Quantity(uncheckedCount: quantity.wideCount + execution.closedQuantity.wideCount)
    exitValue += closed
    profit += execution.profit
    closeFee += Self.fee(closed, execution.feeRate)
    // What was paid to open is taken at the rate of the closing.
    openFee += Self.fee(
      execution.order.side == .sell ? closed - execution.profit : closed + execution.profit,
      execution.feeRate)
  }

  private var entryValue: Notional {
    order.side == .sell ? exitValue - profit : exitValue + profit
  }

  private static func fee(_ value: Notional, _ rate: Ratio) -> Notional {
    Notional(uncheckedCount: value.wideCount * rate.wideCount / 100_000_000)
  }

  private func average(_ value: Notional) -> JSONValue {
    do { return JSONValue(try value.price(per: quantity)) } catch { return "" }
  }

  func row(_ instrument: Instrument) -> JSONObject {
    let text = ContractText(instrument)
    return [
      "symbol": .string(order.symbol.name), "orderId": .string(order.id),
      "side": .string(order.side.bybit), "qty": text.quantity(order.quantity),
      "orderPrice": text.price(order.limitPrice ?? order.averagePrice ?? .zero),
      "orderType": order.limitPrice == nil ? "Market" : "Limit",
      "execType": .string(kind.rawValue), "closedSize": text.quantity(quantity),
      "cumEntryValue": JSONValue(entryValue), "avgEntryPrice": average(entryValue),
      "cumExitValue": JSONValue(exitValue), "avgExitPrice": average(exitValue),
      "closedPnl": JSONValue(profit - openFee - closeFee), "fillCount": .string("\(fills)"),
      "leverage": "10", "openFee": JSONValue(openFee), "closeFee": JSONValue(closeFee),
      "createdTime": JSONValue(milliseconds: createdAt),
      "updatedTime": JSONValue(milliseconds: updatedAt),
    ]
  }
}
