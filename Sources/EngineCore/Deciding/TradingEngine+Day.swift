import Risk
import TradingModel

// The UTC day and its two limits.

extension TradingEngine {
  private static let targetReason = "daily target"

  /// Judges the equity that the venue told last; one that is unknown is never judged.
  mutating func judgeDay() {
    guard standing.isBooted, !waitsForTransfers() else { return }
    for verdict in day.judge(equity: knownWallet?.equity, at: now) {
      switch verdict {
      case .baselineTaken(let baseline): begin(baseline)
      case .newDay(let baseline):
        begin(baseline)
        tell(.p2, .newDay(baseline))
      case .near(let result, let missing):
        tell(.p1, .dayNear(result: result, missing: missing))
      case .nearCleared:
        record(.event(kind: "day-near-over", detail: "", at: now))
      case .stop(let result, let amount):
        endDay(.dayStop, "daily stop", result: result)
        tell(.p0, .dayStop(result: result, amount: amount))
      case .target(let result, let amount):
        endDay(.dayTarget, Self.targetReason, result: result)
        tell(.p1, .dayTarget(result: result, amount: amount))
      }
    }
    judgeStartLoss()
  }

  /// An emergency: the lock first, then everything is closed. After a panic lock it begins anew.
  private mutating func judgeStartLoss() {
    let base = startLoss.base
    defer { recordStartBase(ifNot: base) }
    guard locks.lock(.panic) == nil, !standing.isStopping,
      let loss = startLoss.judge(equity: knownWallet?.equity, at: now)
    else { return }
    let lost = loss.result.percentText(decimals: 2)
    armPanic(by: "", reason: "\(lost)% since the start", .panic(nil))
    tell(.p0, .startLoss(result: loss.result, amount: loss.amount))
    flatten(
      FlattenOrder(
        cause: .panic(nil), scope: .account, by: "", commands: [], since: now,
        longterm: settings.longterm, locks: [.panic]))
  }

  private mutating func recordStartBase(ifNot base: StartBase?) {
    if startLoss.base != base, !standing.isStopping { record(.startBase(startLoss.base)) }
  }

  /// A limit that money paid in or out may have caused waits until the transfers are read, and then
  /// for a wallet that was read after them.
  private mutating func waitsForTransfers() -> Bool {
    guard let wallet = knownWallet,
      day.isFiring(at: wallet.equity, on: now.day) || startLoss.isFiring(at: wallet.equity)
    else {
      moneyMoves.calm()
      return false
    }
    guard moneyMoves.mayJudge(books: moneyBooks, tolerance: unexplainedMost, at: now) else {
      if moneyMoves.canAsk(at: now) { readLedger() }
      tellWaiting(equity: wallet.equity)
      return true
    }
    return account.lastWholeReading <= standing.movedAtTicket
  }

  /// What our own executions and the transfers known have done to the balance.
  private var moneyBooks: MoneyMoves.Books {
    MoneyMoves.Books(earned: book.earned, transferred: day.baseline?.transferred ?? .zero)
  }

  /// A thousandth of the baseline: no limit hangs on it, and roundings are far below.
  private var unexplainedMost: Notional {
    guard let baseline = day.baseline else { return .zero }
    do { return try baseline.equity.scaled(by: .percent(1)).scaled(by: .percent(10)) } catch {
      return .zero
    }
  }

  private mutating func tellWaiting(equity: Notional) {
    guard let result = day.result(equity: equity), moneyMoves.isToBeTold(at: now) else { return }
    tell(
      .p1,
      .dayLimitWaits(
        result: result, unexplained: moneyMoves.unexplained(by: moneyBooks),
        why: moneyMoves.trouble))
  }

  /// Without a baseline of the day, what the start is measured by may wait for the list.
  mutating func readLedger() {
    guard let start = day.baseline?.takenAt ?? startLoss.base?.takenAt else { return }
    moneyMoves.ask(earned: book.earned, at: now)
    emit(.readLedger(since: min(start, fundingSince ?? start)))
  }

