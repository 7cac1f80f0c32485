import GRDB
import TradingModel

/// `trades`: a round trip each, open or closed.
enum Trades {
  static func save(_ trip: RoundTrip, in db: Database) throws {
    try db.save(
      [
        "id": trip.id, "engine": trip.owner.title, "symbol": trip.key.symbol.name,
        "slot": trip.key.slot.rawValue, "side": trip.side.rawValue, "signal_id": trip.signal?.text,
        "entries": trip.entries, "exits": trip.exits, "quantity": trip.quantity.description,
        "entry_price": trip.averageEntry.description,
        "exit_price": trip.averageExit?.description,
        "realised_pnl": trip.realised.description, "fees": trip.fees.description,
        "funding": trip.funding.description, "reason_in": trip.reasonIn,
        "reason_out": trip.reasonOut, "entry_time": trip.openedAt.milliseconds,
        "exit_time": trip.closedAt?.milliseconds,
        "open_quantity": trip.open?.quantity.description, "open_cost": trip.open?.cost.description,
        "entered": trip.open?.entered.description, "exited": trip.open?.exited.description,
      ], in: "trades", key: ["id"])
  }

  static func open(in db: Database) throws -> [RoundTrip] {
    try db.rows(
      of: "trades", key: "id", "WHERE exit_time IS NULL ORDER BY entry_time, id", read: read)
  }

  static func closed(on day: UTCDay, in db: Database) throws -> [RoundTrip] {
    try closed(since: day.start, before: day.next.start, in: db)
  }

  /// Closed before `end`, though not before `start`.
  static func closed(
    since start: Timestamp, before end: Timestamp, in db: Database
  ) throws -> [RoundTrip] {
    try db.rows(
      of: "trades", key: "id", "WHERE exit_time >= ? AND exit_time < ? ORDER BY exit_time, id",
      [start.milliseconds, end.milliseconds], read: read)
  }

  static func latestClosed(_ limit: Int, in db: Database) throws -> [RoundTrip] {
    try db.rows(
      of: "trades", key: "id",
      "WHERE exit_time IS NOT NULL ORDER BY exit_time DESC, id DESC LIMIT ?", [limit], read: read)
  }

  private static func read(_ fields: Fields) throws -> RoundTrip {
    RoundTrip(
      id: try fields.text("id"), key: try fields.positionKey(),
      side: try fields.choice("side"), owner: try fields.owner("engine"),
      signal: try fields.optionalText("signal_id").map { SignalID($0) },
      openedAt: try fields.time("entry_time"), closedAt: try fields.optionalTime("exit_time"),
      quantity: try fields.amount("quantity"), averageEntry: try fields.amount("entry_price"),
      averageExit: try fields.optionalAmount("exit_price"),
      realised: try fields.amount("realised_pnl"), fees: try fields.amount("fees"),
      funding: try fields.amount("funding"), entries: try fields.count("entries"),
      exits: try fields.count("exits"), reasonIn: try fields.text("reason_in"),
      reasonOut: try fields.text("reason_out"), open: try fields.openPart())
  }
}

extension Fields {
  /// Nil in a row from before it was kept, and of what is closed.
  fileprivate func openPart() throws -> OpenPart? {
    guard let quantity: Quantity = try optionalAmount("open_quantity") else { return nil }
    return OpenPart(
      quantity: quantity, cost: try amount("open_cost"), entered: try amount("entered"),
      exited: try amount("exited"))
  }

  func positionKey() throws -> PositionKey {
    PositionKey(Symbol(venueName: try text("symbol")), try numberedChoice("slot"))
  }

  func owner(_ column: String) throws -> Owner {
    let title = try text(column)
    guard let owner = Owner(title: title) else { throw error(column, "is '\(title)'") }
    return owner
  }
}
