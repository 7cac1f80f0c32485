import TradingModel

/// The one component that flattens, whoever asks: close, kill, panic, day limit.
///
/// A state machine over readings of the account. Orders are cancelled; what is open is closed
/// reduce-only at its exact size; the account is read back until two readings half a second apart
/// show nothing left, or two minutes are over. It decides what to do next (`Step`) and is told
/// what came of it.
struct Flatten: Sendable {
  enum Step: Sendable, Hashable {
    case cancelAll(Symbol?)
    case cancel(OrderReference)
    case read
    case readFills(since: Timestamp)
    case close(Position, Quantity)
    case tell(Alert.Severity, Alert.News)
    /// The locks learn what came of it.
    case arm
    /// Says when what comes before it is written down.
    case mark(FlattenReport.Phase)
    /// The report has changed enough to be shown.
    case report
    case finished

    var isClose: Bool { if case .close = self { true } else { false } }
  }

  enum Stage: Sendable, Hashable {
    /// Behind another that wants the same positions.
    case waiting
    case cancelling
    case closing
    /// Flat or given up; the last executions may still come.
    case settling(until: Timestamp)
    case finished
  }

  let number: Int
  private(set) var order: FlattenOrder
  var report: FlattenReport
  var stage = Stage.waiting
  var targets: [FlattenTarget] = []

  // Cancelling
  var cancelsOpen: [Symbol?] = []
  /// The same of orders that are cancelled one by one.
  var singlesOpen: [OrderReference] = []
  var cancelAskedAt: Timestamp?
  var nextCancelAt: Timestamp?

  // Reading
  /// The readings without an answer, oldest first. One that takes long is asked for again, and both
  /// count: a venue that is slow is seen late, not never.
  var asked: [(ticket: ReadTicket, at: Timestamp)] = []
  /// When the last one was asked for.
  var askedAt: Timestamp?
  /// The latest of `asked` is still waited for.
  var isAwaited = false
  /// Before then the venue does not want to be read.
  var readNotBefore: Timestamp?
  var readFailures = 0
  /// The last own reading that was applied, and when it was asked for.
  var lastRead: (number: UInt64, askedAt: Timestamp)?
  var hasNews = false
  var flatAskedAt: Timestamp?
  var isScopeFixed = false

  // Executions
  var fills: [String: Fill] = [:]
  var closes: Set<ClientOrderID> = []
  /// A command taken up again must know first what it has done already.
  var isWaitingForFills = false
  var fillsAskedAt: Timestamp?

  // Reporting
  var reportedAt: Timestamp?
  var reported: FlattenReport?

  let timings: EngineTimings

  init(
    number: Int, order: FlattenOrder, timings: EngineTimings, at now: Timestamp,
    isUnrecorded: Bool
  ) {
    self.number = number
    self.order = order
    self.timings = timings
    report = FlattenReport(
      cause: order.cause, by: order.by, startedAt: now, isUnrecorded: isUnrecorded)
    if order.isResumed { report.warnings.append("taken up again after a restart") }
  }

  var isRunning: Bool { stage != .waiting && stage != .finished }

  /// Flat or given up: only the executions are waited for.
  var isEnded: Bool { report.endedAt != nil }

  /// Whether it closes the position, so that nobody else need look after it.
  func cares(for key: PositionKey) -> Bool {
    guard isRunning, !isEnded, !order.longterm.contains(key.symbol) else { return false }
    if targets.contains(where: { $0.key == key && $0.keep.isZero }) { return true }
    guard order.share == .one else { return false }
    return order.symbols.map { $0.contains(key.symbol) } ?? order.isAccountWide
  }

  /// Whether entries in `symbol` must wait for it.
  func blocksEntries(in symbol: Symbol) -> Bool {
    stage != .finished && (order.symbols.map { $0.contains(symbol) } ?? true)
  }

  /// Somebody else wants the same.
  mutating func join(_ other: FlattenOrder) {
    order.commands += other.commands
    order.locks += other.locks.filter { !order.locks.contains($0) }
    if other.cause.rank > order.cause.rank {
      order.cause = other.cause
      order.by = other.by
      report.cause = other.cause
      report.by = other.by
    }
  }

  // MARK: What came of a step

  mutating func asked(_ ticket: ReadTicket, at now: Timestamp) {
    asked = asked.suffix(Self.mostAsked - 1) + [(ticket, now)]
    askedAt = now
    isAwaited = true
  }

