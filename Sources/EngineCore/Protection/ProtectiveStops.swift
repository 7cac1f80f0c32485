import TradingModel

/// Sees to it that a stop rests on the venue for every position, or that the position is closed.
///
/// A stop that an entry brought may take a moment to be seen. After that it is set, up to three
/// times, all within two seconds of the position; a position that still has none is closed at
/// market. Stops never move with the price: one that rests is left alone here, and set anew only
/// for a new average entry (`EntryLevels`).
struct ProtectiveStops: Sendable {
  /// What it wants done.
  enum Wish: Sendable, Hashable {
    case read
    case protect(ProtectionChange)
    /// The whole position, at market. Asked again until the position is gone or a stop is seen.
    case close(PositionKey)
    case tell(Alert.Severity, Alert.News)
  }

  /// What it may know of a position at this moment.
  struct Sight: Sendable, Hashable {
    var exposure: Exposure
    /// The stop and target to set; nil when none can be computed.
    var wanted: ProtectionPlan?
    /// The market, to see whether it has passed the wanted stop already.
    var price: Price?
    /// Whose business it is.
    var care: Care
    /// A close may be sent on what was read last.
    var canClose: Bool
  }

  enum Care: Sendable, Hashable {
    /// A stop is set, or the position closed.
    case full
    /// Opened by hand and not to be protected: only told.
    case toldOnly
    /// Being flattened, or never to be touched.
    case none
  }

  private struct Watch: Sendable {
    /// When it was first seen without a stop.
    let since: Timestamp
    /// When a stop could first be computed for it.
    var couldSince: Timestamp?
    let side: PositionSide
    var tries = 0
    /// When the last try left; nil when its answer is in.
    var askedAt: Timestamp?
    var nextAt: Timestamp
    /// The ticket after which a reading must show the stop that the venue acknowledged.
    var acknowledgedAtTicket: UInt64?
    /// How often in a row the venue acknowledged a stop that no reading showed.
    var unseen = 0
    var isTold = false
    var closing: Closing?
  }

  private struct Closing: Sendable {
    var tries = 0
    var nextAt: Timestamp
    /// Only a reading asked for later counts.
    let afterTicket: UInt64
  }

  private let timings: EngineTimings
  private var watches: [PositionKey: Watch] = [:]

  init(timings: EngineTimings) { self.timings = timings }

  /// Whether a stop was seen or acknowledged for this position.
  func isConfirmed(_ exposure: Exposure) -> Bool {
    exposure.stop != nil || watches[exposure.key]?.acknowledgedAtTicket != nil
  }

  /// Looks at every open position.
  /// - Parameters:
  ///   - sights: Sorted by position.
  ///   - lastReading: The number of the last reading that was applied.
  ///   - lastTicket: The number of the last reading that was asked for.
  mutating func judge(
    _ sights: [Sight], at now: Timestamp, lastReading: UInt64, lastTicket: UInt64
  ) -> [Wish] {
    let open = Set(sights.map(\.exposure.key))
    watches = watches.filter { open.contains($0.key) }
    return sights.flatMap {
      judge($0, at: now, lastReading: lastReading, lastTicket: lastTicket)
    }
  }

  mutating func acknowledged(_ change: ProtectionChange, lastTicket: UInt64) {
    watches[change.key]?.askedAt = nil
    watches[change.key]?.acknowledgedAtTicket = lastTicket
  }

  mutating func refused(
    _ change: ProtectionChange, _ error: VenueError, at now: Timestamp, lastTicket: UInt64
  ) {
    guard watches[change.key] != nil else { return }
    watches[change.key]?.askedAt = nil
    switch error {
    case .rejected(let rejection) where rejection.meaning == .notModified:
      watches[change.key]?.acknowledgedAtTicket = lastTicket
    case .rejected(let rejection) where rejection.meaning == .triggerPassed:
      // The market is where the stop would have closed: so do we.
      // No try left: the next look closes and tells.
      watches[change.key]?.tries = timings.stopTries
    case .rateLimited(let delay):
      watches[change.key]?.nextAt = now + delay
    default:
      watches[change.key]?.nextAt = now
    }
  }

  /// How often the position was sent a close already.
  func closeTries(_ key: PositionKey) -> Int { watches[key]?.closing?.tries ?? 0 }

  // MARK: One position

