import Risk
import TradingModel

// The margin in use: told, and reduced.

extension TradingEngine {
  /// At this moment, the equity moved by the marks.
  var marginView: MarginView? { liveWallet.flatMap(marginView) }

  /// As the venue told it.
  private var toldMargin: MarginView? { knownWallet.flatMap(marginView) }

  private func marginView(of wallet: Wallet) -> MarginView? {
    MarginWatch.view(
      wallet: wallet, positions: account.sortedPositions, orders: account.sortedOrders)
  }

  /// Judged is what the venue itself told: a price on the stream alone closes nothing, and what is
  /// unknown decides nothing.
  mutating func judgeMargin() {
    guard standing.isBooted else { return }
    for verdict in margin.judge(toldMargin, at: now) {
      switch verdict {
      case .warn(let use): tellMargin(use)
      // What is done about it is told when it is done.
      case .blocked(let use):
        record(.event(kind: "margin-blocked", detail: use.percentText(decimals: 1), at: now))
      case .unblocked(let use):
        tell(.p2, .marginUnblocked(use: use, cuts: marginReductions.count))
        marginReductions.calm()
        recordReductions()
        standing.isMarginStuckTold = false
      case .normal(let use, let duration, let peak):
        tell(.p2, .marginNormal(use: use, after: duration, peak: peak))
      }
    }
    reduceForMargin()
  }

  private mutating func tellMargin(_ use: Ratio) {
    let positions = account.sortedPositions
    let all = positions.reduce(Notional.zero) { $0 + $1.notional }
    let largest = positions.max { ($0.notional, $1.key) < ($1.notional, $0.key) }
    var share: Ratio?
    do { share = try largest?.notional.ratio(to: all) } catch { share = nil }
    tell(
      .p1,
      .marginWarn(
        use: use, limit: settings.risk.limits.marginWarn, largest: largest?.symbol,
        largestShare: share))
  }

  // MARK: Reducing

  /// One after the other, each on an account that was read after the one before it.
  private mutating func reduceForMargin() {
    guard margin.state == .blocked, flattens.isEmpty, flattenRetry == nil,
      account.lastWholeReading > standing.reducedAtTicket, let use = toldMargin?.initialUse
    else { return }
    let share = margin.share(toCloseAt: use)
    let positions = account.sortedPositions.filter { isToBeClosed($0) }
    guard share == nil || !positions.isEmpty else { return tellStuck(use) }
    switch marginReductions.due(share: share, at: now) {
    case .reduce(let share, let number): reduce(by: share, number, use, positions.count)
    case .closeAll(let reductions): closeAllForMargin(use, after: reductions)
    case nil: break
    }
  }

  private mutating func reduce(by share: Ratio, _ number: Int, _ use: Ratio, _ count: Int) {
    let cut = MarginCut(
      use: use, share: share, positions: count, number: number,
      most: settings.risk.margin.maxReductions)
    standing.marginCut = cut
    // Before it is sent: a crash in the middle of it counts, too.
    recordReductions()
    tell(.p0, .marginCut(cut))
    flatten(
      FlattenOrder(
        cause: .margin, scope: .close(.all, share: share), by: "", commands: [], since: now,
        longterm: settings.longterm))
  }

  /// A reduction is over: the account is read once more before anything else is decided on it.
  mutating func reducedForMargin(_ report: FlattenReport) {
    marginReductions.ended(at: now)
    standing.reducedAtTicket = readings.lastTicket
    readings.want()
    guard let cut = standing.marginCut else { return }
    standing.marginCut = nil
    tell(
      .p0,
      .marginCutDone(
        cut, report, use: toldMargin?.initialUse, nextAt: marginReductions.nextAt ?? now))
  }

  private mutating func recordReductions() {
    record(.marginReductions(ReductionsInARow(count: marginReductions.count, at: now)))
  }

  /// A restart is no way round "at most so many, then everything": the count goes on, and it is judged
  /// as still too much in use until a reading shows that it is over.
  mutating func restoreMargin(_ state: RestoredState) {
    guard let row = state.marginReductions, row.count > 0 else { return }
    marginReductions.restore(row)
    margin.restoreBlocked(since: row.at)
  }

  private mutating func closeAllForMargin(_ use: Ratio, after reductions: Int) {
    let counted = reductions == 0 ? "" : " after \(reductions) reductions"
    armPanic(by: "", reason: "margin in use \(use.percentText(decimals: 1))%\(counted)", .margin)
    tell(.p0, .marginCloseAll(use: use, cuts: reductions))
    flatten(
      FlattenOrder(
        cause: .margin, scope: .account, by: "", commands: [], since: now,
        longterm: settings.longterm, locks: [.panic]))
  }

  private mutating func tellStuck(_ use: Ratio) {
    guard !standing.isMarginStuckTold else { return }
    standing.isMarginStuckTold = true
    tell(.p0, .marginStuck(use: use))
  }
}
