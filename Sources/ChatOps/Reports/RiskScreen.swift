import Chat
import TradingModel

/// The limits: where the account stands between them, and what happens at which.
struct RiskScreen {
  let scene: Scene
  private var snapshot: EngineSnapshot { scene.snapshot }
  private var limits: RiskLimits { scene.snapshot.limits }
  private var words: Words { scene.words }

  var screen: Screen {
    let lines = [marginSource, nextAction, marginAction, move, WorstCaseText(scene: scene).line]
      .compactMap(\.self)
    let locks = snapshot.locks.sorted { $1.kind < $0.kind }
      .map { LockText(words: words).line(for: $0) }
    return Screen(
      [.table(rows)] + (lines + locks + cooldowns + entries).map { .line($0) },
      choices: [
        [
          Choice(words(.buttonRefresh), .turn(RiskCommand.name)),
          Choice(words(.buttonPositions), .open("positions")),
          Choice(words(.buttonPnL), .open("pnl")),
        ]
      ])
  }

  // MARK: The table

  private var rows: [String] {
    ([marginRow, exposureRow, dayRow] + [largestRow, leverageRow].compactMap(\.self))
      .map(TableRows.clipped)
  }

  private var marginRow: String {
    guard let margin = snapshot.margin else { return words(.marginUnknown) }
    let use = Figures.percent(margin.initialUse, decimals: 1, in: .table)
    return words(
      .riskMargin,
      [
        "use": padded(use, 6), "warn": Figures.limit(limits.marginWarn, in: .table),
        "cut": Figures.limit(limits.marginBlock, in: .table),
      ])
  }

  private var exposureRow: String {
    let times = snapshot.margin.map { Figures.plain($0.exposure, decimals: 2, in: .table) }
    return words(
      .riskExposure,
      [
        "amount": Figures.plain(exposure, decimals: 0, in: .table),
        "times": times ?? words(.unknown),
      ])
  }

  private var dayRow: String {
    let result = snapshot.day.map { Figures.signedPercent($0.result, decimals: 2, in: .table) }
    return words(
      .riskDay,
      [
        "result": padded(result ?? words(.unknown), 6),
        "stop": Figures.limit(limits.dayStop, in: .table),
        "target": "+" + Figures.limit(limits.dayTarget, in: .table),
      ])
  }

  private var largestRow: String? {
    let largest = snapshot.positions.max {
      ($0.position.notional, $1.position.key) < ($1.position.notional, $0.position.key)
    }
    guard let largest, let share = Shares.of(largest.position.notional, in: exposure) else {
      return nil
    }
    return words(
      .riskLargest,
      [
        "symbol": largest.position.symbol.name,
        "share": Figures.percent(share, decimals: 1, in: .table),
      ])
  }

  private var leverageRow: String? {
    let all = snapshot.positions.compactMap(\.position.leverage)
    guard let least = all.min(), let most = all.max() else { return nil }
    let range =
      least == most
      ? "\(Figures.exact(most, in: .table))x"
      : "\(Figures.exact(least, in: .table))x-\(Figures.exact(most, in: .table))x"
    let mode = snapshot.wallet.value?.marginMode.rawValue ?? words(.unknown)
    return words(.riskLeverage, ["leverage": range, "mode": mode])
  }

  private var exposure: Notional {
    snapshot.positions.reduce(.zero) { $0 + $1.position.notional }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  // MARK: What happens next

  private var nextAction: Line {
    guard let day = snapshot.day, let distance = DayDistance(day, limits: limits) else {
      return Line(words(.riskDayUnknown))
    }
    let stop =
      day.baseline.hasStopped
      ? words(.stopFired)
      : words(
        .riskAt,
        [
          "equity": Figures.money(day.equity + distance.toStop),
          "distance": Figures.gain(distance.toStop),
        ])
    let target =
      day.baseline.hasReachedTarget
      ? words(.targetFired)
      : words(
        .riskAt,
        [
          "equity": Figures.money(day.equity + distance.toTarget),
          "distance": Figures.gain(distance.toTarget),
        ])
    return Line(words(.riskNext, ["stop": stop, "target": target]))
  }

  /// Which of the two figures it is, and the maintenance margin beside it.
  private var marginSource: Line? {
    guard let margin = snapshot.margin else { return nil }
    let text = words(margin.source == .sum ? .riskMarginSum : .riskMarginRate)
    let maintenance = margin.maintenanceUse.map {
      words(.riskMaintenance, ["use": Figures.percent($0, decimals: 1)])
    }
    return Line([text, maintenance].compactMap(\.self).joined(separator: " · "))
  }

  private var marginAction: Line {
    Line(
      words(
        .riskMarginAction,
        ["block": Figures.limit(limits.marginBlock), "cut": Figures.limit(limits.marginCut)]))
  }

  /// Against every position at once, long or short.
  private var move: Line? {
    guard let day = snapshot.day, !day.baseline.hasStopped, exposure > .zero,
      let distance = DayDistance(day, limits: limits), distance.toStop < .zero,
      let share = Shares.of(distance.toStop.magnitude, in: exposure)
    else { return nil }
    return Line(words(.riskMove, ["move": Figures.percent(share, decimals: 1)]))
  }

  private var cooldowns: [Line] {
    snapshot.cooldowns.prefix(6).map { cooldown in
      Line(
        words(
          .riskCooldown,
          [
            "symbol": cooldown.symbol.name, "after": cooldown.after,
            "age": words.age(cooldown.until - scene.now),
          ]))
    }
  }

  // MARK: Entries

  private var entries: [Line] {
    let entry = snapshot.entryLimits
    let shares = entry.maxPosition.map { "\($0.engine.rawValue) \(Figures.limit($0.share))%" }
    var lines = [
      words(
        .riskSizes,
        [
          "exposure": Figures.limit(entry.maxExposure), "base": entry.exposureBase,
          "positions": "\(entry.maxPositions)", "each": "\(entry.maxPositionsPerEngine)",
        ]),
      words(
        .riskEntries,
        [
          "stop": Figures.limit(entry.maxStop), "symbol": "\(entry.entriesPerSymbol)",
          "account": "\(entry.entriesPerAccount)", "window": words.age(entry.window),
          "balance": Figures.exact(entry.minimumBalance),
        ]),
    ]
    if !shares.isEmpty {
      lines.insert(words(.riskOnePosition, ["list": shares.joined(separator: " · ")]), at: 1)
    }
    if let loss = entry.startLoss {
      lines.append(words(.riskStartLoss, ["loss": Figures.limit(loss)]))
    }
    return lines.map { Line($0) }
  }
}
