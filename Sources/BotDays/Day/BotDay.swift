import Chat
import EngineCore
import Simulation
import TradingModel

/// A day of the whole bot in virtual time: its own code, with a simulated venue, store, chat and
/// machine around it. One seed decides everything; the same seed is the same day.
///
/// Made, played and looked at on one thread. A scenario says what happens when, with `at`, and lets
/// time pass; a random day is played by `run`.
public final class BotDay {
  public let plan: DayPlan
  let flaws: Flaws
  let queue = TurnQueue()
  let time: WorldTime
  /// The machine's clock: it goes on when the process dies.
  let clock: MachineClock
  public private(set) lazy var venue = SimulatedVenue(plan, time: time, day: self)
  public private(set) lazy var store = SimulatedStore(plan, time: time, day: self)
  public private(set) lazy var phone = SimulatedPhone(plan, time: time, day: self)
  private(set) lazy var persons = SimulatedPersons(plan, time: time, day: self)
  private lazy var weather = Weather(plan, time: time, day: self)
  private(set) var life: BotLife?
  let ledger: TruthLedger
  private let watch: Watchkeeper
  private let log = DayLog()
  private var isOpen = false
  /// After a process has stopped as it was asked to.
  private var restartsAfter: Duration?

  /// Something last disturbed the bot's sight of the world then: a fault, or the end of a spell.
  private(set) var disturbedAt: Timestamp
  /// When the bot heard of its account last, by a reading or by its stream.
  var accountHeardAt: Timestamp?
  /// When the process started or died last.
  private(set) var processChangedAt: Timestamp

  // What is counted
  /// What has happened in the world so far: the measure of a prefix.
  public private(set) var eventCount = 0
  public private(set) var faults: [Fault.Kind: Int] = [:]
  public private(set) var lifeCount = 0

  public init(_ plan: DayPlan, flaws: Flaws = Flaws()) {
    self.plan = plan
    self.flaws = flaws
    time = WorldTime(plan.start)
    clock = MachineClock(time)
    watch = Watchkeeper(plan)
    ledger = TruthLedger()
    disturbedAt = plan.start
    processChangedAt = plan.start
  }

  deinit { close() }

  // MARK: What can be looked at

  public var now: Timestamp { time.now }
  /// The first invariant that was broken: the day ends with it.
  public var violation: Violation? { watch.violation }
  public var isBotAlive: Bool { life != nil }
  /// When the present process, or the last one, began.
  var lifeStartedAt: Timestamp { life?.startedAt ?? processChangedAt }
  /// What the bot believes; nil while no process runs.
  public var snapshot: EngineSnapshot? { life?.snapshot }
  /// The last things that happened, oldest first.
  public var lastLines: [String] { log.lines }
  /// The same for the same plan, in every process.
  public var digest: UInt64 { log.digest }

  // MARK: Playing

  /// Something happens so long after the start of the day.
  public func at(_ offset: Duration, _ name: String = "scene", _ deed: @escaping (BotDay) -> Void) {
    time.add(name, at: plan.start + offset) { [weak self] in
      if let self { deed(self) }
    }
  }

  /// Lets time pass, as long as no invariant is broken.
  public func pass(_ duration: Duration) { play(until: time.now + duration, events: .max) }

  /// Plays the day to its end, to the first violation, or to so many events of the world.
  public func run(until events: Int = .max) -> DayReport {
    play(until: plan.start + plan.length, events: events)
    let report = report
    close()
    return report
  }

  private func play(until end: Timestamp, events: Int) {
    open()
    while violation == nil, eventCount < events, let next = time.nextTime, next <= end {
      step()
    }
    if violation == nil, eventCount < events { time.advance(to: end) }
  }

  private func step() {
    switch time.advance() {
    case .wake(let sleeper): sleeper.wake()
    case .event(_, let deed):
      eventCount += 1
      deed()
    case nil: return
    }
    queue.pump()
    watch.look(at: self)
  }

  private func open() {
    guard !isOpen else { return }
    isOpen = true
    store.memory.persons = [SimulatedPhone.ana, SimulatedPhone.bob, SimulatedPhone.eve]
    goOn()
    venue.goOn()
    if let longterm = plan.longterm {
      at(plan.marketPace * 2, "long-term position") {
        $0.openByHand(longterm, .long, share: .percent(3))
      }
    }
    weather.begin()
    persons.plan(plan)
    at(.milliseconds(10), "first start") { $0.start() }
  }

  /// Ends what still runs, so that nothing of the day stays behind.
  private func close() {
    life?.kill()
    life = nil
    queue.pump()
  }

  /// The market's beat.
  private func goOn() {
    time.add("market", at: time.now + plan.marketPace) { [weak self] in
      guard let self else { return }
      venue.goOn()
      goOn()
    }
  }

  // MARK: The process

  /// Starts the bot, unless it runs.
  public func start() {
    guard life == nil else { return }
    lifeCount += 1
    processChangedAt = time.now
    let life = BotLife(self, clock: clock)
    self.life = life
    let here = Handed(self)
    life.start(on: queue) {
      here.value.happen(.started($0))
    } onEnd: { [weak life] in
      here.value.time.add("process ends", at: here.value.time.now) {
        here.value.end(life)
      }
    }
  }

  /// Asks the process to stop, as a signal does, and starts it again after a while; nil is never.
  public func stop(startingAgainAfter pause: Duration? = .seconds(2)) {
    guard let life, !life.isStopping else { return }
    restartsAfter = pause
    life.stop()
  }

  private func end(_ ended: BotLife?) {
    guard let life, life === ended else { return }
    life.kill()
    self.life = nil
    processChangedAt = time.now
    queue.pump()
    happen(.killed(losingJournal: false))
    if let restartsAfter {
      time.add("start", at: time.now + restartsAfter) { [weak self] in self?.start() }
    }
  }

  /// Kills the process as it stands, and starts it again after a while; nil is never.
  public func kill(losingJournal: Bool = false, startingAgainAfter pause: Duration? = .seconds(2)) {
    guard let life else { return }
    play(Fault(losingJournal ? .journalLost : .killed))
    life.kill()
    self.life = nil
    processChangedAt = time.now
    queue.pump()
    if losingJournal { store.lose() }
    happen(.killed(losingJournal: losingJournal))
    guard let pause else { return }
    time.add("start", at: time.now + pause) { [weak self] in self?.start() }
  }

  // MARK: What happens

  func happen(_ happening: Happening) {
    log.note(happening, at: time.now)
    ledger.see(happening, in: self)
    watch.see(happening, in: self)
    weather.see(happening)
  }

  /// A fault was played.
  func play(_ fault: Fault) {
    faults[fault.kind, default: 0] += 1
    disturb()
    happen(.fault(fault))
  }

  func disturb() { disturbedAt = time.now }

  func accountChanged() { watch.wantsToLook = true }

  /// What went on since the line to the venue, the process or a fault disturbed it last.
  var calmFor: Duration {
    let last = max(
      disturbedAt, max(processChangedAt, max(venue.troubledAt, store.troubledAt)))
    return time.now - last
  }

  /// How the day has gone so far.
  public var report: DayReport {
    DayReport(
      seed: plan.seed, simulated: time.now - plan.start, events: eventCount,
      marketEvents: venue.marketEventCount, commands: phone.commandCount, faults: faults,
      lives: lifeCount, fills: ledger.fillCount, entries: ledger.entryCount,
      violation: violation, lines: violation == nil ? [] : log.lines, digest: digest)
  }
}