  /// A baseline that has moved is compared with an equity that is read after it: the wallet heard
  /// last may be from before the money came.
  mutating func take(_ ledger: AccountLedger) {
    let earned = book.earned
    count(ledger.funding)
    let funding = book.earned - earned
    let base = startLoss.base
    startLoss.take(ledger.transfers)
    recordStartBase(ifNot: base)
    let moved = day.take(ledger.transfers)
    moneyMoves.answered(
      transferred: moved == nil ? day.baseline?.transferred : nil, funding: funding)
    guard let moved else { return judgeDay() }
    record(.baseline(moved))
    standing.movedAtTicket = readings.lastTicket
    readings.want()
  }

  /// A price that alone would fire a limit has the account read at once: the venue's word decides.
  mutating func watchEquity() {
    guard standing.isBooted, let wallet = liveWallet,
      day.isFiring(at: wallet.equity, on: now.day),
      standing.equityAskedAt.map({ now - $0 >= .seconds(1) }) ?? true
    else { return }
    standing.equityAskedAt = now
    readings.want()
    if let ticket = readings.due(at: now) { emit(.readAccount(ticket)) }
  }

  private mutating func begin(_ baseline: DayBaseline) {
    if book.figures.day != baseline.day { book.begin(baseline.day) }
    moneyMoves.begin(with: moneyBooks)
    record(.baseline(baseline))
  }

  /// The lock first, so that a crash in the middle finds it. That the limit has fired is committed
  /// with it: after `/unlock` and a restart it must not fire again.
  private mutating func endDay(
    _ cause: FlattenReport.Cause, _ what: String, result: Ratio
  ) {
    takeBackKeeping()
    if let fired = day.baseline { record(.baseline(fired)) }
    let lock = Lock.day(
      reason: "\(what) \(result.percentText(decimals: 2))%", at: now, isFlat: false)
    arm(lock)
    flattenForDay(cause)
  }

  private mutating func flattenForDay(_ cause: FlattenReport.Cause) {
    flatten(
      FlattenOrder(
        cause: cause, scope: .account, by: "", commands: [], since: now,
        longterm: settings.longterm, locks: [.day]))
  }

  /// A lock whose flatten was cut off by a crash, or given up before one, goes on; a command that
  /// was cut off comes back by itself, and the two join.
  mutating func resumeLockedFlatten() {
    guard flattens.isEmpty, !isToldToKeep else { return }
    if let lock = locks.lock(.panic), !lock.isFlat {
      var order = FlattenOrder(
        cause: .panic(nil), scope: .account, by: "", commands: [], since: lock.since,
        isResumed: true, longterm: lock.takesLongterm ? [] : settings.longterm, locks: [.panic])
      if locks.lock(.day)?.isFlat == false { order.locks.append(.day) }
      flattenRetry = FlattenRetry(of: order, after: nil, at: now)
    } else if let lock = locks.lock(.day), !lock.isFlat {
      flattenForDay(lock.reason.hasPrefix(Self.targetReason) ? .dayTarget : .dayStop)
    }
  }

  /// The day in figures; nil while the equity or the baseline is unknown.
  var dayView: DayView? {
    guard let baseline = day.baseline, let equity = liveWallet?.equity,
      let result = day.result(equity: equity)
    else { return nil }
    let figures = book.figures
    let unrealised = account.sortedPositions.reduce(Notional.zero) { sum, position in
      sum + (profit(of: position) ?? .zero)
    }
    return DayView(
      baseline: baseline, equity: equity, net: equity - baseline.equity, result: result,
      realised: figures.realised, unrealised: unrealised, fees: figures.fees,
      funding: figures.funding, won: figures.won, lost: figures.lost, best: figures.best,
      worst: figures.worst,
      byOwner: figures.byOwner)
  }
}
