import TradingModel

/// For which average entry the stop and the target of each position stand, and the change for
/// another one that is on its way.
///
/// What may pass is tried again, ever more slowly and as long as the position is there; what is
/// refused for good is left. Either is told once. What rests on the venue stands all the while.
struct EntryLevels: Sendable {
  private struct Watch: Sendable {
    /// Nil while they are those of the order.
    var entry: Price?
    var asked: Asked?
    var failures = 0
    var nextAt: Timestamp?
    var isTold = false
  }

  private struct Asked: Sendable {
    let change: ProtectionChange
    let entry: Price
    let at: Timestamp
  }

  /// The desk answers long before.
  private static let answerLimit = Duration.seconds(10)
  private static let firstWait = Duration.seconds(1)
  private static let longestWait = Duration.minutes(5)
  /// So many failures in a row are told: after about half a minute.
  private static let toldAfter = 5

  private var watches: [PositionKey: Watch] = [:]

  var isEmpty: Bool { watches.isEmpty }

  /// The average entry that stop and target stand for; nil while they are those of the order.
  func entry(of key: PositionKey) -> Price? { watches[key]?.entry }

  /// Whether they are to be set for that average entry, and may be asked for now.
  ///
  /// - Parameter tick: Averages that are not farther apart are the same: ours and the venue's.
  func isDue(_ key: PositionKey, for entry: Price, tick: Price, at now: Timestamp) -> Bool {
    guard let watch = watches[key] else { return true }
    if let known = watch.entry, abs(known.wideCount - entry.wideCount) <= tick.wideCount {
      return false
    }
    if let asked = watch.asked, now - asked.at < Self.answerLimit { return false }
    return watch.nextAt.map { now >= $0 } ?? true
  }

  /// They stand for it, or nothing more can be done.
  /// - Returns: Whether it was told that they could not be set.
  @discardableResult
  mutating func settle(_ key: PositionKey, for entry: Price?) -> Bool {
    let wasTold = watches[key]?.isTold ?? false
    watches[key] = Watch(entry: entry)
    return wasTold
  }

  /// An entry of ours has filled, and brought its own.
  mutating func brought(by fill: Fill) {
    watches[PositionKey(fill.symbol, fill.slot)] = Watch()
  }

  /// Forgets positions that are gone.
  mutating func keep(_ isNeeded: (PositionKey) -> Bool) {
    watches = watches.filter { isNeeded($0.key) }
  }

  // MARK: A change

  mutating func asked(_ change: ProtectionChange, for entry: Price, at now: Timestamp) {
    var watch = watches[change.key] ?? Watch()
    // The last one had no answer at all.
    if watch.asked != nil { watch.failures += 1 }
    watch.asked = Asked(change: change, entry: entry, at: now)
    watches[change.key] = watch
  }

  /// - Returns: Whether it was told that it could not be set; nil when this is no change of ours.
  mutating func acknowledged(_ change: ProtectionChange) -> Bool? {
    guard let asked = watches[change.key]?.asked, asked.change == change else { return nil }
    return settle(change.key, for: asked.entry)
  }

  /// - Returns: Whether that is to be told now; nil when this is no change of ours.
  mutating func refused(
    _ change: ProtectionChange, _ error: VenueError, at now: Timestamp
  ) -> Bool? {
    guard var watch = watches[change.key], let asked = watch.asked, asked.change == change else {
      return nil
    }
    watch.asked = nil
    watch.failures += 1
    let isFinal = !error.mayPass
    if isFinal { watch.entry = asked.entry }
    var wait = min(Self.firstWait * (1 << min(watch.failures - 1, 9)), Self.longestWait)
    if case .rateLimited(let delay) = error { wait = max(wait, delay) }
    watch.nextAt = now + wait
    let isTold = !watch.isTold && (isFinal || watch.failures >= Self.toldAfter)
    watch.isTold = watch.isTold || isTold
    watches[change.key] = watch
    return isTold
  }
}

extension VenueError {
  /// The same may be taken another time.
  fileprivate var mayPass: Bool {
    switch self {
    case .rateLimited, .unreachable, .outcomeUnknown, .clockSkew, .malformed, .unauthorised: true
    case .rejected(let rejection):
      switch rejection.meaning {
      // A position that is gone is forgotten by the next reading.
      case .triggerPassed, .serverBusy, .reduceOnlyRefused, .orderNotFound: true
      default: false
      }
    }
  }
}
