import Chat
import TradingModel

/// Panic, kill with flatten, day stop: six phases in one message, then locked or not flat.
struct FlattenScreen {
  let report: FlattenReport
  let scene: Scene
  private var words: Words { scene.words }

  var working: Screen {
    let title =
      report.by.isEmpty
      ? words.line(.flattenBegan, ["time": .clock(report.startedAt)])
      : words.line(
        .panicBy, ["name": .text(report.by), "time": .clock(report.startedAt)])
    let rows = FlattenReport.Phase.allCases.map { TableRows.clipped(row(for: $0)) }
    let left = report.left.filter { $0.tries > 0 }.prefix(6).map { item in
      Block.line(
        Line(
          words(
            .leftToClose,
            [
              "symbol": item.key.symbol.name,
              "left": scene.quantity(item.left, of: item.key.symbol), "try": "\(item.tries)",
              "tries": "\(scene.settings.closeTries)",
            ])))
    }
    return Screen([.line(title), .table(rows)] + left)
  }

  /// - Parameter isHalted: `/kill` armed a second lock, which `/resume` ends.
  func final(isHalted: Bool) -> Screen {
    guard report.isFlat else { return notFlat }
    let ended = report.endedAt ?? scene.now
    let title = words.line(.flatConfirmedAt, ["time": .clock(ended)])
    var lines: [Line] = [
      Line([.bold(words.badge(.locked)), .plain(" · ")] + title.spans),
      Line(
        words(
          .flattenCounts,
          [
            "closed": "\(report.items.count { !$0.wasFlat })",
            "cancelled": "\(report.ordersCancelled)",
            "span": words.span(ended - report.startedAt),
          ])),
      Line(result),
    ]
    if report.isUnrecorded { lines.append(Line(words(.notRecordedNote))) }
    lines += report.warnings.prefix(3).map { Line(String($0.prefix(160))) }
    lines.append(Line(words(isHalted ? .staysOffUntilBoth : .staysOff)))
    return Screen(
      lines.map { .line($0) }, choices: [[Choice(words(.buttonStatus), .open("status"))]])
  }

  var notFlat: Screen {
    let left = report.left.prefix(6).map { item in
      words(
        .leftOne,
        [
          "symbol": item.key.symbol.name, "left": scene.quantity(item.left, of: item.key.symbol),
          "side": words(item.side == .long ? .long : .short),
        ])
    }
    let ended = report.endedAt ?? scene.now
    let text = words(
      left.isEmpty ? .notFlatUnverified : .notFlat,
      [
        "list": left.joined(separator: ", "), "age": words.age(ended - report.startedAt),
        "venue": scene.venue,
      ])
    let reasons = report.left.prefix(3).compactMap { item in
      item.failure.map { failure in
        words(
          .failureOf, ["symbol": item.key.symbol.name, "reason": words.reason(failure.error)])
      }
    }
    return Screen(
      [.line(.bold(text))] + reasons.map { .line(Line($0)) },
      choices: [[Choice(words(.buttonTryAgain), .open("panic"), style: .danger)]])
  }

  private var result: String {
    let result = CloseResult(report)
    let net = words(
      result.isWhole ? .netOfFees : .netOfExitFees, ["amount": Figures.gain(result.net)])
    guard let day = scene.snapshot.day else { return words(.closesResult, ["net": net]) }
    return words(
      .closesResultAndDay,
      [
        "net": net, "day": Figures.gain(day.net),
        "percent": Figures.signedPercent(day.result, decimals: 2),
      ])
  }

  private func row(for phase: FlattenReport.Phase) -> String {
    let label = "\(phase.rawValue) \(words(name(of: phase)))"
    guard let time = report.phases.first(where: { $0.phase == phase }) else { return label }
    let mark = time.endedAt == nil ? "…" : "✓"
    return TableRows.padded(label, to: 21) + mark + " " + detail(of: phase, time)
  }

  private func detail(of phase: FlattenReport.Phase, _ time: FlattenReport.PhaseTime) -> String {
    switch phase {
    case .cancel:
      words(
        .partOf, ["part": "\(report.ordersCancelled)", "whole": "\(report.ordersToCancel)"])
    case .close:
      words(
        .partOf,
        ["part": "\(report.items.count { $0.left.isZero })", "whole": "\(report.items.count)"])
    default:
      time.endedAt.map { words.span($0 - time.startedAt) } ?? ""
    }
  }

  private func name(of phase: FlattenReport.Phase) -> Phrase {
    switch phase {
    case .modulesOff: .phaseModulesOff
    case .cancel: .phaseCancel
    case .close: .phaseClose
    case .verify: .phaseVerify
    case .lock: .phaseLock
    case .report: .phaseReport
    }
  }
}
