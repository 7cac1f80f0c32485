import TradingModel
import Transport

// The account's ledger: transfers, funding, commissions.
extension BinanceREST {
  private static var page: Int { 1000 }
  /// Far more than an account earns between two looks.
  private static var mostPages: Int { 50 }

  /// Money that came in or went out since then, oldest first: never profit.
  public func transfers(since start: Timestamp) async throws(VenueError) -> [Transfer] {
    try await incomes(since: start).compactMap(\.transfer)
  }

  /// `GET /fapi/v1/income` since then, all pages, oldest first. The venue keeps three months.
  public func incomes(since start: Timestamp) async throws(VenueError) -> [Income] {
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
      guard page.count == Self.page, !fresh.isEmpty, let last = page.map(\.time).max() else {
        return found.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
      }
      next = last
    }
    throw .malformed("/fapi/v1/income: the pages do not end")
  }
}
