import TradingModel

/// Everything that happens to the engine, in one order. The time is stamped on arrival.
public struct EngineEvent: Sendable, Hashable {
  public var time: Timestamp
  public var body: Body

  public init(_ body: Body, at time: Timestamp) {
    self.time = time
    self.body = body
  }

  public enum Body: Sendable, Hashable {
    /// First of all: what the journal remembers.
    case restored(RestoredState)
    case instruments([Instrument])
    case market(MarketEvent)
    case account(AccountEvent)
    /// Up and down are told at once, of each connection; silence is judged here: 10 s for prices and
    /// liquidations, 30 s for the account's stream, from one heartbeat of a connection to its next.
    /// Without a venue it is said of each that has such a link.
    case link(
      LinkName, of: Venue? = nil, on: LinkLine = .only, isUp: Bool, detail: String)
    /// A sign of life on one connection of the link.
    case heartbeat(LinkName, of: Venue? = nil, on: LinkLine = .only)
    /// The private stream was cut: read the account before believing it again.
    case accountGap
    case command(OperatorCommand)
    /// The clock. Timers are judged on it, several times a second.
    case tick
    case answer(Answer)
    /// `trading_disabled.flag` was put there by hand, or lies there no more, whoever put it there.
    case flagFile(present: Bool, reason: String)
    /// Another program panicked and wrote `panic.lock`.
    case panicFile(PanicFile)
    case journal(isWorking: Bool, detail: String)
    /// The venue's clock less ours.
    case clockSkew(Duration)
    /// No new entries; the process ends soon.
    case stopping
  }

  /// What came of an effect.
  public enum Answer: Sendable, Hashable {
    /// The order rests or is filled; the venue's id.
    case placed(OrderRequest, venueID: String)
    /// For certain not placed.
    case notPlaced(OrderRequest, VenueError)
    /// It is for certain not there, though the venue did not refuse it: it was not sent.
    case withheld(OrderRequest, Withholding)
    /// It could not be found out, though the desk kept asking.
    case placementUnknown(OrderRequest)
    case cancelled(OrderReference)
    case notCancelled(OrderReference, VenueError)
    case cancelledAll(symbol: Symbol?, count: Int)
    case notCancelledAll(symbol: Symbol?, VenueError)
    case protected(ProtectionChange)
    case notProtected(ProtectionChange, VenueError)
    /// Wallet, positions and orders, read whole.
    case accountRead(ReadTicket, AccountReading)
    case accountNotRead(ReadTicket, VenueError)
    /// All executions since then.
    case fillsRead([Fill], since: Timestamp)
    case fillsNotRead(VenueError)
    case ledgerRead(AccountLedger)
    case ledgerNotRead(VenueError)
    case candlesRead(CandleRequest, [Candle])
    case candlesNotRead(CandleRequest, VenueError)
    /// Isolated, with that leverage; `mode` is nil where the venue does not say.
    case prepared(Symbol, leverage: Ratio, mode: PositionMode? = nil)
    case notPrepared(Symbol, VenueError)
    case reached(FlattenMark)
  }
}

/// Why an approved entry was not sent.
public enum Withholding: Sendable, Hashable {
  /// A lock or a cancellation overtook it.
  case calledBack
  /// It waited so long that what the gate judged is old.
  case overdue
}

/// Numbers the readings of the account, so that an answer finds its question.
public struct ReadTicket: Sendable, Hashable, Comparable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
  public static func < (left: ReadTicket, right: ReadTicket) -> Bool {
    left.number < right.number
  }
}
