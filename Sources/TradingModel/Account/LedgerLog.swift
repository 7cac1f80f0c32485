/// An account's ledger that is read piece by piece: what was read once is not read again.
///
/// A row may come into the ledger late, so each reading begins a little before the last row that the
/// one before it saw, and rows are told apart by their ids. What was read stays when the next piece
/// can't be: a long ledger is read in several goes.
public struct LedgerLog: Sendable {
  /// Rows of one moment come into the ledger within this time of each other.
  public static let overlap = Duration.minutes(10)
  /// Rows are there for certain this long after their time.
  public static let longestDelay = Duration.hours(1)
  private static let kept = Duration.hours(48)

  private var known: [String: Transfer] = [:]
  private var funding: [String: FundingPayment] = [:]
  /// Since when, and until when, the ledger was read.
  private var read: (since: Timestamp, until: Timestamp)?

  public init() {}

  /// Where the next reading begins, for who wants all transfers since `start`.
  public mutating func begin(since start: Timestamp) -> Timestamp {
    known = known.filter { $0.value.time >= start - Self.kept }
    funding = funding.filter { $0.value.time >= start - Self.kept }
    if let read, start >= read.since, start <= read.until {
      return max(read.since, read.until - Self.overlap)
    }
    read = (start, start)
    return start
  }

  /// Takes a piece of the ledger: everything in it that came or went from where the last piece ended
  /// to `end`.
  /// - Parameter lastRow: The time of its last row, of whatever kind; nil for none.
  public mutating func take(
    _ piece: AccountLedger, lastRow: Timestamp?, to end: Timestamp, at now: Timestamp
  ) {
    for transfer in piece.transfers { known[transfer.id] = transfer }
    for payment in piece.funding { funding[payment.id] = payment }
    guard let read else { return }
    let certain = min(end, now - Self.longestDelay)
    self.read = (read.since, max(read.until, lastRow ?? read.until, certain))
  }

  /// What is known since then, oldest first.
  public func ledger(since start: Timestamp) -> AccountLedger {
    AccountLedger(
      transfers: known.values.filter { $0.time >= start }
        .sorted { ($0.time, $0.id) < ($1.time, $1.id) },
      funding: funding.values.filter { $0.time >= start }
        .sorted { ($0.time, $0.id) < ($1.time, $1.id) })
  }
}
