import Chat
import TradingModel

/// What stands in the store: what the next life will find.
struct StoreMemory {
  // The journal
  var lastBoot: UInt64?
  var hasStoppedCleanly = false
  var lastAliveAt: Timestamp?
  var baselines: [UTCDay: DayBaseline] = [:]
  var locks: [Lock.Kind: Lock] = [:]
  var allowlist: [AllowlistEntry] = []
  var signals: [(id: SignalID, at: Timestamp)] = []
  /// Every execution that was written down.
  var fills: [String: Fill] = [:]
  /// Of those, the ids of exits that are in no round trip yet.
  var waiting: Set<String> = []
  var lastFillAt: Timestamp?
  var funding: [String: CountedFunding] = [:]
  var reductions: ReductionsInARow?
  var startBase: StartBase?
  var trips: [String: RoundTrip] = [:]
  var positions: [PositionKey: PositionView] = [:]

  // The chat
  var rows: [CommandRow] = []
  var persons: [Person] = []
  var updates: Set<String> = []
  var unhandled: [ChatUpdate] = []
  var entries: [OutboxEntry] = []
  var messages: [OutboxPlace: MessageRef] = [:]
  var lastEntry: Int64 = 0

  struct OutboxPlace: Hashable {
    let key: String
    let chat: ChatID
  }

  mutating func write(_ record: JournalRecord) {
    switch record {
    case .baseline(let baseline): baselines[baseline.day] = baseline
    case .lock(let lock): locks[lock.kind] = lock
    case .unlock(let kind): locks[kind] = nil
    case .allowlist(let entries): allowlist = entries
    case .signal(let intent, _): signals.append((intent.id, intent.time))
    case .marginReductions(let row): reductions = row
    case .startBase(let base): startBase = base
    case .funding(let payment, _):
      funding[payment.id] =
        funding[payment.id]
        ?? CountedFunding(id: payment.id, paid: payment.paid, time: payment.time)
    case .waitingFill(let fill):
      if fills[fill.executionID] == nil { waiting.insert(fill.executionID) }
      fills[fill.executionID] = fills[fill.executionID] ?? fill
      lastFillAt = max(lastFillAt ?? fill.time, fill.time)
    case .fill(let fill):
      waiting.remove(fill.executionID)
      fills[fill.executionID] = fills[fill.executionID] ?? fill
      lastFillAt = max(lastFillAt ?? fill.time, fill.time)
    case .roundTrip(let trip): trips[trip.id] = trip
    case .position(let view): positions[view.position.key] = view
    case .flat(let key, _): positions[key] = nil
    case .intent, .order, .orderFailed, .event, .day: break
    }
  }

  private var waitingFills: [Fill] {
    waiting.compactMap { fills[$0] }
      .sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }
  }

  /// The executions of the last ten minutes before the newest one, and before those that wait.
  private var recentFills: [String] {
    guard let last = ([lastFillAt].compactMap(\.self) + waitingFills.map(\.time)).min() else {
      return []
    }
    return fills.values.filter { $0.time >= last - .minutes(10) }
      .sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }.map(\.executionID)
  }

  /// As the journal tells it, in the same order.
  func restored(at now: Timestamp) -> RestoredState {
    let all = trips.values.sorted { ($0.openedAt, $0.id) < ($1.openedAt, $1.id) }
    let closed = all.filter { $0.closedAt?.day == now.day }
    let lately = all.filter { trip in
      trip.closedAt.map { $0 < now.day.start && $0 >= now - .hours(24) } ?? false
    }
    var state = RestoredState(
      baseline: baselines[now.day], locks: locks.values.sorted { $0.kind < $1.kind },
      allowlist: allowlist.sorted { $0.symbol < $1.symbol },
      openRoundTrips: all.filter { $0.closedAt == nil },
      closedToday: closed.sorted {
        ($0.closedAt ?? $0.openedAt, $0.id) < ($1.closedAt ?? $1.openedAt, $1.id)
      },
      closedLately: lately.sorted {
        ($0.closedAt ?? $0.openedAt, $0.id) < ($1.closedAt ?? $1.openedAt, $1.id)
      },
      recentSignals: signals.filter { $0.at >= now - .minutes(10) }.map(\.id),
      boot: BootStamp.next(after: lastBoot, at: now), lastFillAt: lastFillAt,
      recentFills: recentFills, waitingFills: waitingFills,
      countedFunding: funding.values.sorted { ($0.time, $0.id) < ($1.time, $1.id) },
      marginReductions: reductions, startBase: startBase, lastSeenAliveAt: lastAliveAt,
      stoppedCleanly: lastBoot == nil || hasStoppedCleanly,
      inFlight: rows.filter { $0.stage == .executing }.map { "/\($0.name) \($0.arguments)" })
    state.positions = positions.values.sorted { $0.position.key < $1.position.key }
    return state
  }
}
