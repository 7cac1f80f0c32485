import Chat
import TradingModel

/// What the chat is told at the start.
public struct ChatOpsSettings: Sendable {
  /// Stands after the word of state on every screen: `live · main`.
  public var modeLabel: String
  public var version: String
  /// Groups in which known persons may command. Private chats need no entry.
  public var groups: Set<ChatID>
  /// The venue's taker fee, for the estimate in previews.
  public var takerFee: Ratio
  /// How often a flatten closes again what is left.
  public var closeTries: Int
  /// The guard speaks, while the bot is down: only what it can do is done.
  public var isGuard = false

  public init(
    modeLabel: String, version: String, groups: Set<ChatID> = [],
    takerFee: Ratio = Ratio(uncheckedCount: 55_000), closeTries: Int = 10
  ) {
    self.modeLabel = modeLabel
    self.version = version
    self.groups = groups
    self.takerFee = takerFee
    self.closeTries = closeTries
  }
}

/// How the guard stands: the second process that takes the chat when the bot dies. The control server
/// stands in the same words, but never has the chat.
public enum GuardSight: Sendable, Hashable {
  case ready
  /// It is there, and has not moved for so long.
  case stale(Duration)
  /// It has not been there for so long.
  case absent(Duration)
  /// It is the one that speaks, for so long.
  case hasTheChat(Duration)
}

/// Figures for `/health` that no snapshot holds. What is not known is nil, and said to be unknown.
public struct HealthFigures: Sendable, Hashable {
  public var startedAt: Timestamp?
  /// The venue's clock less ours.
  public var clockSkew: Duration?
  /// The last round trip of a request to the venue.
  public var requestTime: Duration?
  /// Since then.
  public var requestAge: Duration?
  /// The last commit of the store.
  public var commitTime: Duration?
  public var storeBytes: Int64?
  /// Since the chat service was heard last.
  public var pollAge: Duration?
  /// Messages on their way out.
  public var queued: Int?

  public init(
    startedAt: Timestamp? = nil, clockSkew: Duration? = nil, requestTime: Duration? = nil,
    requestAge: Duration? = nil, commitTime: Duration? = nil, storeBytes: Int64? = nil,
    pollAge: Duration? = nil,
    queued: Int? = nil
  ) {
    self.startedAt = startedAt
    self.clockSkew = clockSkew
    self.requestTime = requestTime
    self.requestAge = requestAge
    self.commitTime = commitTime
    self.storeBytes = storeBytes
    self.pollAge = pollAge
    self.queued = queued
  }
}