  mutating func read(_ ticket: ReadTicket) {
    guard let question = answered(ticket) else { return }
    readFailures = 0
    readNotBefore = nil
    // A later one is in already.
    guard question.ticket.number > lastRead?.number ?? 0 else { return }
    lastRead = (question.ticket.number, question.at)
    hasNews = true
  }

  mutating func notRead(_ ticket: ReadTicket, _ error: VenueError, at now: Timestamp) {
    guard answered(ticket) != nil else { return }
    readFailures += 1
    if case .rateLimited(let wait) = error { readNotBefore = now + wait }
    warn("the account could not be read back")
  }

  /// The reading takes longer than it is worth waiting for: the next may be asked for.
  mutating func isLate() {
    isAwaited = false
    readFailures += 1
  }

  private static let mostAsked = 8

  private mutating func answered(_ ticket: ReadTicket) -> (ticket: ReadTicket, at: Timestamp)? {
    guard let place = asked.firstIndex(where: { $0.ticket == ticket }) else { return nil }
    if place == asked.indices.last { isAwaited = false }
    return asked.remove(at: place)
  }

  mutating func cancelled(_ symbol: Symbol?, count: Int) {
    guard let place = cancelsOpen.firstIndex(of: symbol) else { return }
    cancelsOpen.remove(at: place)
    report.ordersCancelled += count
    report.ordersToCancel = max(report.ordersToCancel, report.ordersCancelled)
  }

  mutating func notCancelled(_ symbol: Symbol?) {
    guard let place = cancelsOpen.firstIndex(of: symbol) else { return }
    cancelsOpen.remove(at: place)
    warn("orders\(symbol.map { " of \($0)" } ?? "") could not be cancelled at once")
  }

  /// One that was cancelled by itself is gone, or could not be cancelled.
  mutating func cancelEnded(_ reference: OrderReference, isGone: Bool) {
    guard let place = singlesOpen.firstIndex(of: reference) else { return }
    singlesOpen.remove(at: place)
    guard isGone else {
      return warn("an order of \(reference.symbol) could not be cancelled at once")
    }
    report.ordersCancelled += 1
    report.ordersToCancel = max(report.ordersToCancel, report.ordersCancelled)
  }

  mutating func closeFailed(_ key: PositionKey, _ failure: OrderFailure, at now: Timestamp) {
    guard let place = targets.firstIndex(where: { $0.key == key }) else { return }
    targets[place].item.failure = failure
    targets[place].isFailureTold = false
    if case .rateLimited(let delay) = failure.error {
      targets[place].nextAt = max(targets[place].nextAt, now + delay)
    }
  }

  mutating func take(_ fill: Fill) {
    guard fill.closedQuantity > .zero, fills[fill.executionID] == nil, isOurs(fill) else { return }
    fills[fill.executionID] = fill
    let key = PositionKey(fill.symbol, fill.slot)
    guard let place = targets.firstIndex(where: { $0.key == key }) else { return }
    var target = targets[place]
    book(fill, in: &target)
    targets[place] = target
  }

  /// The round trip of a position that is being closed is over: its result is the whole one.
  mutating func ended(_ trip: RoundTrip) {
    guard let place = targets.firstIndex(where: { $0.key == trip.key }) else { return }
    targets[place].item.roundTrips.append(trip)
  }

  mutating func fillsRead(_ all: [Fill], since start: Timestamp) {
    if start <= order.since { isWaitingForFills = false }
    for fill in all { take(fill) }
  }

  mutating func book(_ fill: Fill, in target: inout FlattenTarget) {
    guard fill.side == target.item.side.closing else { return }
    do { try target.take(fill) } catch {
      warn("\(fill.symbol): an execution is beyond what can be counted")
    }
  }

  mutating func warn(_ text: String) {
    if !report.warnings.contains(text) { report.warnings.append(text) }
  }

  /// Executions of our closes, and of stops that closed a position meanwhile.
  private func isOurs(_ fill: Fill) -> Bool {
    if closes.contains(fill.orderID) { return true }
    if let command = fill.orderID.command, order.commands.contains(command) { return true }
    return fill.time >= report.startedAt && isInScope(fill.symbol)
  }
}

extension FlattenReport.Cause {
  /// Which name a report bears that two causes share.
  fileprivate var rank: Int {
    switch self {
    case .close: 0
    case .margin: 1
    case .dayTarget: 2
    case .dayStop: 3
    case .kill: 4
    case .panic: 5
    }
  }

  var command: CommandID? {
    switch self {
    case .close(let id), .kill(let id): id
    case .panic(let id): id
    case .dayStop, .dayTarget, .margin: nil
    }
  }
}
