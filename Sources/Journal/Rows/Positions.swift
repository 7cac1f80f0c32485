import GRDB
import TradingModel

/// `positions`: the present state of every slot that was ever held.
enum Positions {
  static func save(_ view: PositionView, in db: Database) throws {
    let position = view.position
    try db.save(
      [
        "symbol": position.symbol.name, "slot": position.key.slot.rawValue, "status": "OPEN",
        "owner": view.owner.title, "side": position.side.rawValue,
        "quantity": position.quantity.description,
        "entry_price": position.entryPrice.description,
        "mark_price": position.markPrice?.description,
        "liquidation_price": position.liquidationPrice?.description,
        "leverage": position.leverage?.description ?? "",
        "unrealised": position.unrealised?.description,
        "initial_margin": position.initialMargin?.description,
        "maintenance_margin": position.maintenanceMargin?.description,
        "stop": position.stop?.description, "target": position.target?.description,
        "is_stop_confirmed": view.isStopConfirmed, "price": view.price?.description,
        "profit": view.profit?.description, "opened_at": view.openedAt?.milliseconds,
        "created_at": position.createdAt?.milliseconds,
        "updated_at": position.updatedAt.milliseconds,
        "protected_entry": view.protectedEntry?.description,
      ], in: "positions", key: ["symbol", "slot"])
  }

  static func close(_ key: PositionKey, at time: Timestamp, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE positions SET status = 'CLOSED', quantity = '0', unrealised = NULL, profit = NULL,
          initial_margin = NULL, maintenance_margin = NULL, stop = NULL, target = NULL,
          protected_entry = NULL, is_stop_confirmed = 0, updated_at = ?
        WHERE symbol = ? AND slot = ?
        """,
      arguments: [time.milliseconds, key.symbol.name, key.slot.rawValue])
  }

  static func open(in db: Database) throws -> [PositionView] {
    try db.rows(
      of: "positions", key: "symbol", "WHERE status <> 'CLOSED' ORDER BY symbol, slot", read: read)
  }

  private static func read(_ fields: Fields) throws -> PositionView {
    let position = Position(
      key: try fields.positionKey(), side: try fields.choice("side"),
      quantity: try fields.amount("quantity"), entryPrice: try fields.amount("entry_price"),
      markPrice: try fields.optionalAmount("mark_price"),
      liquidationPrice: try fields.optionalAmount("liquidation_price"),
      // Empty where it was not known.
      leverage: try fields.text("leverage").isEmpty ? nil : fields.amount("leverage"),
      unrealised: try fields.optionalAmount("unrealised"),
      initialMargin: try fields.optionalAmount("initial_margin"),
      maintenanceMargin: try fields.optionalAmount("maintenance_margin"),
      stop: try fields.optionalAmount("stop"), target: try fields.optionalAmount("target"),
      createdAt: try fields.optionalTime("created_at"), updatedAt: try fields.time("updated_at"))
    return PositionView(
      position: position, owner: try fields.owner("owner"),
      price: try fields.optionalAmount("price"), profit: try fields.optionalAmount("profit"),
      isStopConfirmed: try fields.flag("is_stop_confirmed"),
      openedAt: try fields.optionalTime("opened_at"),
      protectedEntry: try fields.optionalAmount("protected_entry"))
  }
}
