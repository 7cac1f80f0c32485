import TradingModel
import Transport

/// A conditional order of the algo service: stops, targets and trailing stops wait there until they
/// set off an order.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/New-Algo-Order
struct AlgoOrder: Sendable, Hashable {
  var id: String
  var order: Order
  var closesPosition: Bool
  var trigger: TriggerSource

  /// What orders of the service begin with where an id must name any order of the venue.
  static let mark = "algo-"

  /// The number in `algo-2148719`; nil for ids of plain orders.
  static func id(in venueID: String) -> String? {
    venueID.hasPrefix(mark) ? String(venueID.dropFirst(mark.count)) : nil
  }

  /// A row of `algoOrder`, `openAlgoOrders` and `allAlgoOrders`.
  init(row: JSONValue) throws(JSONError) {
    let type =
      if let type = try row.optionalString("orderType") { type } else { try row.string("type") }
    var trigger = try row.priceIfSet("triggerPrice")
    if trigger == nil { trigger = try row.priceIfSet("activatePrice") }
    try self.init(
      id: row.id("algoId"), clientID: row.optionalString("clientAlgoId") ?? "",
      symbol: row.string("symbol"), side: row.side("side"), slot: row.slot("positionSide"),
      type: type, price: row.optionalAmount("price"),
      timeInForce: row.optionalString("timeInForce"), quantity: row.optionalAmount("quantity"),
      traded: row.optionalAmount("actualQty"), tradedAt: row.priceIfSet("actualPrice"),
      triggerPrice: trigger,
      status: row.string("algoStatus"), closesPosition: row.optionalBool("closePosition"),
      reduceOnly: row.optionalBool("reduceOnly"), trigger: row.optionalString("workingType"),
      reason: "", createdAt: row.time("createTime"), updatedAt: row.time("updateTime"))
  }

  /// An `ALGO_UPDATE` event.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/Event-Algo-Order-Update
  init(event: JSONValue) throws(JSONError) {
    let row = try event.at("o")
    let time = try event.time("T")
    try self.init(
      id: row.id("aid"), clientID: row.optionalString("caid") ?? "", symbol: row.string("s"),
      side: row.side("S"), slot: row.slot("ps"), type: row.string("o"),
      price: row.optionalAmount("p"), timeInForce: row.optionalString("f"),
      quantity: row.optionalAmount("q"), traded: row.optionalAmount("aq"),
      tradedAt: row.priceIfSet("ap"), triggerPrice: row.priceIfSet("tp"),
      status: row.string("X"), closesPosition: row.optionalBool("cp"),
      reduceOnly: row.optionalBool("R"), trigger: row.optionalString("wt"),
      reason: row.optionalString("rm") ?? "", createdAt: time, updatedAt: time)
  }

  private init(
    id: String, clientID: String, symbol: String, side: Side, slot: PositionSlot, type: String,
    price: Price?, timeInForce: String?, quantity: Quantity?, traded: Quantity?,
    tradedAt: Price?, triggerPrice: Price?, status: String, closesPosition: Bool?,
    reduceOnly: Bool?, trigger: String?, reason: String, createdAt: Timestamp,
    updatedAt: Timestamp
  ) throws(JSONError) {
    let closesPosition = closesPosition ?? false
    let isReducing = closesPosition || reduceOnly ?? false
    let traded = traded ?? .zero
    let state = try Order.Status(
      binanceAlgo: status, hasTraded: traded > .zero || tradedAt != nil)
    self.id = id
    self.closesPosition = closesPosition
    self.trigger = TriggerSource(binance: trigger)
    order = Order(
      id: ClientOrderID(clientID), venueID: Self.mark + id, symbol: Symbol(venueName: symbol),
      slot: slot, side: side, quantity: quantity ?? .zero, filled: traded,
      averagePrice: traded.isZero ? nil : tradedAt,
      kind: try OrderKind(binanceType: type, price: price, timeInForce: timeInForce),
      reduceOnly: isReducing || slot.closes(side), triggerPrice: triggerPrice,
      role: Order.Role(
        clientID: clientID, types: [type], isClosing: isReducing || slot.closes(side)),
      status: state, reason: state.isOpen ? "" : reason, createdAt: createdAt,
      updatedAt: updatedAt)
  }

  /// Guards a whole position of that size, in that slot.
  func covers(_ position: Position) -> Bool {
    order.symbol == position.symbol && order.slot == position.key.slot
      && order.side == position.side.closing && order.isProtective
      && (closesPosition || order.quantity >= position.quantity)
  }
}
