import GRDB
import TradingModel

/// `executions`: each once, however often it is told.
enum Executions {
  static func add(_ fill: Fill, in db: Database) throws {
    try db.add(
      [
        "execution_id": fill.executionID, "symbol": fill.symbol.name, "slot": fill.slot.rawValue,
        "order_id": fill.orderID.text, "venue_order_id": fill.venueOrderID,
        "side": fill.side.rawValue, "price": fill.price.description,
        "quantity": fill.quantity.description, "fee": fill.fee.description,
        "is_maker": fill.isMaker, "closed_quantity": fill.closedQuantity.description,
        "role": fill.role.rawValue, "time": fill.time.milliseconds,
      ], to: "executions", ignoringKnown: true)
  }

  /// Those of the time before the last one, the oldest first.
  static func idsOfLast(_ reach: Duration, in db: Database) throws -> [String] {
    guard let last = try lastTime(in: db) else { return [] }
    return try db.rows(
      of: "executions", key: "execution_id", "WHERE time >= ? ORDER BY time, execution_id",
      [(last - reach).milliseconds]
    ) { try $0.text("execution_id") }
  }

  static func lastTime(in db: Database) throws -> Timestamp? {
    try db.rows(of: "executions", key: "execution_id", "ORDER BY time DESC LIMIT 1") {
      try $0.time("time")
    }.first
  }
}
