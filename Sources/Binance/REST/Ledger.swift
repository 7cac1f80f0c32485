import TradingModel
import Transport

// The account's ledger: transfers, funding, commissions.
extension BinanceREST {
  private static var page: Int { 1000 }
  /// Far more than an account earns between two looks.
  private static var mostPages: Int { 50 }

  /// Money that came in or went out since then, which is never profit, and funding, oldest first. What
  /// was read before is not read again.
  public func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    let from = ledgerLog.withLock { $0.begin(since: start) }
    _ = try await incomes(since: from) { page, isLast in
      let now = venueNow
      ledgerLog.withLock { log in
        // A full page ends within the ledger, the last one now.
        let last = page.map(\.time).max()
        log.take(
          AccountLedger(
            transfers: page.compactMap(\.transfer), funding: page.compactMap(\.fundingPayment)),
          lastRow: last, to: isLast ? now : last ?? from, at: now)
      }
    }
    return ledgerLog.withLock { $0.ledger(since: start) }
  }

  /// `GET /fapi/v1/income` since then, all pages, oldest first. The venue keeps three months.
  /// - Parameter piece: Hears of every page as it comes, and whether it is the last.
  public func incomes(
    since start: Timestamp, _ piece: (_ page: [Income], _ isLast: Bool) -> Void = { _, _ in }
  ) async throws(VenueError) -> [Income] {
    var found: [Income] = []
    var seen: Set<Income> = []
    var next = start
    for _ in 0..<Self.mostPages {
      let answer = try await send(
        .get(
          "/fapi/v1/income",
          [("startTime", "\(next.milliseconds)"), ("limit", "\(Self.page)")], weight: 30))
      let page = try reading { () throws(JSONError) in try answer.rows(Income.init(binance:)) }
      let fresh = page.filter { seen.insert($0).inserted }
      found += fresh
      // Rows of the last millisecond may go on: it is asked for again.
      let isLast = page.count < Self.page || fresh.isEmpty
      piece(page, isLast)
      guard !isLast, let last = page.map(\.time).max() else {
        return found.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
      }
      next = last
    }
    throw .malformed("/fapi/v1/income: the pages do not end")
  }
}
