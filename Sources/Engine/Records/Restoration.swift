import TradingModel

/// Puts together what the bot knows when it starts: the journal's memory and, where that is lost,
/// what the state files tell. Unknown is not zero: a lock that is written anywhere stands.
public struct Restoration {
  /// What became of the journal when it was opened.
  public enum Opening: Sendable, Hashable {
    case sound
    /// There was none.
    case new
    /// It was damaged: why, and where it is kept.
    case setAside(String)
  }

  public struct Result: Sendable {
    public var state: RestoredState
    /// What the owner must know.
    public var alerts: [Alert] = []
  }

  /// Tries to read the journal, and the pause after the first; it doubles.
  static let tries = 5
  static let pause = Duration.milliseconds(200)

  private let opening: Opening
  private let isPaperFresh: Bool
  private let isUnattended: Bool
  private let allowlist: [Symbol]
  private let clock: any WallClock
  private let journal: @Sendable (Timestamp) async throws(JournalError) -> RestoredState
  private let files: @Sendable (Timestamp) async -> StateFileMemory

  /// - Parameters:
  ///   - opening: What became of the journal when it was opened.
  ///   - isPaperFresh: The paper account begins anew: what the journal tells was held on the one
  ///     before it.
  ///   - isUnattended: Real money, and nobody who would be told: no entries until a person says so.
  ///   - allowlist: What is allowed when the journal can't tell.
  ///   - journal: Reads the journal's memory; tried a few times.
  ///   - files: What the state files tell.
  public init(
    opening: Opening, isPaperFresh: Bool, isUnattended: Bool, allowlist: [Symbol],
    clock: any WallClock,
    journal: @escaping @Sendable (Timestamp) async throws(JournalError) -> RestoredState,
    files: @escaping @Sendable (Timestamp) async -> StateFileMemory
  ) {
    self.opening = opening
    self.isPaperFresh = isPaperFresh
    self.isUnattended = isUnattended
    self.allowlist = allowlist
    self.clock = clock
    self.journal = journal
    self.files = files
  }

  public func restore() async -> Result {
    let memory = await files(clock.now)
    var result: Result
    do throws(JournalError) {
      result = Result(state: try await read())
      switch opening {
      case .sound: break
      case .new:
        result.state.take(memory.baseline, memory.locks)
      case .setAside(let why):
        result.state.take(memory.baseline, memory.locks)
        result.alerts.append(alert("\(why). It began anew; locks and baseline are from the files."))
      }
    } catch {
      result = unread("\(error)", memory)
    }
    if let baseline = memory.baseline { result.state.baseline?.join(baseline) }
    result.state.take(nil, [memory.dayLock].compactMap { $0 })
    if let file = memory.panicFile { result.state.take(file, at: clock.now) }
    if isUnattended {
      result.state.take(
        nil,
        [
          Lock(
            kind: .paused(nil), reason: "nobody was paired when the bot started live",
            since: clock.now)
        ])
    }
    if isPaperFresh {
      result.state.baseline = nil
      result.state.openRoundTrips = []
      result.state.closedToday = []
      result.state.positions = []
      result.state.closedLately = []
      result.state.waitingFills = []
      result.state.countedFunding = []
      result.state.marginReductions = nil
      result.state.startBase = nil
    }
    return result
  }

  private func read() async throws(JournalError) -> RestoredState {
    var wait = Self.pause
    for _ in 1..<Self.tries {
      do throws(JournalError) {
        return try await journal(clock.now)
      } catch {
        do { try await clock.sleep(for: wait) } catch { break }
        wait *= 2
      }
    }
    return try await journal(clock.now)
  }

  /// What the files say, and no entries until a person has looked.
  private func unread(_ why: String, _ memory: StateFileMemory) -> Result {
    let now = clock.now
    var state = RestoredState(boot: BootStamp.next(after: nil, at: now), stoppedCleanly: false)
    // As entries of a person: the list in the journal must not be written over.
    state.allowlist = allowlist.map {
      AllowlistEntry(symbol: $0, by: "", at: now, until: nil, isDenied: false)
    }
    state.take(memory.baseline, memory.locks)
    state.take(
      nil, [Lock(kind: .halted, reason: "the journal could not be read", since: now)])
    let alert = alert(
      "it could not be read (\(why)). HALTED until /resume; day and panic locks are from the files."
    )
    return Result(state: state, alerts: [alert])
  }

  private func alert(_ why: String) -> Alert { Alert(.p0, .memoryLost(why: why), at: clock.now) }
}

extension RestoredState {
  /// Fills in what is missing.
  fileprivate mutating func take(_ baseline: DayBaseline?, _ locks: [Lock]) {
    self.baseline = self.baseline ?? baseline
    for lock in locks where !self.locks.contains(where: { $0.kind == lock.kind }) {
      self.locks.append(lock)
    }
  }
}

extension RestoredState {
  /// One of our own programs that could not finish says so in its file: then it goes on here, also
  /// where a lock stands that was flat before it.
  fileprivate mutating func take(_ file: PanicFile, at now: Timestamp) {
    let found = "panic.lock was found at the start"
    var lock = file.lock(
      reason: file.reason.isEmpty ? found : "\(file.reason); \(found)", since: now)
    guard let place = locks.firstIndex(where: { $0.kind == .panic }) else {
      locks.append(lock)
      return
    }
    guard file.reopens(locks[place]) else { return }
    lock.since = locks[place].since
    lock.takesLongterm = lock.takesLongterm || locks[place].takesLongterm
    locks[place] = lock
  }
}

extension DayBaseline {
  /// A limit that has fired today has, whoever remembers it.
  fileprivate mutating func join(_ other: DayBaseline) {
    guard other.day == day else { return }
    hasStopped = hasStopped || other.hasStopped
    hasReachedTarget = hasReachedTarget || other.hasReachedTarget
  }
}
