import TradingModel
import Transport

extension BybitREST {
  /// The longest piece of the log that is read in one go, and into how many pieces a long time falls
  /// at most: what was read of a crowded day stays when time runs out.
  private static let piece = Duration.hours(2)
  private static let mostPieces = 24

  /// `GET /v5/account/transaction-log`: money that came or went other than by trading, and funding,
  /// oldest first. The venue remembers two years. What was read before is not read again.
  public func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    let end = venueNow
    var from = ledgerLog.withLock { $0.begin(since: start) }
    let span = max(Self.piece, (end - from) / Self.mostPieces)
    repeat {
      let to = min(from + span, end)
      // The last piece has no end: clocks differ.
      let entries = try await transactions(since: from, to: to < end ? to : nil)
      let found = AccountLedger(
        transfers: transfers(among: entries), funding: entries.compactMap(\.fundingPayment))
      ledgerLog.withLock { log in
        log.take(found, lastRow: entries.last?.time, to: to, at: end)
      }
      from = to
    } while from < end
    return ledgerLog.withLock { $0.ledger(since: start) }
  }

  private func transfers(among entries: [TransactionLogEntry]) -> [Transfer] {
    var found: [Transfer] = []
    var unknown: Set<String> = []
    for entry in entries where !entry.amount.isZero {
      switch entry.kind {
      case .transfer:
        // The venue gives the rows of one deed one id.
        found.append(
          Transfer(
            id: "\(entry.id)/\(entry.type)/\(entry.time.milliseconds)/\(entry.amount)",
            amount: entry.amount, time: entry.time))
      case .trading, .funding: continue
      case .unknown: unknown.insert(entry.type)
      }
    }
    if !unknown.isEmpty {
      // Counted as profit or loss, so that no loss is hidden.
      log.warning(
        "Bybit's transaction log has kinds that are not known: they count as profit or loss",
        metadata: ["kinds": "\(unknown.sorted().joined(separator: ", "))"])
    }
    return found
  }

  /// Funding that was paid (negative) or received, oldest first.
  public func fundingPayments(
    since start: Timestamp
  ) async throws(VenueError) -> [TransactionLogEntry] {
    try await transactions(since: start, type: "SETTLEMENT").filter { $0.kind == .funding }
  }

  /// `GET /v5/account/transaction-log` in USDT, as many answers as it takes, oldest first.
  public func transactions(
    since start: Timestamp, to end: Timestamp? = nil, type: String? = nil
  ) async throws(VenueError) -> [TransactionLogEntry] {
    var query = [
      (name: "accountType", value: "UNIFIED"), (name: "currency", value: "USDT"),
    ]
    if let type { query.append(("type", type)) }
    query.append(("limit", "50"))
    let rows = try await rows("/v5/account/transaction-log", query, since: start, to: end)
    let entries = try reading { () throws(JSONError) in
      var found: [TransactionLogEntry] = []
      for row in rows {
        let entry = try TransactionLogEntry(bybit: row)
        if entry.currency == "USDT" { found.append(entry) }
      }
      return found
    }
    var seen: Set<TransactionLogEntry> = []
    return entries.filter { seen.insert($0).inserted }
      .sorted { ($0.time, $0.id, $0.type) < ($1.time, $1.id, $1.type) }
  }
}
