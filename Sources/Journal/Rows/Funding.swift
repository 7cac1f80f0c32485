import GRDB
import TradingModel

/// `funding`: each payment once, with the round trips that it stands in.
enum Funding {
  /// Far more than any account is charged in the time that is looked back.
  private static let most = 8192

  static func add(_ payment: FundingPayment, trips: [String], in db: Database) throws {
    try db.add(
      [
        "id": payment.id, "symbol": payment.symbol.name, "side": payment.side?.rawValue,
        "paid": payment.paid.description, "time": payment.time.milliseconds,
        "trips": trips.joined(separator: " "),
      ], to: "funding", ignoringKnown: true)
  }

  /// The newest last.
  static func counted(since start: Timestamp, in db: Database) throws -> [CountedFunding] {
    try db.rows(
      of: "funding", key: "id", "WHERE time >= ? ORDER BY time DESC, id DESC LIMIT ?",
      [start.milliseconds, most]
    ) {
      CountedFunding(
        id: try $0.text("id"), paid: try $0.amount("paid"), time: try $0.time("time"))
    }.reversed()
  }
}
