import TradingModel

/// How much of one limit of a venue is spent, and what may be sent at once. A part is kept for orders
/// that close, so that a busy hour of entries and readings never stands in the way of getting out.
///
/// ```swift
/// if let wait = budget.admit(1, lane: .other, at: clock.now) { /* not before that has passed */ }
/// ```
public struct RateBudget: Sendable, Hashable {
  public enum Lane: Sendable, Hashable {
    /// Orders that reduce, their protection, cancelling, and finding out what became of an order.
    case closing
    /// What is read to see whether the closing worked.
    case reading
    case other
  }

  public struct Policy: Sendable, Hashable {
    public enum Window: Sendable, Hashable {
      /// What was sent within the last so long counts (Bybit).
      case rolling(Duration)
      /// What was sent since the last full so long counts: each minute from :00 (Binance).
      case fixed(Duration)

      var span: Duration {
        switch self {
        case .rolling(let span), .fixed(let span): span
        }
      }
    }

    /// The most that may be spent in one window; the venue may say otherwise later.
    public var limit: Int
    public var window: Window
    /// Of the limit, what only closing may spend.
    public var reserve: Int
    /// Of the rest, what only readings and closing may spend.
    public var readingReserve: Int
    /// How much longer than the window something counts at most, because one request may take longer
    /// to the venue than the next, and clocks differ. Less is known once its answer is there.
    public var margin: Duration

    public init(
      limit: Int, per window: Window, reserve: Int, readingReserve: Int = 0,
      margin: Duration = .milliseconds(5)
    ) {
      precondition(limit > 0 && window.span > .zero && margin >= .zero, "a limit on something")
      precondition(
        reserve >= 0 && readingReserve >= 0 && reserve + readingReserve < limit,
        "reserves that leave something to the others")
      self.limit = limit
      self.window = window
      self.reserve = reserve
      self.readingReserve = readingReserve
      self.margin = margin
    }
  }

  fileprivate struct Entry: Sendable, Hashable {
    var time: Timestamp
    var cost: Int
    /// Nil until its answer tells how long it can have been under way.
    var margin: Duration?
  }

  public let policy: Policy
  /// As the venue said last, or the policy's.
  public private(set) var limit: Int
  /// Nothing at all may be sent before then.
  public private(set) var bannedUntil: Timestamp?
  /// In order of time; those of the last two windows.
  private var entries: [Entry] = []

  public init(_ policy: Policy) {
    self.policy = policy
    limit = policy.limit
  }

  /// Spends `cost` if that may be sent now.
  /// - Parameter cost: What the venue counts for it. More than a whole window holds goes alone.
  /// - Returns: Nil when it may go; else how long to wait before asking again, and nothing is spent.
  public mutating func admit(_ cost: Int = 1, lane: Lane, at now: Timestamp) -> Duration? {
    if let wait = wait(for: cost, lane: lane, at: now) { return wait }
    spend(cost, at: now)
    return nil
  }

  /// As `admit`, but nothing is spent.
  public func wait(for cost: Int = 1, lane: Lane, at now: Timestamp) -> Duration? {
    if let bannedUntil, bannedUntil > now { return bannedUntil - now }
    // What costs nothing takes nothing from what is kept for others.
    guard cost > 0 else { return nil }
    let most = most(in: lane)
    var excess = spent(at: now) + min(cost, most) - most
    guard excess > 0 else { return nil }
    for entry in entries where counts(entry, at: now) {
      excess -= entry.cost
      if excess <= 0 { return end(of: entry) - now }
    }
    return policy.window.span  // Unreachable: all entries together are all that is spent.
  }

  /// How much may be sent at once.
  public func room(lane: Lane, at now: Timestamp) -> Int {
    if let bannedUntil, bannedUntil > now { return 0 }
    return max(0, most(in: lane) - spent(at: now))
  }

  /// How far apart requests of `cost` are to be sent so that what the lane has left lasts to the end of
  /// the window. Zero while at most a third of it is spent: a short burst may go at once.
  public func interval(for cost: Int, lane: Lane, at now: Timestamp) -> Duration {
    let most = most(in: lane)
    let spent = spent(at: now)
    guard spent * 3 > most else { return .zero }
    let rest = Entry(time: now, cost: cost).end(policy) - now
    let left = most - spent
    return left <= cost ? rest : rest * cost / left
  }

