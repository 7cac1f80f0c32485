import EngineCore
import Logging
import TradingModel

/// Owns the deciding value. Takes what happens from the inbox, and has done what it decides.
///
/// It runs on the thread that it is handed. There one event after the other is decided; what takes
/// time runs beside it, and its answer comes back as an event.
public actor EngineLoop {
  /// How long orders under way are waited for when the bot stops.
  static let grace = Duration.seconds(5)
  /// How often the engine is told the time unless said otherwise.
  public static let tickInterval = Duration.milliseconds(100)

  nonisolated let announcements = Announcements()
  private nonisolated let inbox: Inbox
  private nonisolated let clock: any WallClock
  private nonisolated let thread: EngineThread
  private nonisolated let tickInterval: Duration
  private let desk: OrderDesk
  private let reconciler: Reconciler
  private let journal: any JournalWriter
  private nonisolated let health: StoreHealth
  private let recorder: Recorder
  private let stateFiles: StateFileDesk
  private let log: Logger
  private nonisolated let onTick: @Sendable () -> Void

  private var engine: TradingEngine
  private var knownInstruments: [Instrument] = []
  /// Decided, and not carried out yet: in the order of the decisions.
  private var effects = Fifo<Effect>()
  /// Carried out beside the loop, and not begun yet.
  private var errands = Fifo<Effect>()
  private var ordersUnderWay = 0
  /// When entries were let pass that are not at the desk yet: they may wait behind a record.
  private var approvedAt: [ClientOrderID: Timestamp] = [:]
  /// Effects wait behind a record that is being committed.
  private var isCommitting = false
  private var stopDeadline: Timestamp?
  private(set) var isRunning = false
  private var droppedCountSaid = 0
  private var meter = EngineMeter()

  /// - Parameters:
  ///   - thread: Shared with `desk`, so that an order leaves without a change of thread.
  ///   - stateFiles: Where the files for other programs are kept.
  ///   - tickInterval: How often the engine is told the time, which its timers are judged on.
  ///   - onTick: Called for every tick that was decided on, on the engine's thread: a sign of life.
  public init(
    engine: TradingEngine, desk: OrderDesk, reconciler: Reconciler, journal: any JournalWriter,
    stateFiles: any StateFileStore, clock: any WallClock, thread: EngineThread = EngineThread(),
    tickInterval: Duration = EngineLoop.tickInterval, log: Logger,
    onTick: @escaping @Sendable () -> Void = {}
  ) {
    let inbox = Inbox()
    let health = StoreHealth { isWorking, detail in
      inbox.post(EngineEvent(.journal(isWorking: isWorking, detail: detail), at: clock.now))
    }
    self.inbox = inbox
    self.engine = engine
    self.desk = desk
    self.reconciler = reconciler
    self.journal = journal
    self.clock = clock
    self.thread = thread
    self.tickInterval = tickInterval
    self.log = log
    self.onTick = onTick
    self.health = health
    recorder = Recorder(journal: journal, clock: clock, health: health)
    self.stateFiles = StateFileDesk(store: stateFiles, clock: clock, health: health)
  }

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.unownedExecutor }

  // MARK: In

  /// Puts something that happened in line. Any thread may call it; it never waits.
  public nonisolated func post(_ body: EngineEvent.Body) {
    inbox.post(EngineEvent(body, at: clock.now))
  }

  /// As `post`; on the engine's own thread it is decided on before this returns.
  public nonisolated func deliver(_ body: EngineEvent.Body) {
    post(body)
    guard thread.isCurrent else { return }
    assumeIsolated { loop in
      loop.decide()
      if !loop.errands.isEmpty || !loop.effects.isEmpty { loop.inbox.wake() }
    }
  }

  /// Tells the engine that the end is near. `run()` returns when no order is under way any more,
  /// or after five seconds.
  public nonisolated func stop() { post(.stopping) }

  /// Tells how the journal's own writing goes: in words what is wrong, nil when all is well again.
  public nonisolated func noteJournal(trouble: String?) {
    health.set(.journal, trouble: trouble)
  }

  // MARK: Out

  /// What the engine knows right now.
  public func snapshot() -> EngineSnapshot { engine.snapshot(at: clock.now) }

  /// What the executing venue trades, as the engine was told.
  public func instruments() -> [Instrument] { knownInstruments }

  /// What was counted since the start.
  public func figures() -> EngineFigures {
    var figures = meter.figures
    figures.decisionToWire = desk.sendTimes.histogram
    figures.refusals = engine.refusalsByReason.map { .init($0.reason, UInt64($0.count)) }
    figures.droppedEvents = UInt64(inbox.droppedCount)
    figures.inboxDepth = inbox.depth
    figures.effectsWaiting = effects.count + errands.count
    figures.ordersUnderWay = ordersUnderWay
    return figures
  }

  /// Progress of every command from now on, beside the one listener of the command bus.
  public nonisolated func followProgress() -> AsyncStream<CommandProgress> {
    announcements.followers.follow()
  }

  // MARK: Running

  /// Runs until stopped or cancelled. Once only.
  public func run() async {
    isRunning = true
    defer { isRunning = false }
    await withDiscardingTaskGroup { group in
      group.addTask { [recorder] in await recorder.run() }
      group.addTask { [stateFiles] in await stateFiles.run() }
      group.addTask { [clock, inbox, tickInterval] in
        await Self.tick(every: tickInterval, on: clock, into: inbox)
      }

      for await _ in inbox.wakes {
        decide()
        startErrands(in: &group)
        while let records = takeDurableRecords() {
          isCommitting = true
          await recorder.commit(records)
          isCommitting = false
          decide()
          startErrands(in: &group)
        }
        if await hasEnded() { break }
      }
      group.cancelAll()
    }
    announcements.finish()
  }

  private static func tick(
    every interval: Duration, on clock: any WallClock, into inbox: Inbox
  ) async {
    while true {
      do { try await clock.sleep(for: interval) } catch { return }
      inbox.post(EngineEvent(.tick, at: clock.now))
    }
  }

  /// Handles all that waits, and carries out what may be carried out now.
  private func decide() {
    carryOut()
    while let event = inbox.take() {
      let decided = engine.handle(event)
      let now = clock.now
      meter.decided(event, at: now)
      for effect in decided {
        if let id = effect.orderID { desk.sendTimes.decided(id, at: now) }
        switch effect {
        case .callBack(let id): desk.callBack(id)
        case .place(let order):
          approvedAt[order.request.id] = now
          effects.append(effect)
        default: effects.append(effect)
        }
      }
      notice(event.body)
      carryOut()
    }
  }

  private func notice(_ event: EngineEvent.Body) {
    switch event {
    case .instruments(let instruments): knownInstruments = instruments
    case .stopping: stopDeadline = stopDeadline ?? clock.now + Self.grace
    case .tick:
      tellWhatWasDropped()
      onTick()
    default: break
    }
  }

  /// Up to the first durable record: what follows it waits for it.
  ///
  /// Records of one event are noted together: an execution without the trip that it closed would be
  /// taken for counted after a crash.
  private func carryOut() {
    var records: [JournalRecord] = []
    defer { if !records.isEmpty { journal.note(records) } }
    while !isCommitting, let effect = effects.first {
      if case .record(let record) = effect {
        if record.isDurable { return }
        records.append(record)
      }
      _ = effects.popFirst()
      carryOut(effect)
    }
  }

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .record, .callBack: break  // Noted with the others; done when it was decided.
    case .alert(let alert): announcements.tell(alert)
    case .progress(let step):
      meter.told(step, at: clock.now)
      announcements.tell(step)
    case .mark(let mark): post(.answer(.reached(mark)))
    case .place, .reduce, .protect, .cancel, .cancelAll, .prepare:
      ordersUnderWay += 1
      errands.append(effect)
    case .readAccount, .readFills, .readLedger, .readCandles, .writeStateFile:
      errands.append(effect)
    }
  }

  /// The records that are next, when they must be committed first.
  private func takeDurableRecords() -> [JournalRecord]? {
    var records: [JournalRecord] = []
    while case .record(let record)? = effects.first, record.isDurable {
      _ = effects.popFirst()
      records.append(record)
    }
    return records.isEmpty ? nil : records
  }

  /// Begins each in the order it was decided, on this thread, up to its first wait.
  private func startErrands(in group: inout DiscardingTaskGroup) {
    while let errand = errands.popFirst() {
      group.addImmediateTask { await self.run(errand) }
    }
  }

  private func run(_ errand: Effect) async {
    switch errand {
    case .place(let order):
      let approvedAt = approvedAt.removeValue(forKey: order.request.id)
      finish(await desk.place(order, approvedAt: approvedAt))
    case .reduce(let order): finish(await desk.reduce(order))
    case .protect(let protection): finish(await desk.protect(protection))
    case .cancel(let order): finish(await desk.cancel(order))
    case .cancelAll(let symbol, let keepingProtection):
      finish(await desk.cancelAll(symbol: symbol, keepingProtection: keepingProtection))
    case .prepare(let symbol, let leverage):
      finish(await desk.prepare(symbol, leverage: leverage))
    case .readAccount(let ticket): post(.answer(await reconciler.read(ticket)))
    case .readFills(let start): post(.answer(await reconciler.readFills(since: start)))
    case .readLedger(let start): post(.answer(await reconciler.readLedger(since: start)))
    case .readCandles(let request): post(.answer(await reconciler.readCandles(request)))
    case .writeStateFile(let file): await stateFiles.write(file)
    case .record, .alert, .progress, .callBack, .mark: break  // Carried out on the spot.
    }
  }

  private func finish(_ answer: EngineEvent.Answer) {
    ordersUnderWay -= 1
    post(.answer(answer))
  }

  private func hasEnded() async -> Bool {
    guard let stopDeadline else { return false }
    if clock.now >= stopDeadline { return true }
    let areStoresIdle = await (recorder.isIdle, stateFiles.isIdle)
    return ordersUnderWay == 0 && effects.isEmpty && errands.isEmpty
      && areStoresIdle == (true, true)
  }

  private func tellWhatWasDropped() {
    let count = inbox.droppedCount
    guard count > droppedCountSaid else { return }
    log.warning(
      "market events dropped: they come faster than they are decided on",
      metadata: ["count": "\(count - droppedCountSaid)"])
    droppedCountSaid = count
  }
}

extension Effect {
  /// The order that it sends.
  fileprivate var orderID: ClientOrderID? {
    switch self {
    case .place(let order): order.request.id
    case .reduce(let order): order.request.id
    default: nil
    }
  }
}
