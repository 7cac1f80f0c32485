import Chat
import TradingModel

/// The truth at a glance.
struct StatusScreen {
  let scene: Scene
  private var snapshot: EngineSnapshot { scene.snapshot }
  private var words: Words { scene.words }

  var screen: Screen {
    let lines = [headline, equity] + locks
    let stake = [WorstCaseText(scene: scene).line].compactMap(\.self)
    let after = [positions] + unprotected + stake + [modules, links, asOf]
    return Screen(
      lines + [.gap, .table(table), .gap] + after.map { .line($0) }, choices: choices)
  }

  private var headline: Block {
    let trouble = snapshot.troubles.first.map { [String($0.prefix(120))] } ?? []
    let rest = trouble + [scene.settings.modeLabel]
    let text = " · " + rest.joined(separator: " · ")
    return .line(Line([.bold(words.badge(snapshot.state)), .plain(text)]))
  }

  private var equity: Block {
    switch snapshot.wallet {
    case .unknown(let since, let why):
      return .line(
        words.line(.equityUnknown, ["time": .clock(since), "why": .text(String(why.prefix(120)))]))
    case .known(let wallet, _):
      guard let day = snapshot.day else {
        return .line(
          Line(words(.equityWithoutDay, ["equity": Figures.money(wallet.equity)])))
      }
      return .line(
        Line(
          words(
            .equityToday,
            [
              "equity": Figures.money(wallet.equity), "net": Figures.gain(day.net),
              "percent": Figures.signedPercent(day.result, decimals: 2),
            ])))
    }
  }

  /// Locks are independent; the strictest wins and all are shown.
  private var locks: [Block] {
    snapshot.locks.sorted { $1.kind < $0.kind }.map { .line(LockText(words: words).line(for: $0)) }
  }

  /// How far the stop is; a limit that has done its work today guards nothing before tomorrow.
  private func toStop(_ day: DayView, _ distance: DayDistance) -> String {
    if day.baseline.hasStopped { return words(.stopFired) }
    return distance.toStop < .zero
      ? words(.toStop, ["amount": Figures.gain(distance.toStop, in: .table)])
      : words(.stopReached)
  }

  private func toTarget(_ day: DayView, _ distance: DayDistance) -> String {
    if day.baseline.hasReachedTarget { return words(.targetFired) }
    return distance.toTarget > .zero
      ? words(.toTarget, ["amount": Figures.gain(distance.toTarget, in: .table)])
      : words(.targetReached)
  }

  private var table: [String] {
    var rows: [String] = []
    let limits = snapshot.limits
    if let day = snapshot.day {
      rows.append(
        Meter.day(
          day.result, stop: limits.dayStop, target: limits.dayTarget, width: TableRows.width))
      if let distance = DayDistance(day, limits: limits) {
        rows += TableRows.beside(toStop(day, distance), toTarget(day, distance))
      }
    }
    let orders = words(
      .ordersAndExits,
      [
        "entries": Figures.count(snapshot.entryOrders),
        "exits": Figures.count(snapshot.protectiveOrders),
      ])
    if let margin = snapshot.margin {
      let use = Figures.percent(margin.initialUse, decimals: 1, in: .table)
      let warn = Figures.limit(limits.marginWarn, in: .table)
      rows.append(
        TableRows.clipped(
          "IM " + String(repeating: " ", count: max(1, 7 - use.count)) + use
            + "  \(Meter.share(margin.initialUse)) " + words(.warnAt, ["limit": warn])))
      let exposure = Figures.plain(margin.exposure, decimals: 2, in: .table)
      rows += TableRows.beside(words(.exposure, ["times": exposure]), orders)
    } else {
      rows += TableRows.beside(words(.marginUnknown), orders)
    }
    return rows
  }

  private var positions: Line {
    let open = snapshot.positions
    guard !open.isEmpty else { return Line(words(snapshot.noPositions)) }
    let known = open.compactMap(\.profit)
    let sum = known.count == open.count ? Figures.gain(known.reduce(.zero, +)) : words(.unknown)
    let sorted = open.sorted {
      ($1.profit ?? .zero, $0.position.key) < ($0.profit ?? .zero, $1.position.key)
    }
    var parts = sorted.prefix(6).map { view in
      "\(view.position.symbol.base) \(view.profit.map { Figures.gain($0) } ?? words(.unknown))"
    }
    if sorted.count > 6 { parts.append(words(.andMore, ["count": "\(sorted.count - 6)"])) }
    return Line(
      words(
        .positionsSum,
        [
          "positions": words.positions(open.count), "sum": sum,
          "list": parts.joined(separator: " · "),
        ]))
  }

  private var unprotected: [Line] {
    let bare = snapshot.positions.filter { $0.position.stop == nil }
    guard !bare.isEmpty else { return [] }
    let symbols = bare.prefix(8).map { String($0.position.symbol.base) }
    return [.bold(words(.withoutStop, ["symbols": symbols.joined(separator: ", ")]))]
  }

  private var modules: Line {
    let parts = snapshot.modules.map { module in
      switch module.state {
      case .on: "\(module.name.rawValue) ✓"
      case .paused(let until?): "\(module.name.rawValue) ⏸ \(words.age(until - scene.now))"
      case .paused(nil): "\(module.name.rawValue) ⏸"
      case .off: "\(module.name.rawValue) ⏹"
      case .idle(let why): words(.moduleIdle, ["module": module.name.rawValue, "why": why])
      }
    }
    guard !parts.isEmpty else { return Line(words(.noModules)) }
    return Line(words(.modules, ["list": parts.joined(separator: " · ")]))
  }

  private var links: Line {
    var parts = LinkTexts(scene: scene).byVenue
    parts.append(words(snapshot.isRecording ? .storeOK : .storeFailing))
    if let sight = scene.guardian { parts.append(words(.guardIs, ["state": words.word(sight)])) }
    if let sight = scene.control { parts.append(words(.controlIs, ["state": words.word(sight)])) }
    return Line(words(.links, ["list": parts.joined(separator: " · ")]))
  }

  private var asOf: Line { words.line(.asOf, ["time": .clock(snapshot.time)]) }

  /// What can be done about entries: stop them, or end what stops them.
  private var entries: Choice {
    let kinds = snapshot.locks.map(\.kind)
    if kinds.contains(.panic) || kinds.contains(.day), scene.may(UnlockCommand.access) {
      return Choice(words(.buttonUnlock), .open("unlock"))
    }
    return kinds.contains(.halted) || kinds.contains(.paused(nil))
      ? Choice(words(.buttonResume), .open("resume"))
      : Choice(words(.buttonPauseAll), .open("pause"))
  }

  private var choices: [[Choice]] {
    let reading = [
      Choice(words(.buttonRefresh), .turn("status")),
      Choice(words(.buttonPositions), .open("positions")),
      Choice(words(.buttonPnL), .open("pnl")),
    ]
    guard scene.may(.operator) else { return [reading] }
    return [
      reading,
      [
        entries,
        Choice(words(.buttonClose), .open("close")),
        Choice(words(.buttonPanic), .open("panic"), style: .danger),
      ],
    ]
  }
}
