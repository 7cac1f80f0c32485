import TradingModel

/// What the margin watch found.
public enum MarginVerdict: Sendable, Hashable {
  /// In use above the warning limit, of tiers at it, too, for 5 s: entries are skipped.
  case warn(use: Ratio)
  /// In use above the level from which positions are reduced.
  case blocked(use: Ratio)
  /// Back under that level for good, though not normal yet.
  case unblocked(use: Ratio)
  /// Under the warning limit by the hysteresis for 30 s; `peak` was the most in between.
  case normal(use: Ratio, after: Duration, peak: Ratio)
}

/// Watches the share of equity that is tied up as initial margin, with hysteresis on the way down.
public struct MarginWatch: Sendable, Hashable {
  public enum State: String, Sendable, Hashable, Codable, Comparable {
    case normal, warned, blocked

    public static func < (left: State, right: State) -> Bool { left.rank < right.rank }
    private var rank: Int {
      switch self {
      case .normal: 0
      case .warned: 1
      case .blocked: 2
      }
    }
  }

  /// How long use must stay above the limit before it is told, and below before it is over.
  static let warnAfter = Duration.seconds(5)
  static let normalAfter = Duration.seconds(30)

  public private(set) var state = State.normal
  private let settings: RiskSettings
  /// Since when use lies without a break above the warning limit, or below its end.
  private var aboveSince: Timestamp?
  private var belowSince: Timestamp?
  private var warnedAt: Timestamp?
  private var peak = Ratio.zero
  /// Of the mode `tiers`: the strictest tier since it blocked, by which it is judged to be over.
  private var tier: MarginTier?

  public init(settings: RiskSettings) { self.settings = settings }

  /// An earlier life had positions reduced, and did not see the end of it.
  public mutating func restoreBlocked(since time: Timestamp) {
    state = .blocked
    warnedAt = time
  }

  /// Looks at the margin of a moment.
  /// - Parameter view: Nil is unknown: nothing is judged, and no span of time is counted over it.
  public mutating func judge(_ view: MarginView?, at now: Timestamp) -> [MarginVerdict] {
    guard let use = view?.initialUse else {
      aboveSince = nil
      belowSince = nil
      return []
    }
    let warn = settings.limits.marginWarn
    // A level is passed above it, a tier begins at it.
    let isAbove = settings.margin.mode == .tiers ? use >= warn : use > warn
    aboveSince = isAbove ? aboveSince ?? now : nil
    belowSince = use < warn - settings.margin.hysteresis ? belowSince ?? now : nil
    if state != .normal { peak = max(peak, use) }
    if let reached = MarginTier.reached(at: use), reached.from > tier?.from ?? .zero {
      tier = reached
    }

    if state != .blocked, isToBeReduced(use) {
      raise(to: .blocked, use: use, at: now)
      return [.blocked(use: use)]
    }
    if state == .blocked, isEnough(use) {
      state = .warned
      tier = nil
      return [.unblocked(use: use)]
    }
    if state == .normal, let aboveSince, now - aboveSince >= Self.warnAfter {
      raise(to: .warned, use: use, at: now)
      return [.warn(use: use)]
    }
    if state == .warned, let belowSince, now - belowSince >= Self.normalAfter {
      state = .normal
      let verdict = MarginVerdict.normal(
        use: use, after: warnedAt.map { now - $0 } ?? .zero, peak: peak)
      warnedAt = nil
      peak = .zero
      return [verdict]
    }
    return []
  }

  /// How much of every position is to be closed at this use; nil is nothing, one is everything.
  public func share(toCloseAt use: Ratio) -> Ratio? {
    guard state == .blocked else { return nil }
    switch settings.margin.mode {
    case .levels: return isToBeReduced(use) ? settings.margin.reduceShare : nil
    // Between a tier and what is enough the mildest goes on.
    case .tiers: return (MarginTier.reached(at: use) ?? MarginTier.all[0]).share
    }
  }

  private func isToBeReduced(_ use: Ratio) -> Bool {
    switch settings.margin.mode {
    case .levels: use > settings.limits.marginBlock
    case .tiers: MarginTier.reached(at: use) != nil
    }
  }

  private func isEnough(_ use: Ratio) -> Bool {
    switch settings.margin.mode {
    case .levels: use < settings.limits.marginBlock - settings.margin.hysteresis
    case .tiers: use <= (tier ?? MarginTier.all[0]).downTo
    }
  }

  private mutating func raise(to state: State, use: Ratio, at now: Timestamp) {
    self.state = state
    warnedAt = warnedAt ?? now
    peak = max(peak, use)
  }
}