  /// Of the limit, what a lane may spend.
  private func most(in lane: Lane) -> Int {
    let kept =
      switch lane {
      case .closing: 0
      case .reading: policy.reserve
      case .other: policy.reserve + policy.readingReserve
      }
    return limit - min(kept, limit - 1)
  }

  /// Counts something that is sent now, whether admitted or not.
  public mutating func spend(_ cost: Int, at now: Timestamp) {
    guard cost > 0 else { return }
    forget(before: now)
    entries.append(Entry(time: max(now, entries.last?.time ?? now), cost: cost))
  }

  /// What counts against the limit now.
  public func spent(at now: Timestamp) -> Int {
    entries.reduce(0) { counts($1, at: now) ? $0 + $1.cost : $0 }
  }
}

// What the venue says about it.
extension RateBudget {
  /// Takes in what an answer's headers say; whoever else uses the account or address counts, too.
  ///
  /// - Parameters:
  ///   - limit: The most in one window.
  ///   - left: What was left of it when the venue took the request.
  ///   - resetAt: When there is something again, if nothing was left.
  ///   - sentAt: When the request was sent.
  public mutating func learn(
    limit: Int? = nil, left: Int? = nil, resetAt: Timestamp? = nil, sentAt: Timestamp,
    at now: Timestamp
  ) {
    if let limit, limit > 0 { self.limit = limit }
    guard let left, left < self.limit else { return }
    forget(before: now)
    let known = entries.reduce(0) { $1.counted(at: sentAt, policy) ? $0 + $1.cost : $0 }
    insert(Entry(time: sentAt, cost: self.limit - max(0, left) - known))
    // A reset further away than a window can last is no reset of this limit.
    if left <= 0, let resetAt, resetAt > now {
      ban(until: min(resetAt, now + policy.window.span + policy.margin))
    }
  }

  /// Takes in what an answer's headers say is spent of the window.
  public mutating func learn(used: Int, sentAt: Timestamp, at now: Timestamp) {
    learn(left: limit - used, sentAt: sentAt, at: now)
  }

  /// A request was answered, so the venue counted it before that by at least the way back. Longer than
  /// that it need not count.
  ///
  /// Counted at `c`, answered at `a`: `c ≤ a − back`. The next one, sent at `s`, arrives at
  /// `s + there` at the soonest. So `s = a + window − (there + back)` is late enough, and
  /// `there + back` is at least the shortest round trip ever seen, but for what is allowed for
  /// clocks.
  ///
  /// - Parameters:
  ///   - sentAt: When it was sent.
  ///   - shortest: The shortest round trip seen on the way to the venue.
  public mutating func answered(sentAt: Timestamp, shortest: Duration, at now: Timestamp) {
    let place = entries.lastIndex { $0.time <= sentAt && $0.margin == nil }
    guard let place else { return }
    let excess = max(now - entries[place].time - shortest, .zero)
    entries[place].margin = min(excess + Self.clockStep, policy.margin)
  }

  /// Venues tell time in milliseconds.
  private static let clockStep = Duration.milliseconds(1)

  /// The venue does not want to hear anything before then, not even a close.
  public mutating func ban(until end: Timestamp) {
    bannedUntil = max(end, bannedUntil ?? end)
  }
}

// Windows.
extension RateBudget {
  private func counts(_ entry: Entry, at now: Timestamp) -> Bool { end(of: entry) > now }

  private func end(of entry: Entry) -> Timestamp { entry.end(policy) }

  private mutating func insert(_ entry: Entry) {
    guard entry.cost > 0 else { return }
    let index = entries.firstIndex { $0.time > entry.time } ?? entries.count
    entries.insert(entry, at: index)
  }

  private mutating func forget(before now: Timestamp) {
    let old = entries.prefix { end(of: $0) + policy.window.span < now }
    entries.removeFirst(old.count)
    if let bannedUntil, bannedUntil <= now { self.bannedUntil = nil }
  }
}

extension RateBudget.Entry {
  /// When it no longer counts.
  fileprivate func end(_ policy: RateBudget.Policy) -> Timestamp {
    let margin = margin ?? policy.margin
    switch policy.window {
    case .rolling(let span): return time + span + margin
    case .fixed(let span):
      let length = span.wholeNanoseconds
      let start = time - .nanoseconds(time.nanoseconds % length)
      return start + span + margin
    }
  }

  /// Whether a request sent at `time` shared its window: what was sent later may have, too, when the
  /// venue took it first.
  fileprivate func counted(at time: Timestamp, _ policy: RateBudget.Policy) -> Bool {
    end(policy) > time
  }
}
