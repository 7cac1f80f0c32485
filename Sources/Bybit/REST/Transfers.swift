import TradingModel
import Transport

extension BybitREST {
  /// What the transaction log calls money that came or went.
  private static let kinds: Set<String> = [
    "TRANSFER_IN", "TRANSFER_OUT", "DEPOSIT", "WITHDRAW", "BONUS", "BONUS_TRANSFER_IN",
    "BONUS_TRANSFER_OUT", "AIRDROP",
  ]

  /// `GET /v5/account/transaction-log`, oldest first. The venue's window is seven days.
  public func transfers(since start: Timestamp) async throws(VenueError) -> [Transfer] {
    let earliest = max(start, now - .hours(24 * 7) + .minutes(1))
    let rows = try await allRows(
      "/v5/account/transaction-log",
      [
        ("accountType", "UNIFIED"), ("currency", "USDT"),
        ("startTime", "\(earliest.milliseconds)"), ("limit", "50"),
      ])
    let found = try reading { () throws(JSONError) in
      var found: [Transfer] = []
      for row in rows where Self.kinds.contains(row["type"]?.stringValue ?? "") {
        found.append(
          Transfer(
            id: try row.string("id"), amount: try row.amount("change"),
            time: try row.time("transactionTime")))
      }
      return found
    }
    return found.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
  }
}
