import Simulation
import TradingModel
import Transport

/// A change of the wallet as `transaction-log` shows it, and funding as `execution/list` and the
/// `execution` topic do.
struct BybitLedgerRow {
  private let entry: PaperLedgerEntry
  private let text: ContractText?

  /// - Parameter instrument: Nil for what belongs to the account as a whole.
  init(_ entry: PaperLedgerEntry, _ instrument: Instrument?) {
    self.entry = entry
    text = instrument.map { ContractText($0) }
  }

  /// `type`.
  static func kind(of entry: PaperLedgerEntry) -> String {
    switch entry.kind {
    case .trade: "TRADE"
    case .liquidation: "LIQUIDATION"
    case .funding: "SETTLEMENT"
    case .transfer: entry.transfer < .zero ? "TRANSFER_OUT" : "TRANSFER_IN"
    case .insurance: "BONUS"
    }
  }

  /// Longs pay while the rate is above zero.
  private var side: String {
    if let cause = entry.cause { return cause.side.bybit }
    guard let rate = entry.rate else { return "None" }
    return (entry.funding < .zero) == (rate > .zero) ? "Buy" : "Sell"
  }

  private var orderID: String {
    entry.cause?.orderID ?? "\(entry.time.seconds)-8-\(entry.number)-1-2"
  }

  var row: JSONObject {
    let isFunding = entry.kind == .funding
    return [
      "transSubType": "", "id": .string(entry.id),
      "symbol": .string(entry.key?.symbol.name ?? ""), "side": .string(side),
      "funding": isFunding ? JSONValue(entry.funding) : "",
      "orderLinkId": .string(entry.cause?.link?.text ?? ""),
      "orderId": .string(entry.key == nil ? "" : orderID), "fee": JSONValue(entry.fee),
      "change": JSONValue(entry.change), "cashFlow": JSONValue(entry.profit + entry.transfer),
      "transactionTime": JSONValue(milliseconds: entry.time),
      "type": .string(Self.kind(of: entry)), "feeRate": JSONValue(entry.rate), "bonusChange": "",
      "size": "", "qty": entry.quantity.flatMap { text?.quantity($0) } ?? "",
      "cashBalance": JSONValue(entry.balance), "currency": "USDT",
      "category": entry.key == nil ? "" : "linear",
      "tradePrice": entry.price.flatMap { text?.price($0) } ?? "",
      "tradeId": .string(entry.cause?.executionID ?? entry.id), "extraFees": "",
    ]
  }

  /// Funding as an execution: what was paid stands as a positive fee.
  var execution: JSONObject {
    let quantity = entry.quantity.flatMap { text?.quantity($0) } ?? ""
    let price = entry.price.flatMap { text?.price($0) } ?? ""
    let value = entry.price.flatMap { price in entry.quantity.map { price * $0 } }
    return [
      "symbol": .string(entry.key?.symbol.name ?? ""), "orderId": .string(orderID),
      "orderLinkId": "", "side": .string(side), "orderPrice": "0", "orderQty": "0",
      "leavesQty": "0", "createType": "", "orderType": "UNKNOWN", "stopOrderType": "UNKNOWN",
      "execFee": JSONValue(-entry.funding), "execId": .string(entry.id), "execPrice": price,
      "execQty": quantity, "execType": "Funding", "execValue": JSONValue(value),
      "execTime": JSONValue(milliseconds: entry.time), "feeCurrency": "USDT", "isMaker": false,
      "feeRate": JSONValue(entry.rate), "tradeIv": "", "markIv": "", "markPrice": price,
      "indexPrice": "", "underlyingPrice": "", "blockTradeId": "", "extraFees": "",
      "closedSize": "0",
      "seq": .integer(Int64(clamping: entry.number)),
    ]
  }
}
