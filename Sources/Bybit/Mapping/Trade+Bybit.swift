import TradingModel
import Transport

extension Trade {
  /// A row of `/v5/market/recent-trade`; nil for a block trade, which is agreed beside the book.
  init?(bybit row: JSONValue) throws(JSONError) {
    if try row.optionalBool("isBlockTrade") == true { return nil }
    self.init(
      venue: .bybit, symbol: try row.rowSymbol, price: try row.amount("price"),
      quantity: try row.amount("size"), aggressor: try row.rowSide, time: try row.time("time"))
  }

  /// A row of a `publicTrade` frame; nil for a block trade.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/trade
  init?(bybit row: JSONView) throws(JSONError) {
    if let block = row.field("BT"), block.kind == .bool, block.text == "true" { return nil }
    let side = try row.required("S")
    let aggressor: Side
    if side.isString("Buy") {
      aggressor = .buy
    } else if side.isString("Sell") {
      aggressor = .sell
    } else {
      throw .wrongKind(path: "S", expected: "Buy or Sell", found: side.kind)
    }
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try row.string("s")), price: try row.amount("p"),
      quantity: try row.amount("v"), aggressor: aggressor,
      time: Timestamp(milliseconds: try row.integer("T")))
  }
}
