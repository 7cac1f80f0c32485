import Chat
import TradingModel

extension AlertWriter {
  func bot(_ news: Alert.News) -> Notice? {
    switch news {
    case .started(let report): started(report)
    case .stopping: Notice(key: "stopping", kind: .news, lines: [line(.stopping, ["venue": venue])])
    case .locked(let lock):
      Notice(
        key: "lock/\(lock.kind)", kind: .news, lines: [LockText(words: words).line(for: lock)],
        buttons: [[status]], subject: .lock(lock.kind, isLifted: false))
    case .unlocked(let kind):
      Notice(
        key: "lock/\(kind)", kind: .news, lines: [lifted(kind)],
        buttons: [[status]], subject: .lock(kind, isLifted: true))
    case .mismatch(let symbol, let ours, let theirs):
      Notice(
        key: "reconcile/\(symbol)", kind: .firing,
        lines: [
          line(
            .mismatch,
            [
              "venue": venue, "symbol": symbol.name,
              "theirs": Figures.tidied(String(theirs.prefix(80))),
              "ours": Figures.tidied(String(ours.prefix(80))), "base": String(symbol.base),
            ])
        ], buttons: [[positions, close]])
    case .reconciled(let changes):
      changes.isEmpty
        ? nil
        : Notice(
          key: "reconciled", kind: .news,
          lines: [line(.reconciled, ["venue": venue])]
            + changes.prefix(8).map { Line(Figures.tidied(String($0.prefix(160)))) },
          buttons: [[positions]])
    case .journalFailing(let why):
      Notice(
        key: "store", kind: .firing,
        lines: [line(.storeAlert, ["why": String(why.prefix(160))])], buttons: [[health]])
    case .journalWorks:
      Notice(key: "store", kind: .resolved, lines: [line(.storeWorks)])
    case .memoryLost(let why):
      Notice(
        key: "memory/\(now.milliseconds)", kind: .news,
        lines: [line(.memoryLost, ["why": String(why.prefix(600))])], buttons: [[status, health]])
    case .leverageLowered(let all):
      Notice(
        key: "leverage/\(now.milliseconds)", kind: .news,
        lines: [
          line(
            .leverageLowered,
            [
              "venue": venue,
              "list": all.prefix(8).map { "\($0.symbol.base) \($0.wanted)x → \($0.used)x" }
                .joined(separator: ", ")
                + (all.count > 8 ? " " + words(.andMore, ["count": "\(all.count - 8)"]) : ""),
            ])
        ], buttons: [[status]])
    case .controlAbsent(let place, let why):
      Notice(
        key: "control", kind: .firing,
        lines: [
          line(.controlAbsent, ["place": place, "why": Figures.tidied(String(why.prefix(160)))])
        ], buttons: [[health]])
    case .controlReady(let place, let duration):
      Notice(
        key: "control", kind: .resolved,
        lines: [line(.controlReady, ["place": place, "age": words.age(duration)])])
    case .chatConflict:
      Notice(key: "chat.conflict", kind: .news, lines: [line(.chatConflict)], audience: .owner)
    case .stranger(let id, let name):
      Notice(
        key: "stranger/\(id)", kind: .news,
        lines: [line(.stranger, ["id": "\(id)", "name": name])], audience: .owner)
    default: nil
    }
  }

  private func lifted(_ kind: Lock.Kind) -> Line {
    switch kind {
    case .paused(let engine):
      line(.pauseEnded, ["engine": engine?.rawValue ?? words(.allEngines)])
    case .halted: line(.haltEnded)
    case .day, .flagFile, .panic: line(.lockEnded, ["lock": words.word(kind)])
    }
  }

  /// Silent, unless the last run ended in a crash.
  private func started(_ report: StartReport) -> Notice {
    var facts = [
      words(.startedVersion, ["version": report.version]), settings.modeLabel,
      words(
        .startedPositions,
        [
          "positions": words.positions(report.positions), "venue": venue,
          "matching": "\(report.matching)",
        ]), words(.startedState, ["state": words.word(report.state)]),
    ]
    if let guarded = report.guardedFor {
      facts.append(words(.startedGuarded, ["age": words.age(guarded)]))
    } else if let down = report.downFor {
      facts.append(
        words(report.wasClean ? .downPlanned : .downCrashed, ["age": words.age(down)]))
    }
    var lines = [Line(facts.joined(separator: " · "))]
    if !report.inFlight.isEmpty {
      lines.append(
        line(
          .inFlight,
          [
            "count": "\(report.inFlight.count)",
            "list": report.inFlight.prefix(6).joined(separator: "; "),
          ]))
    }
    return Notice(
      key: "started/\(now.milliseconds)", kind: .news, lines: lines, buttons: [[status]],
      isQuiet: report.wasClean)
  }
}
