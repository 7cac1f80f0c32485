import Chat
import TradingModel

/// The disk of a simulated day: the journal and the state files, with failures of their own.
///
/// What is committed is there for the next life; what was only noted is lost with its process.
/// Unchecked, as `TurnQueue` explains: it belongs to the day's thread.
public final class SimulatedStore: @unchecked Sendable {
  var memory = StoreMemory()
  /// Refuses everything that is to be written.
  public var isRefusing = false
  /// Takes its time for everything.
  public var isHanging = false
  /// `trading_disabled.flag` as a hand put it there.
  public var handFlag: FlagFile?
  /// The state files as they lie there.
  public internal(set) var dayLockFile: Lock?
  public internal(set) var panicFile: PanicFile?
  /// `daily_pnl.json`: the day's baseline and the locks at the moment of writing.
  var dailyFile: (baseline: DayBaseline, locks: [Lock])?
  /// The journal can't be read.
  public var isUnreadable = false
  /// The journal was found missing at the last start, and the one before it is gone.
  private(set) var isNew = true
  /// When it refused or hung last.
  public private(set) var troubledAt: Timestamp
  /// Messages of the outbox that are being sent, so that a send can be told from others.
  let chance: Chance
  let time: WorldTime
  private unowned let day: BotDay

  init(_ plan: DayPlan, time: WorldTime, day: BotDay) {
    chance = Chance(seed: plan.seed, for: "store")
    self.time = time
    self.day = day
    troubledAt = plan.start
  }

  // What can be looked at.

  /// Locks that are written down.
  public var locks: [Lock] { memory.locks.values.sorted { $0.kind < $1.kind } }
  /// Symbols that may be entered, as written down.
  public var allowed: [Symbol] {
    memory.allowlist.filter { !$0.isDenied }.map(\.symbol).sorted()
  }
  public func lock(_ kind: Lock.Kind) -> Lock? { memory.locks[kind] }
  public func baseline(of day: UTCDay) -> DayBaseline? { memory.baselines[day] }
  public var commands: [CommandRow] { memory.rows }
  public var pendingMessages: [OutboxEntry] { memory.entries }
  /// Round trips, open and closed, by opening.
  public var trips: [RoundTrip] {
    memory.trips.values.sorted { ($0.openedAt, $0.id) < ($1.openedAt, $1.id) }
  }
  public func hasFill(_ id: String) -> Bool { memory.fills[id] != nil }

  func note(_ happening: Happening) { day.happen(happening) }

  func trouble() { troubledAt = time.now }

  /// The journal is gone, and the persons with it: whoever installs the bot anew pairs them again.
  func lose() {
    let persons = memory.persons
    memory = StoreMemory()
    memory.persons = persons
    isNew = true
  }

  /// A life has begun with the journal as it is.
  func open() { isNew = false }

  /// What the state files tell a start, as `StateFiles` reads them.
  func files(at now: Timestamp) -> StateFileMemory {
    func lasts(_ lock: Lock) -> Bool { lock.until.map { now < $0 } ?? true }
    return StateFileMemory(
      dayLock: dayLockFile.flatMap { lasts($0) ? $0 : nil }, panicFile: panicFile,
      baseline: dailyFile.flatMap { $0.baseline.day == now.day ? $0.baseline : nil },
      locks: dailyFile?.locks.filter(lasts) ?? [])
  }
}
