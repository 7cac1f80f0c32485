import TradingModel

/// What the day watch found.
public enum DayVerdict: Sendable, Hashable {
  /// The first baseline there is.
  case baselineTaken(DayBaseline)
  /// A new UTC day began: its baseline.
  case newDay(DayBaseline)
  /// The day stop is near; `missing` USDT of loss lie between.
  case near(result: Ratio, missing: Notional)
  case nearCleared
  case stop(result: Ratio, amount: Notional)
  case target(result: Ratio, amount: Notional)
}

/// Judges the UTC day by the account's equity: target and stop, each once a day.
///
/// Result = (equity − baseline) ÷ baseline. The target fires at `>=`, the stop at `<=`, both
/// compared exactly. An equity that is not known is never judged.
public struct DayWatch: Sendable, Hashable {
  /// A baseline taken later than this after midnight is late, even though the bot was running.
  static let punctual = Duration.seconds(60)

  public private(set) var baseline: DayBaseline?
  private let settings: RiskSettings
  /// When an equity was last known in this process.
  private var seenAt: Timestamp?
  private var isNear = false

  /// - Parameter restored: The journal's baseline, of whatever day. A limit that has fired in it
  ///   does not fire again.
  public init(settings: RiskSettings, restored: DayBaseline? = nil) {
    self.settings = settings
    baseline = restored
  }

  /// Equity less baseline, as a share of the baseline; nil without a baseline of that worth.
  public func result(equity: Notional) -> Ratio? {
    guard let baseline else { return nil }
    do { return try (equity - baseline.equity).ratio(to: baseline.equity) } catch { return nil }
  }

  /// Looks at the equity of a moment. After a limit has fired the baseline is to be remembered.
  /// - Parameter equity: Wallet balance plus unrealised results, in USDT; nil is unknown.
  public mutating func judge(equity: Notional?, at now: Timestamp) -> [DayVerdict] {
    guard let equity else { return [] }
    defer { seenAt = now }
    if let baseline, now.day <= baseline.day { return limits(equity: equity, baseline: baseline) }
    // Nothing can be measured against an empty account.
    guard equity > .zero else { return [] }
    return [begin(equity: equity, at: now)]
  }

  /// Whether this equity would fire a limit of the baseline's own day that has not fired yet.
  public func isFiring(at equity: Notional, on day: UTCDay) -> Bool {
    guard let baseline, day <= baseline.day, baseline.equity > .zero else { return false }
    return isStop(equity - baseline.equity, baseline)
      || isTarget(equity - baseline.equity, baseline)
  }

  /// Moves the baseline with the money that came in or went out, so that it is never profit.
  /// - Parameter list: Every transfer since the baseline was taken; older ones do not count. One that
  ///   was told before, in whatever life, counts on when a later list lacks it: money that came is not
  ///   unmade. Where the baseline does not know what moved it, the list decides.
  /// - Returns: The moved baseline, to be remembered; nil when it stands where it should.
  public mutating func take(_ list: [Transfer]) -> DayBaseline? {
    guard var moved = baseline else { return nil }
    let told = list.filter { $0.time >= moved.takenAt }
    let ids = Set(told.map(\.id))
    moved.transfers = moved.transfers.filter { !ids.contains($0.id) } + told
    let total = moved.transfers.reduce(Notional.zero) { $0 + $1.amount }
    guard total != moved.transferred || isNews(moved.transfers) else { return nil }
    moved.equity += total - moved.transferred
    moved.transferred = total
    baseline = moved
    return moved
  }

  /// Ids that are not written down yet, though they may cancel each other out.
  private func isNews(_ transfers: [Transfer]) -> Bool {
    Set(transfers.map(\.id)) != Set(baseline?.transfers.map(\.id) ?? [])
  }

  private mutating func begin(equity: Notional, at now: Timestamp) -> DayVerdict {
    let ranAtMidnight = seenAt.map { $0 < now.day.start } ?? false
    let fresh = DayBaseline(
      day: now.day, equity: equity, takenAt: now,
      isLate: !ranAtMidnight || now - now.day.start > Self.punctual)
    let isFirst = baseline == nil
    baseline = fresh
    isNear = false
    return isFirst ? .baselineTaken(fresh) : .newDay(fresh)
  }

  private mutating func limits(equity: Notional, baseline: DayBaseline) -> [DayVerdict] {
    let amount = equity - baseline.equity
    // A baseline that withdrawals emptied measures nothing.
    guard baseline.equity > .zero, let result = result(equity: equity) else { return [] }
    if isStop(amount, baseline) {
      self.baseline?.hasStopped = true
      isNear = false
      return [.stop(result: result, amount: amount)]
    }
    if isTarget(amount, baseline) {
      self.baseline?.hasReachedTarget = true
      return [.target(result: result, amount: amount)]
    }
    guard !baseline.hasStopped else { return [] }
    return warning(amount: amount, result: result, baseline: baseline)
  }

  private func isStop(_ amount: Notional, _ baseline: DayBaseline) -> Bool {
    !baseline.hasStopped && amount.isAtMost(settings.limits.dayStop, of: baseline.equity)
  }

  private func isTarget(_ amount: Notional, _ baseline: DayBaseline) -> Bool {
    !baseline.hasReachedTarget
      && amount.isAtLeast(settings.limits.dayTarget, of: baseline.equity)
  }

  private mutating func warning(
    amount: Notional, result: Ratio, baseline: DayBaseline
  ) -> [DayVerdict] {
    if !isNear, amount.isAtMost(settings.dayNear, of: baseline.equity) {
      isNear = true
      return [.near(result: result, missing: distanceToStop(amount, baseline))]
    }
    if isNear, !amount.isAtMost(settings.dayNearClear, of: baseline.equity) {
      isNear = false
      return [.nearCleared]
    }
    return []
  }

  /// For people: rounded at 10⁻⁸ USDT.
  private func distanceToStop(_ amount: Notional, _ baseline: DayBaseline) -> Notional {
    let stop: Notional
    do { stop = try baseline.equity.scaled(by: settings.limits.dayStop) } catch { return .zero }
    return amount - stop
  }
}
