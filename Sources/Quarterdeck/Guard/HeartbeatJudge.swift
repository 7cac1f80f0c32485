/// Judges by its heartbeat whether a process hangs.
///
/// Silence is what was seen of it: a look adds a second at most, however long ago the last one was.
/// So neither a clock that is set, nor a machine that slept, nor a judge that was itself held up
/// makes a healthy process look dead.
struct HeartbeatJudge: Sendable {
  enum Verdict: Hashable, Sendable {
    /// Nothing is known: there is no heartbeat, or none of this life of the process.
    case unwatched
    case beats
    /// It stands still, not yet for too long.
    case silent(Duration)
    case hangs(Duration)
  }

  static let longestLook = Duration.seconds(1)
  /// A journal that is read through at the start takes its time.
  static let restingFactor = 4

  /// How long a heartbeat may stand still.
  let limit: Duration
  private var last: Heartbeat.Mark?
  private var lookedAt: Duration?
  private var silence = Duration.zero

  init(limit: Duration) { self.limit = limit }

  /// - Parameters:
  ///   - mark: What stands in the file now.
  ///   - start: When the process took its lock, in nanoseconds since the machine was started: an
  ///     older mark is of a life before.
  mutating func look(
    _ mark: Heartbeat.Mark?, since start: UInt64 = 0, at now: Duration
  ) -> Verdict {
    defer { lookedAt = now }
    guard let mark, mark.value | 1 >= start else {
      last = nil
      silence = .zero
      return .unwatched
    }
    guard mark == last, let lookedAt else {
      last = mark
      silence = .zero
      return .beats
    }
    silence += min(max(now - lookedAt, .zero), Self.longestLook)
    let most = mark.isResting ? limit * Self.restingFactor : limit
    return silence >= most ? .hangs(silence) : .silent(silence)
  }
}
