/// Something that the operator must or may want to know. ChatOps puts it into words.
public struct Alert: Sendable, Hashable, Codable {
  /// P0 wakes people up; P3 only enters the digest.
  public enum Severity: Int, Sendable, Hashable, Codable, Comparable {
    case p0, p1, p2, p3
    public static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  public var severity: Severity
  public var news: News
  public var at: Timestamp

  public init(_ severity: Severity, _ news: News, at: Timestamp) {
    self.severity = severity
    self.news = news
    self.at = at
  }

  public enum News: Sendable, Hashable, Codable {
    // Margin
    case marginWarn(use: Ratio, limit: Ratio, largest: Symbol?, largestShare: Ratio?)
    case marginNormal(use: Ratio, after: Duration, peak: Ratio)
    /// Positions are being reduced, and were.
    case marginCut(MarginCut)
    case marginCutDone(MarginCut, FlattenReport, use: Ratio?, nextAt: Timestamp)
    /// Under the level from which positions are reduced again.
    case marginUnblocked(use: Ratio, cuts: Int)
    /// Above that level, and nothing is open that the bot may close.
    case marginStuck(use: Ratio)
    /// Everything is closed and locked, after so many reductions.
    case marginCloseAll(use: Ratio, cuts: Int)
    // Day
    case dayNear(result: Ratio, missing: Notional)
    case dayStop(result: Ratio, amount: Notional)
    case dayTarget(result: Ratio, amount: Notional)
    /// A limit would fire on a change of the balance that no execution explains, and the venue's list of
    /// transfers could not be read: it waits. `unexplained` is nil where nothing is known of before.
    case dayLimitWaits(result: Ratio, unexplained: Notional?, why: String)
    case dayFlattened(FlattenReport, result: Ratio?, amount: Notional?)
    case newDay(DayBaseline)
    /// So much was lost since the start: everything is closed and locked.
    case startLoss(result: Ratio, amount: Notional)
    case balanceLow(Notional, least: Notional)
    case balanceEnough(Notional)
    // Orders and positions
    case orderFailed(Symbol, OrderFailure)
    case positionOpened(PositionView, RoundTrip)
    case positionClosed(RoundTrip)
    /// The venue closed it by force.
    case positionLiquidated(RoundTrip)
    case closeFailed(PositionKey, OrderFailure, tries: Int)
    /// The venue's rules do not take the leverage of the settings: a lower one is used.
    case leverageLowered([LoweredLeverage])
    // Protection
    case stopMissing(PositionKey, PositionSide, Quantity)
    case stopSet(PositionKey, stop: Price)
    case emergencyClose(PositionKey, PositionSide, Quantity)
    /// Stop and target could not be set anew for the average entry: those of before stand.
    case stopNotMoved(PositionKey, standing: Price, wanted: Price, VenueError)
    // Flatten
    case flattening(FlattenReport)
    case flattened(FlattenReport)
    case notFlat(FlattenReport)
    // Links and data
    /// With the venue where several have such a link.
    case linkDown(LinkName, of: Venue? = nil, silentFor: Duration)
    case linkUp(LinkName, of: Venue? = nil, after: Duration)
    case accountUnknown(why: String)
    case accountKnown(after: Duration)
    /// The venue's clock less ours; entries stop beyond `limit`.
    case clockOff(Duration, limit: Duration)
    case clockRight(Duration)
    // Bot
    case started(StartReport)
    case stopping
    case locked(Lock)
    case unlocked(Lock.Kind)
    case mismatch(Symbol, ours: String, theirs: String)
    case reconciled([String])
    case journalFailing(why: String)
    case journalWorks
    /// What was known before the start is lost or in doubt: why, and what holds instead.
    case memoryLost(why: String)
    case chatConflict
    /// Nobody can press the red button over HTTP.
    case controlAbsent(place: String, why: String)
    case controlReady(place: String, after: Duration)
    // The guard
    /// The main process is not there: why, whether it is being started again, and the commands that
    /// it was carrying out, as they were typed.
    case guardTook(MainEnding, isRestarting: Bool, inFlight: [String])
    /// The guard stops, and the main process is not there again.
    case guardStops
    /// Nobody would take the chat.
    case guardAbsent(for: Duration)
    case guardReady(after: Duration)
    /// Started too often within ten minutes: it comes up paused.
    case restartLoop(starts: Int)
    case stranger(id: Int64, name: String)
  }
}

/// A reduction of every position because too much margin is in use.
public struct MarginCut: Sendable, Hashable, Codable {
  /// Margin in use when it began.
  public var use: Ratio
  /// How much of every position is closed.
  public var share: Ratio
  public var positions: Int
  /// Counted from 1 in a row, and how many there may be.
  public var number: Int
  public var most: Int

  public init(use: Ratio, share: Ratio, positions: Int, number: Int, most: Int) {
    self.use = use
    self.share = share
    self.positions = positions
    self.number = number
    self.most = most
  }
}

/// A leverage that the venue does not take.
public struct LoweredLeverage: Sendable, Hashable, Codable {
  public var symbol: Symbol
  public var wanted: Ratio
  /// The next lower one that it takes.
  public var used: Ratio

  public init(symbol: Symbol, wanted: Ratio, used: Ratio) {
    self.symbol = symbol
    self.wanted = wanted
    self.used = used
  }
}

/// Why the main process is not there.
public enum MainEnding: Sendable, Hashable, Codable {
  /// It ended by itself or was killed.
  case died
  /// Its engine was silent for so long that it was ended.
  case hung(silentFor: Duration)
  /// It was stopped as asked.
  case stopped
  /// It was not there when the guard came.
  case notStarted
}

/// What the bot found when it started.
public struct StartReport: Sendable, Hashable, Codable {
  public var version: String
  public var mode: String
  public var positions: Int
  /// Positions that the journal knew, too.
  public var matching: Int
  public var state: TradingState
  /// Time since the last sign of life; nil at the first start.
  public var downFor: Duration?
  public var wasClean: Bool
  /// Commands that were executing when the process died, in words.
  public var inFlight: [String]
  /// For how long the guard had the chat, when it had.
  public var guardedFor: Duration?

  public init(
    version: String, mode: String, positions: Int, matching: Int, state: TradingState,
    downFor: Duration?, wasClean: Bool, inFlight: [String], guardedFor: Duration? = nil
  ) {
    self.version = version
    self.mode = mode
    self.positions = positions
    self.matching = matching
    self.state = state
    self.downFor = downFor
    self.wasClean = wasClean
    self.inFlight = inFlight
    self.guardedFor = guardedFor
  }
}

/// A connection that trading lives on.
public enum LinkName: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// Orders, positions and wallet of the executing venue.
  case account
  /// Prices of the executing venue.
  case prices
  /// The liquidation stream.
  case liquidations
  case chat

  public static func < (left: LinkName, right: LinkName) -> Bool {
    left.rawValue < right.rawValue
  }
}
