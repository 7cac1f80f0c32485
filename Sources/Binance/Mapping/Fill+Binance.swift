import TradingModel
import Transport

/// A row of `/fapi/v1/userTrades`: an execution without its order's story.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Account-Trade-List
struct AccountTrade: Sendable, Hashable {
  var id: Int64
  var orderID: String
  var symbol: Symbol
  var slot: PositionSlot
  var side: Side
  var price: Price
  var quantity: Quantity
  /// Paid is positive, in USDT; nil when it was paid in another asset.
  var fee: Notional?
  var isMaker: Bool
  var time: Timestamp

  init(binance row: JSONValue) throws(JSONError) {
    id = try row.integer("id")
    orderID = try row.id("orderId")
    symbol = try row.rowSymbol
    slot = try row.slot("positionSide")
    side = try row.side("side")
    price = try row.amount("price")
    quantity = try row.amount("qty")
    // Written as a change of the balance in older rows, as a cost in newer ones; a rebate of futures
    // can't be told apart from a fee by its sign, and makers of our rank get none.
    let commission: Notional = try row.amount("commission")
    fee = try row.optionalString("commissionAsset") ?? "USDT" == "USDT" ? commission.magnitude : nil
    isMaker = try row.optionalBool("maker") ?? false
    time = try row.time("time")
  }

  var signed: Int128 { side == .buy ? quantity.wideCount : -quantity.wideCount }
}

extension Fill {
  /// Ids of trades count for each symbol anew.
  static func executionID(_ symbol: Symbol, _ tradeID: String) -> String {
    "\(symbol)-\(tradeID)"
  }

  init(
    _ trade: AccountTrade, clientID: ClientOrderID, role: Order.Role, closedQuantity: Quantity
  ) {
    self.init(
      executionID: Self.executionID(trade.symbol, "\(trade.id)"), orderID: clientID,
      venueOrderID: trade.orderID, symbol: trade.symbol, slot: trade.slot, side: trade.side,
      price: trade.price, quantity: trade.quantity, fee: trade.fee ?? .zero,
      isMaker: trade.isMaker, closedQuantity: closedQuantity, role: role, time: trade.time)
  }

  /// The execution inside an `ORDER_TRADE_UPDATE` event; nil when it tells of none.
  ///
  /// - Parameters:
  ///   - order: The order of the same event.
  ///   - held: The signed size of the slot before, in counts; nil where it is not known.
  init?(
    binanceUpdate event: JSONValue, order: Order, held: Int128?
  ) throws(JSONError) {
    let row = try event.at("o")
    switch try row.string("x") {
    case "TRADE", "CALCULATED": break
    default: return nil
    }
    let quantity: Quantity = try row.amount("l")
    guard quantity > .zero else { return nil }
    let asset = try row.optionalString("N") ?? "USDT"
    let fee: Notional = try row.optionalAmount("n") ?? .zero
    let profit: Notional = try row.optionalAmount("rp") ?? .zero
    self.init(
      executionID: Self.executionID(order.symbol, try row.id("t")), orderID: order.id,
      venueOrderID: order.venueID, symbol: order.symbol, slot: order.slot, side: order.side,
      price: try row.amount("L"), quantity: quantity, fee: asset == "USDT" ? fee : .zero,
      isMaker: try row.optionalBool("m") ?? false,
      closedQuantity: ClosedPart(
        slot: order.slot, side: order.side, quantity: quantity,
        mustClose: order.reduceOnly || order.role == .liquidation || !profit.isZero
      ).quantity(holding: held), role: order.role, time: try row.time("T"))
  }
}

/// How much of an execution closed a position: Binance does not say.
struct ClosedPart {
  let slot: PositionSlot
  let side: Side
  let quantity: Quantity
  /// A profit or loss was realised, or the order could do nothing else.
  let mustClose: Bool

  /// - Parameter held: The signed size of the slot before, in counts; nil where it is not known.
  func quantity(holding held: Int128?) -> Quantity {
    if slot != .oneWay { return slot.closes(side) ? quantity : .zero }
    guard let held else { return mustClose ? quantity : .zero }
    let opposes = side == .buy ? held < 0 : held > 0
    // Where the venue says that it closed, what was thought to be held was not so.
    guard opposes else { return mustClose ? quantity : .zero }
    return min(quantity, Quantity(uncheckedCount: Int128(held.magnitude)))
  }
}
