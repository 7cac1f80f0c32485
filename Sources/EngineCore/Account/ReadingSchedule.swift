import TradingModel

/// When the account is read: at a steady pace, sooner when something asks for it, one at a time.
struct ReadingSchedule: Sendable {
  let pace: Duration
  let timeout: Duration

  private(set) var lastTicket: UInt64 = 0
  private var inFlight: (ticket: ReadTicket, askedAt: Timestamp)?
  private var nextAt: Timestamp?
  private var isWanted = false

  init(pace: Duration, timeout: Duration) {
    self.pace = pace
    self.timeout = timeout
  }

  /// A ticket for a reading outside the pace.
  mutating func issue() -> ReadTicket {
    lastTicket += 1
    return ReadTicket(lastTicket)
  }

  /// Read as soon as the one in flight is back.
  mutating func want() { isWanted = true }

  /// The ticket of a reading that is due now.
  mutating func due(at now: Timestamp) -> ReadTicket? {
    if let asked = inFlight {
      guard now - asked.askedAt >= timeout else { return nil }
      inFlight = nil
    }
    guard isWanted || nextAt.map({ $0 <= now }) ?? true else { return nil }
    isWanted = false
    nextAt = now + pace
    let ticket = issue()
    inFlight = (ticket, now)
    return ticket
  }

  /// An answer came, good or bad.
  mutating func answered(_ ticket: ReadTicket, at now: Timestamp) {
    if inFlight?.ticket == ticket { inFlight = nil }
    // A reading just in, whoever asked for it, puts the next one off.
    nextAt = max(nextAt ?? now, now + pace)
  }
}