  private mutating func judge(
    _ sight: Sight, at now: Timestamp, lastReading: UInt64, lastTicket: UInt64
  ) -> [Wish] {
    let key = sight.exposure.key
    guard sight.care != .none else {
      watches[key] = nil
      return []
    }
    if let stop = sight.exposure.stop {
      let watch = watches.removeValue(forKey: key)
      // What was set or told is told to be in order; what came with its entry is no news.
      guard let watch, watch.tries > 0 || watch.isTold else { return [] }
      return [.tell(.p2, .stopSet(key, stop: stop))]
    }
    guard var watch = watches[key], watch.side == sight.exposure.position.side else {
      watches[key] = Watch(
        since: now, side: sight.exposure.position.side, nextAt: now + timings.stopGrace)
      return [.read]
    }
    defer { watches[key] = watch }

    if sight.care == .toldOnly {
      guard !watch.isTold, now - watch.since >= timings.manualStopAfter else { return [] }
      watch.isTold = true
      let position = sight.exposure.position
      return [.tell(.p0, .stopMissing(key, position.side, position.quantity))]
    }
    if watch.closing != nil {
      return close(sight, &watch, at: now, lastReading: lastReading)
    }
    if let acknowledged = watch.acknowledgedAtTicket {
      guard lastReading > acknowledged else { return [] }
      if let alarm = beginAgain(sight, &watch, at: now) { return [alarm] }
    }
    return protect(sight, &watch, at: now, lastTicket: lastTicket)
  }

  /// Acknowledged, and yet a later reading does not show it. The venue says that it stands: asking it
  /// without a pause would only use up what it lets us ask.
  private func beginAgain(_ sight: Sight, _ watch: inout Watch, at now: Timestamp) -> Wish? {
    let pause =
      watch.unseen == 0 ? .zero : min(.seconds(1) * (1 << min(watch.unseen, 6)), .seconds(60))
    let (unseen, wasTold) = (watch.unseen + 1, watch.isTold)
    watch = Watch(since: now + pause, side: watch.side, nextAt: now + pause)
    watch.unseen = unseen
    watch.isTold = wasTold || unseen == timings.stopTries
    guard watch.isTold, !wasTold else { return nil }
    let position = sight.exposure.position
    return .tell(.p0, .stopMissing(sight.exposure.key, position.side, position.quantity))
  }

  private func protect(
    _ sight: Sight, _ watch: inout Watch, at now: Timestamp, lastTicket: UInt64
  ) -> [Wish] {
    if sight.wanted != nil { watch.couldSince = watch.couldSince ?? now }
    let isLate =
      watch.couldSince.map { now - max($0, watch.since) >= timings.stopWithin }
      ?? (now - watch.since >= timings.stopRulesWithin)
    let hasTried = watch.tries >= timings.stopTries && watch.askedAt == nil
    guard !isLate, !hasTried, !sight.isBeyondStop else {
      watch.closing = Closing(nextAt: now, afterTicket: lastTicket)
      let position = sight.exposure.position
      return [
        .tell(.p0, .emergencyClose(sight.exposure.key, position.side, position.quantity)), .read,
      ]
    }
    // A try without an answer is given up in time for the next one.
    if let asked = watch.askedAt, now - asked < timings.stopWithin / (timings.stopTries + 1) {
      return []
    }
    guard now >= watch.nextAt, watch.tries < timings.stopTries, let wanted = sight.wanted else {
      return []
    }
    watch.tries += 1
    watch.askedAt = now
    return [
      .protect(
        ProtectionChange(
          key: sight.exposure.key, side: sight.exposure.position.side, stop: wanted.stop,
          target: wanted.target, trigger: wanted.trigger))
    ]
  }

  private func close(
    _ sight: Sight, _ watch: inout Watch, at now: Timestamp, lastReading: UInt64
  ) -> [Wish] {
    guard var closing = watch.closing, now >= closing.nextAt else { return [] }
    guard sight.canClose, lastReading > closing.afterTicket else {
      // Not before the venue was asked what is there now.
      closing.nextAt = now + timings.verifyEvery
      watch.closing = closing
      return [.read]
    }
    closing.tries += 1
    let wait = timings.closeBackoff * (1 << min(closing.tries - 1, 10))
    closing.nextAt = now + min(wait, timings.closeBackoffMost)
    watch.closing = closing
    return [.close(sight.exposure.key)]
  }
}

extension ProtectiveStops.Sight {
  /// The market lies beyond the stop already, so that the venue would refuse it.
  fileprivate var isBeyondStop: Bool {
    guard let price, let stop = wanted?.stop else { return false }
    return exposure.position.side == .long ? price <= stop : price >= stop
  }
}
