import TradingModel
import Transport

extension Ticker {
  /// Turnover ÷ volume of the rolling 24 hours; nil unless both are known.
  static func vwap(turnover: Notional?, volume: Volume?) -> Price? {
    guard let turnover, let volume, !volume.isZero else { return nil }
    do throws(AmountError) {
      return try turnover.price(per: Quantity(count: volume.wideCount))
    } catch {
      return nil  // A volume beyond what a quantity holds: then the tape must do.
    }
  }
}

extension Liquidation {
  /// Bybit names the side of the **position**: Buy was a long. It gives one price, the bankruptcy
  /// price.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
  init(bybit row: JSONView) throws(JSONError) {
    let price: Price = try row.amount("p")
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try row.string("s")),
      closed: try Self.closed(row), price: price, averagePrice: price,
      quantity: try row.amount("v"), time: Timestamp(milliseconds: try row.integer("T")))
  }

  private static func closed(_ row: JSONView) throws(JSONError) -> PositionSide {
    let side = try row.required("S")
    if side.isString("Buy") { return .long }
    if side.isString("Sell") { return .short }
    throw .wrongKind(path: "S", expected: "Buy or Sell", found: side.kind)
  }
}
