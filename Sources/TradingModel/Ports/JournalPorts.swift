/// Why the journal did not take something.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Disk full, read-only, locked or corrupt; the text says which.
  case unwritable(String)
  case unreadable(String)

  public var description: String {
    switch self {
    case .unwritable(let why), .unreadable(let why): why
    }
  }
}

/// What is written down. Durable records commit before they are acted on; the others ride in
/// batches, because the venue can tell them again.
public enum JournalRecord: Sendable, Hashable {
  // Durable
  case baseline(DayBaseline)
  case lock(Lock)
  case unlock(Lock.Kind)
  case allowlist([AllowlistEntry])
  /// Committed before a reduction is sent, and when the margin is back: a restart goes on counting.
  case marginReductions(ReductionsInARow)
  /// Nil: none stands, the next equity that is known begins one.
  case startBase(StartBase?)
  /// An order meant to be sent; noted by the desk before it leaves.
  case intent(OrderRequest, signal: SignalID?, at: Timestamp)
  // Written behind
  case order(Order)
  case orderFailed(ClientOrderID, VenueError, at: Timestamp)
  case fill(Fill)
  /// An exit that was told before its entry, and is in no round trip yet. Its `fill` follows.
  case waitingFill(Fill)
  /// Funding, counted in the round trips that are written with it: in none where `trips` is empty.
  case funding(FundingPayment, trips: [String])
  case roundTrip(RoundTrip)
  case position(PositionView)
  case flat(PositionKey, at: Timestamp)
  /// A signal with the gate's verdict: empty refusals are an entry.
  case signal(Intent, refusals: [String])
  case event(kind: String, detail: String, at: Timestamp)
  case day(DayView, at: Timestamp)

  /// Must be committed before it is acted on.
  public var isDurable: Bool {
    switch self {
    case .baseline, .lock, .unlock, .allowlist, .marginReductions, .startBase: true
    default: false
    }
  }
}

/// How often positions were reduced for margin since that was last back under its level.
public struct ReductionsInARow: Sendable, Hashable {
  /// Zero is none: the margin is fine.
  public var count: Int
  /// When the last one began.
  public var at: Timestamp

  public init(count: Int, at: Timestamp) {
    self.count = count
    self.at = at
  }
}

public struct AllowlistEntry: Sendable, Hashable, Codable {
  public var symbol: Symbol
  public var by: String
  public var at: Timestamp
  /// A timed entry or, for `isDenied`, a timed denial; nil is for good.
  public var until: Timestamp?
  public var isDenied: Bool

  public init(symbol: Symbol, by: String, at: Timestamp, until: Timestamp?, isDenied: Bool) {
    self.symbol = symbol
    self.by = by
    self.at = at
    self.until = until
    self.isDenied = isDenied
  }
}

/// Takes what the engine wants remembered.
public protocol JournalWriter: Sendable {
  /// Queues a record that may be written behind. Never waits; bounded.
  func note(_ record: JournalRecord)

  /// Queues records that belong together: either all of them are written, or none yet.
  func note(_ records: [JournalRecord])

  /// Commits records together, before the caller goes on. Records that it threw for, or took too
  /// long for, are handed in again: the same record twice is one.
  func commit(_ records: [JournalRecord]) async throws(JournalError)
}

extension JournalWriter {
  public func note(_ records: [JournalRecord]) {
    for record in records { note(record) }
  }
}

/// Funding that stands in the figures already.
public struct CountedFunding: Sendable, Hashable {
  public var id: String
  /// Paid is positive, in USDT.
  public var paid: Notional
  public var time: Timestamp

  public init(id: String, paid: Notional, time: Timestamp) {
    self.id = id
    self.paid = paid
    self.time = time
  }
}

/// What the journal knows when the bot starts.
public struct RestoredState: Sendable, Hashable {
  public var baseline: DayBaseline?
  public var locks: [Lock]
  public var allowlist: [AllowlistEntry]
  public var openRoundTrips: [RoundTrip]
  /// Closed today (UTC), for the day's figures.
  public var closedToday: [RoundTrip]
  /// Closed before today, though so lately that a pause after a loss may last, or that funding may
  /// still be booked for them.
  public var closedLately: [RoundTrip]
  /// Signals handled in the last minutes, so that none is acted on twice.
  public var recentSignals: [SignalID]
  /// The `BootStamp` of the life that begins; zero in a replay, whose ids meet no others.
  public var boot: UInt64
  public var lastFillAt: Timestamp?
  /// Ids of the executions of the last minutes before `lastFillAt`.
  public var recentFills: [String]
  /// Exits that were told before their entries, and are in no round trip yet.
  public var waitingFills: [Fill]
  /// Funding that was counted, of the last days before the bot was last alive.
  public var countedFunding: [CountedFunding]
  /// Nil or zero: the margin was fine when the last life ended.
  public var marginReductions: ReductionsInARow?
  /// What the last life measured the loss since its start against; nil when it was stopped.
  public var startBase: StartBase?
  public var lastSeenAliveAt: Timestamp?
  public var stoppedCleanly: Bool
  /// Commands that were being carried out when the last life ended, as they were typed: `/close btc`.
  public var inFlight: [String]
  /// For how long the guard had the chat before this life, when it had.
  public var guardedFor: Duration?
  /// So many starts within ten minutes that it comes up paused; nil when there were not.
  public var loopingStarts: Int?
  /// Open positions as they were written down last: where their stops lay.
  public var positions: [PositionView] = []

  public init(
    baseline: DayBaseline? = nil, locks: [Lock] = [], allowlist: [AllowlistEntry] = [],
    openRoundTrips: [RoundTrip] = [], closedToday: [RoundTrip] = [],
    closedLately: [RoundTrip] = [],
    recentSignals: [SignalID] = [], boot: UInt64 = 0, lastFillAt: Timestamp? = nil,
    recentFills: [String] = [], waitingFills: [Fill] = [],
    countedFunding: [CountedFunding] = [], marginReductions: ReductionsInARow? = nil,
    startBase: StartBase? = nil,
    lastSeenAliveAt: Timestamp? = nil, stoppedCleanly: Bool = true,
    inFlight: [String] = []
  ) {
    self.baseline = baseline
    self.locks = locks
    self.allowlist = allowlist
    self.openRoundTrips = openRoundTrips
    self.closedToday = closedToday
    self.closedLately = closedLately
    self.recentSignals = recentSignals
    self.boot = boot
    self.lastFillAt = lastFillAt
    self.recentFills = recentFills
    self.waitingFills = waitingFills
    self.countedFunding = countedFunding
    self.marginReductions = marginReductions
    self.startBase = startBase
    self.lastSeenAliveAt = lastSeenAliveAt
    self.stoppedCleanly = stoppedCleanly
    self.inFlight = inFlight
  }
}
