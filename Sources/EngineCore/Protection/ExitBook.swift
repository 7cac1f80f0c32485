import Strategies
import TradingModel

/// What is remembered of each position between two looks at its exits: the best price, where its own
/// stop was moved to, and the change or close that is under way.
struct ExitBook: Sendable {
  struct Watch: Sendable {
    /// The average entry that all of this belongs to: a new one begins anew.
    let averageEntry: Price
    var ground: ExitGround
    /// The best price since then.
    var best: Price
    /// The stop that the plan moved to last, as far as the venue has taken it.
    var stop: Price?
    var reason: ExitReason?
    fileprivate var asked: Move?
    fileprivate var nextMoveAt: Timestamp
    fileprivate var failures = 0
    /// Since when it is to be closed, and how often that was sent.
    var closing: Closing?
  }

  struct Closing: Sendable, Hashable {
    let reason: ExitReason
    var tries = 0
    var nextAt: Timestamp
  }

  fileprivate struct Move: Sendable, Hashable {
    let stop: Price?
    let reason: ExitReason?
    let askedAt: Timestamp
  }

  /// Two moves of one stop are at least this far apart.
  static let pace = Duration.seconds(1)
  private static let answerLimit = Duration.seconds(10)
  /// So long a request without an answer may still arrive: the window that venues grant a time stamp.
  private static let arrivalLimit = Duration.seconds(5)
  private static let longestWait = Duration.seconds(60)

  private var watches: [PositionKey: Watch] = [:]
  /// Symbols whose price may move a stop.
  private(set) var symbols: Set<Symbol> = []
  /// What partial targets have taken off each position.
  private var taken: [PositionKey: Quantity] = [:]
  /// Where the stops of positions that are gone had been moved to: their executions may be told late.
  private var gone: [PositionKey: ExitReason] = [:]

  subscript(key: PositionKey) -> Watch? { watches[key] }

  /// Forgets positions that are gone.
  mutating func keep(_ open: Set<PositionKey>) {
    for (key, watch) in watches where !open.contains(key) { gone[key] = watch.reason }
    watches = watches.filter { open.contains($0.key) }
    taken = taken.filter { open.contains($0.key) }
    symbols = Set(watches.keys.map(\.symbol))
  }

  /// Begins to watch, or begins anew for another average entry.
  ///
  /// - Parameter price: The market; the best price begins there, or at the entry where that is better.
  mutating func begin(
    _ key: PositionKey, averageEntry: Price, ground: ExitGround, price: Price?, at now: Timestamp
  ) {
    let old = watches[key]
    guard old?.averageEntry != averageEntry || old?.ground.side != ground.side else { return }
    var watch = Watch(
      averageEntry: averageEntry, ground: ground,
      best: price.map { ground.side.better($0, ground.averageEntry) } ?? ground.averageEntry,
      nextMoveAt: now)
    // A change that is under way still has to be answered before the next one leaves.
    watch.asked = old?.asked
    // What a stop has gained an add does not give away.
    if old?.ground.side == ground.side {
      watch.stop = old?.stop
      watch.reason = old?.reason
    }
    watches[key] = watch
    gone[key] = nil
    symbols.insert(key.symbol)
  }

  /// Of a position from before the start: where its stop had been moved to.
  mutating func takeOver(_ stop: Price?, of key: PositionKey) { watches[key]?.stop = stop }

  /// Why the stop of a position lies where it does; nil is where the plan put it at first.
  func reason(of key: PositionKey) -> ExitReason? {
    watches[key].map(\.reason) ?? gone[key]
  }

  /// The market has moved.
  mutating func hear(_ price: Price, of key: PositionKey) {
    guard let watch = watches[key] else { return }
    watches[key]?.best = watch.ground.side.better(price, watch.best)
  }

  /// The ATR is known by now.
  mutating func measure(_ key: PositionKey, range: Price?, risk: Price?) {
    if watches[key]?.ground.range == nil { watches[key]?.ground.range = range }
    if watches[key]?.ground.risk == nil { watches[key]?.ground.risk = risk }
  }

  // MARK: Moves

  /// Whether a change of stop or target may leave now: one at a time, and not one after the other.
  func mayMove(_ key: PositionKey, at now: Timestamp) -> Bool {
    guard let watch = watches[key] else { return false }
    return now >= watch.nextMoveAt && isIdle(key, at: now)
  }

  /// No change of this position waits for its answer.
  func isIdle(_ key: PositionKey, at now: Timestamp) -> Bool {
    watches[key]?.asked.map { now - $0.askedAt >= Self.answerLimit } ?? true
  }

  /// A change has left. Without a reason it is that of a new average entry.
  mutating func asked(
    _ key: PositionKey, stop: Price?, reason: ExitReason?, at now: Timestamp
  ) {
    watches[key]?.asked = Move(stop: stop, reason: reason, askedAt: now)
    watches[key]?.nextMoveAt = now + Self.pace
  }

  mutating func acknowledged(_ change: ProtectionChange) {
    guard let move = watches[change.key]?.asked, move.stop == change.stop else { return }
    watches[change.key]?.asked = nil
    watches[change.key]?.failures = 0
    guard let stop = move.stop, move.reason != nil else { return }
    watches[change.key]?.stop = stop
    watches[change.key]?.reason = move.reason
  }

  /// The old stop stays; a market that is past the new one is where it would have closed.
  mutating func refused(_ change: ProtectionChange, _ error: VenueError, at now: Timestamp) {
    guard let move = watches[change.key]?.asked, move.stop == change.stop else { return }
    if case .rejected(let rejection) = error, rejection.meaning == .notModified {
      acknowledged(change)
      return
    }
    watches[change.key]?.asked = nil
    if case .rejected(let rejection) = error, rejection.meaning == .triggerPassed,
      let reason = move.reason
    {
      close(change.key, for: reason, at: now)
      return
    }
    let failures = watches[change.key]?.failures ?? 0
    watches[change.key]?.failures = failures + 1
    var wait = min(Self.pace * (1 << min(failures, 6)), Self.longestWait)
    if case .rateLimited(let delay) = error { wait = max(wait, delay) }
    // Arriving after the next one it would take back what that has gained.
    if error.orderMayExist { wait = max(wait, Self.arrivalLimit) }
    watches[change.key]?.nextMoveAt = now + wait
  }

  // MARK: Closes

  /// It is to be closed; said once, it stands until the position is gone.
  mutating func close(_ key: PositionKey, for reason: ExitReason, at now: Timestamp) {
    guard watches[key]?.closing == nil else { return }
    watches[key]?.closing = Closing(reason: reason, nextAt: now)
  }

  mutating func closeSent(_ key: PositionKey, timings: EngineTimings, at now: Timestamp) {
    guard var closing = watches[key]?.closing else { return }
    let wait = timings.closeBackoff * (1 << min(closing.tries, 10))
    closing.tries += 1
    closing.nextAt = now + min(wait, timings.closeBackoffMost)
    watches[key]?.closing = closing
  }

  // MARK: Partial targets

  func taken(from key: PositionKey) -> Quantity? { taken[key] }

  /// What a position that was found has lost already, as far as that is known.
  mutating func begin(taken quantity: Quantity, from key: PositionKey) {
    taken[key] = max(taken[key] ?? .zero, quantity)
  }

  mutating func take(_ quantity: Quantity, from key: PositionKey) {
    taken[key] = sum(taken[key] ?? .zero, quantity)
  }
}
