import GRDB
import TradingModel

/// `executions`: each once, however often it is told.
enum Executions {
  static func add(_ fill: Fill, in db: Database) throws {
    guard try !insert(fill, isWaiting: false, in: db) else { return }
    try db.execute(
      sql: "UPDATE executions SET is_waiting = 0 WHERE symbol = ? AND execution_id = ?",
      arguments: [fill.symbol.name, fill.executionID])
  }

  /// An exit that is in no round trip yet. One that was counted already stays so.
  static func addWaiting(_ fill: Fill, in db: Database) throws {
    try insert(fill, isWaiting: true, in: db)
  }

  /// - Returns: Whether it was not known.
  @discardableResult
  private static func insert(_ fill: Fill, isWaiting: Bool, in db: Database) throws -> Bool {
    try db.add(
      [
        "execution_id": fill.executionID, "symbol": fill.symbol.name, "slot": fill.slot.rawValue,
        "order_id": fill.orderID.text, "venue_order_id": fill.venueOrderID,
        "side": fill.side.rawValue, "price": fill.price.description,
        "quantity": fill.quantity.description, "fee": fill.fee.description,
        "is_maker": fill.isMaker, "closed_quantity": fill.closedQuantity.description,
        "role": fill.role.rawValue, "time": fill.time.milliseconds, "is_waiting": isWaiting,
      ], to: "executions", ignoringKnown: true)
  }

  /// Exits that wait for their entries, the oldest first. One that has waited for longer than `reach`
  /// waits in vain.
  static func waiting(_ reach: Duration, in db: Database) throws -> [Fill] {
    guard let last = try lastTime(in: db) else { return [] }
    return try db.rows(
      of: "executions", key: "execution_id",
      "WHERE is_waiting = 1 AND time >= ? ORDER BY time, execution_id",
      [(last - reach).milliseconds], read: read)
  }

  /// Those of the time before `last`, the oldest first.
  static func ids(_ reach: Duration, before last: Timestamp, in db: Database) throws -> [String] {
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

  private static func read(_ fields: Fields) throws -> Fill {
    Fill(
      executionID: try fields.text("execution_id"),
      orderID: ClientOrderID(try fields.text("order_id")),
      venueOrderID: try fields.text("venue_order_id"),
      symbol: Symbol(venueName: try fields.text("symbol")), slot: try fields.numberedChoice("slot"),
      side: try fields.choice("side"), price: try fields.amount("price"),
      quantity: try fields.amount("quantity"), fee: try fields.amount("fee"),
      isMaker: try fields.flag("is_maker"), closedQuantity: try fields.amount("closed_quantity"),
      role: try fields.choice("role"), time: try fields.time("time"))
  }
}
