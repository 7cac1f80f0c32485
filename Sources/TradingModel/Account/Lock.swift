/// Something that forbids entries until it ends. Locks are independent and survive a restart.
public struct Lock: Sendable, Hashable, Codable {
  public enum Kind: Sendable, Hashable, Codable, Comparable {
    /// `/pause`; nil is every engine.
    case paused(EngineName?)
    /// `/kill`: engines are off.
    case halted
    /// Daily target or stop: until 00:00 UTC or `/unlock`.
    case day
    /// `trading_disabled.flag` put there by hand: until the hand removes it.
    case flagFile
    /// Panic: until `/unlock` when flat.
    case panic

    private var rank: Int {
      switch self {
      case .paused: 0
      case .halted: 1
      case .flagFile: 2
      case .day: 3
      case .panic: 4
      }
    }

    /// The stricter is the greater.
    public static func < (left: Kind, right: Kind) -> Bool {
      if case .paused(let one) = left, case .paused(let other) = right {
        return (one?.rawValue ?? "~") < (other?.rawValue ?? "~")
      }
      return left.rank < right.rank
    }
  }

  public var kind: Kind
  /// In words: "daily stop −5.03%", "by Ana".
  public var reason: String
  public var since: Timestamp
  /// When it ends by itself; nil is never.
  public var until: Timestamp?
  /// Armed while something was still open.
  public var isFlat: Bool
  /// Long-term symbols are still to be closed, too: until it is flat.
  public var takesLongterm: Bool

  public init(
    kind: Kind, reason: String, since: Timestamp, until: Timestamp? = nil, isFlat: Bool = true,
    takesLongterm: Bool = false
  ) {
    self.kind = kind
    self.reason = reason
    self.since = since
    self.until = until
    self.isFlat = isFlat
    self.takesLongterm = takesLongterm
  }
}

/// The first word of every screen.
public enum TradingState: String, Sendable, Hashable, Codable {
  case running, paused, halted, locked, degraded
}
