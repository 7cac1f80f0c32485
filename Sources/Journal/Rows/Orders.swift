import GRDB
import TradingModel

/// `orders`: from the intent to the end, a row each.
enum Orders {
  /// Written before the order leaves; its time of update stays empty until the venue speaks.
  static func addIntent(
    _ request: OrderRequest, signal: SignalID?, at time: Timestamp, in db: Database
  ) throws {
    try db.add(
      [
        "id": request.id.text, "signal_id": signal?.text, "symbol": request.symbol.name,
        "slot": request.slot.rawValue, "side": request.side.rawValue,
        "quantity": request.quantity.description, "filled": Quantity.zero.description,
        "kind": request.kind.word, "limit_price": request.kind.limitPrice?.description,
        "time_in_force": request.kind.timeInForce?.rawValue, "reduce_only": request.reduceOnly,
        "stop": request.stop?.description, "target": request.target?.description,
        "role": Order.Role.placed.rawValue, "status": "intent", "reason": "",
        "created_at": time.milliseconds,
      ], to: "orders", ignoringKnown: true)
  }

  /// Told late, an older state never replaces a newer one, and an ended order stays ended.
  static func save(_ order: Order, in db: Database) throws {
    try db.save(
      [
        "id": key(of: order), "venue_id": order.venueID, "symbol": order.symbol.name,
        "slot": order.slot.rawValue, "side": order.side.rawValue,
        "quantity": order.quantity.description, "filled": order.filled.description,
        "average_price": order.averagePrice?.description, "kind": order.kind.word,
        "limit_price": order.kind.limitPrice?.description,
        "time_in_force": order.kind.timeInForce?.rawValue, "reduce_only": order.reduceOnly,
        "trigger_price": order.triggerPrice?.description, "role": order.role.rawValue,
        "status": order.status.rawValue, "reason": order.reason,
        "created_at": order.createdAt.milliseconds, "updated_at": order.updatedAt.milliseconds,
      ], in: "orders", key: ["id"], keeping: ["created_at"],
      onlyIf: """
        orders.updated_at IS NULL OR (excluded.updated_at >= orders.updated_at
          AND (excluded.status IN (\(ended)) OR orders.status NOT IN (\(ended))))
        """)
  }

  /// The failure stands only while the venue has said nothing of the order.
  static func fail(
    _ id: ClientOrderID, _ error: VenueError, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE orders SET status = ?, reason = ? WHERE id = ? AND updated_at IS NULL",
      arguments: [error.orderMayExist ? "unknown" : "failed", error.description, id.text])
  }

  private static func key(of order: Order) -> String {
    order.id.text.isEmpty ? "venue:\(order.venueID)" : order.id.text
  }

  private static let ended = "'filled', 'cancelled', 'rejected', 'expired'"
}

extension OrderKind {
  fileprivate var word: String {
    switch self {
    case .market: "market"
    case .limit: "limit"
    }
  }

  fileprivate var limitPrice: Price? {
    if case .limit(let price, _) = self { price } else { nil }
  }

  fileprivate var timeInForce: TimeInForce? {
    if case .limit(_, let force) = self { force } else { nil }
  }
}
