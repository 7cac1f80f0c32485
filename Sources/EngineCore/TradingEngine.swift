import Risk
import Strategies
import TradingModel

/// The whole decision of the bot: events in, effects out. No clock, no network, no `await`.
///
/// The same events give the same effects, in every process.
public struct TradingEngine: Sendable {
  public let settings: EngineSettings
  let gate: EntryGate

  /// The time of the latest event: never goes back, though the lanes of the inbox may.
  var now = Timestamp(nanoseconds: .min)
  /// What the event at hand has led to so far; empty between events.
  var effects: [Effect] = []

  // What is known
  var instruments: [Symbol: Instrument] = [:]
  var markets = MarketView()
  var account = AccountView()
  var liveEquity = LiveEquity()
  var links: Links

  // What is ours
  var ids = ClientOrderIDs(boot: 0)
  var book: PositionBook
  var entries = EntryOrders()
  var retries = EntryRetries()
  var reductions = Reductions()
  var plans: [PositionKey: ProtectionPlan] = [:]
  var entryLevels = EntryLevels()
  /// Where the stops of open positions lay when the last life ended.
  var stopsBefore: [PositionKey: (side: PositionSide, stop: Price)] = [:]
  var exits = ExitBook()
  var targets = TargetOrders()
  /// ATR, for exits that are measured in it.
  var ranges = AverageRanges()
  var rangesNextAt = Timestamp(nanoseconds: .min)
  /// Positions just opened, and when that is told at the latest.
  var announcements: [PositionKey: Timestamp] = [:]
  /// As the journal has them.
  var recordedPositions: [PositionKey: RecordedPosition] = [:]
  /// Positions whose slot the venue refused: closed without it.
  var withoutSlot: Set<PositionKey> = []

  // What watches
  var readings: ReadingSchedule
  var history = FillHistory()
  var reconciliation = Reconciliation()
  var stops: ProtectiveStops
  var day: DayWatch
  var startLoss: StartLossWatch
  var moneyMoves = MoneyMoves()
  /// Ids of the funding that is in the figures.
  var countedFunding = RecentKeys<String>(capacity: 8192)
  var margin: MarginWatch
  var marginReductions: MarginReductions

  // What forbids
  var locks = LockBook()
  var allowlist = Allowlist()
  var throttle: Throttle
  var handled = HandledSignals()

  // What is under way
  var flattens: [Flatten] = []
  var flattenCount = 0
  var flattenRetry: FlattenRetry?
  var halts: [Halt] = []
  var unlocks: [PendingUnlock] = []
  var commandsSeen = RecentKeys<CommandID>(capacity: 512)
  var preparations = Preparations()

  // The engines
  var liquidation: LiquidationEngine?
  var counters = SignalCounters()

  // How the bot itself is
  var standing = Standing()

  public init(settings: EngineSettings) {
    self.settings = settings
    gate = EntryGate(settings: settings.risk)
    links = Links(timings: settings.timings)
    book = PositionBook(day: UTCDay(daysSince1970: 0))
    readings = ReadingSchedule(
      pace: settings.timings.readEvery, timeout: settings.timings.readTimeout)
    stops = ProtectiveStops(timings: settings.timings)
    day = DayWatch(settings: settings.risk)
    startLoss = StartLossWatch(settings: settings.risk)
    margin = MarginWatch(settings: settings.risk)
    marginReductions = MarginReductions(settings: settings.risk.margin)
    throttle = Throttle(settings: settings.risk)
    liquidation = settings.liquidation.map(LiquidationEngine.init(settings:))
  }

  /// Everything that is to be done because of `event`, in this order.
  public mutating func handle(_ event: EngineEvent) -> [Effect] {
    now = max(now, event.time)
    switch event.body {
    case .restored(let state): restore(state)
    case .instruments(let list): take(list)
    case .market(let event): see(event)
    case .account(let event): hear(event)
    case .link(let name, let venue, let line, let isUp, let detail):
      for link in settings.links(name, of: venue) {
        links.set(link, on: line, isUp: isUp, detail: detail, at: now)
      }
    case .heartbeat(let name, let venue, let line):
      for link in settings.links(name, of: venue) { links.hear(link, on: line, at: now) }
    case .accountGap: loseTrack()
    case .command(let command): obey(command)
    case .tick: tick()
    case .answer(let answer): take(answer)
    case .flagFile(let isPresent, let reason): obeyFlag(isPresent: isPresent, reason: reason)
    case .panicFile(let file): obeyPanic(file)
    case .journal(let isWorking, let detail): noteJournal(isWorking: isWorking, detail: detail)
    case .clockSkew(let skew): noteClock(skew)
    case .stopping: stop()
    }
    if event.body.mayMovePositions, standing.isBooted { follow() }
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// What every event about the account may call for: closing, protecting, reading again.
  private mutating func follow() {
    advanceFlattens()
    protectPositions()
    recordPositions()
    announcePositions()
    if let ticket = readings.due(at: now) { emit(.readAccount(ticket)) }
  }

  private mutating func tick() {
    guard standing.isBooted else { return }
    expireLocks()
    expireAllowlist()
    judgeLinks()
    judgeAccount()
    judgeBalance()
    if moneyMoves.isWaiting { judgeDay() }
    judgeMargin()
    entries.age(at: now, lastTicket: readings.lastTicket)
    reductions.age(at: now, lastTicket: readings.lastTicket)
    giveUpPreparing()
    judgeLeverages()
    reconcileIfDue()
    tellStartIfDue()
    readHistoryIfDue()
    giveUpWaiting()
    retryFlatten()
    followRanges()
    writeDayIfDue()
    writeMomentIfDue()
  }

  mutating func emit(_ effect: Effect) { effects.append(effect) }
  mutating func record(_ record: JournalRecord) { emit(.record(record)) }

  mutating func tell(_ severity: Alert.Severity, _ news: Alert.News) {
    emit(.alert(Alert(severity, news, at: now)))
  }
}

extension EngineEvent.Body {
  /// Market data and signs of life move nothing of ours: they are the hot path.
  fileprivate var mayMovePositions: Bool {
    switch self {
    case .market, .heartbeat, .link, .clockSkew, .instruments: false
    case .restored, .account, .accountGap, .command, .tick, .answer, .flagFile, .panicFile,
      .journal, .stopping:
      true
    }
  }
}
