import Chat
import TradingModel

/// How a command that was carried out is told: while it runs and when it has ended.
struct CommandReport {
  enum Ending: Sendable, Hashable { case done, refused, failed }

  let deed: OperatorCommand.Deed
  /// The person who gave it.
  let by: String
  let isUndo: Bool
  let scene: Scene
  private var words: Words { scene.words }

  init(_ command: RunningCommand, in scene: Scene) {
    deed = command.deed
    by = command.person.name
    isUndo = command.isUndo
    self.scene = scene
  }

  /// Stands where the buttons of the preview were, until the engine says how far it is.
  var begun: Screen {
    switch deed {
    case .close: Screen([words(.closing)])
    case .panic, .panicWithLongterm, .kill:
      Screen([.line(words.line(.panicBy, ["name": .text(by), "time": .clock(scene.now)]))])
    default: Screen([words(.working)])
    }
  }

  func working(_ report: FlattenReport) -> Screen {
    switch deed {
    case .close: CloseReport(report: report, scene: scene).working
    default: FlattenScreen(report: report, scene: scene).working
    }
  }

  /// - Parameter at: When it ended.
  func finished(_ outcome: CommandOutcome, at time: Timestamp) -> (screen: Screen, ending: Ending) {
    switch outcome {
    case .flattened(let report): flattened(report, at: time)
    case .halted(let report): (halted(report), .done)
    case .done: (done(at: time), .done)
    case .allowlistChanged(let change):
      (AllowlistReport(deed: deed, change: change, offersUndo: !isUndo, scene: scene).screen, .done)
    case .refused(let refusal):
      (RefusalText(scene: scene, deed: deed).screen(for: refusal), .refused)
    case .joined: (Screen([words(.joined)]), .done)
    }
  }

  private func flattened(
    _ report: FlattenReport, at time: Timestamp
  ) -> (screen: Screen, ending: Ending) {
    let ending: Ending = report.isFlat ? .done : .failed
    if case .close = deed {
      return (CloseReport(report: report, scene: scene).final(by: by, at: time), ending)
    }
    let isKill = if case .kill = deed { true } else { false }
    return (FlattenScreen(report: report, scene: scene).final(isHalted: isKill), ending)
  }

  /// A lock that is gone may leave another one standing.
  private var unlockedPhrase: Phrase {
    switch scene.snapshot.state {
    case .halted: .unlockedStillHalted
    case .paused: .unlockedStillPaused
    default: .unlocked
    }
  }

  private func halted(_ report: HaltReport) -> Screen {
    let confirmed = report.positionsKept.count { $0.position.stop != nil && $0.isStopConfirmed }
    let bare = report.positionsKept.filter { $0.position.stop == nil }
    var lines: [Line] = [
      Line([
        .bold(words.badge(.halted)),
        .plain(
          " · "
            + words(
              .halted,
              [
                "modules": "\(report.enginesOff)", "entries": "\(report.entriesCancelled)",
                "positions": words.positions(report.positionsKept.count), "stops": "\(confirmed)",
              ])),
      ])
    ]
    if !bare.isEmpty {
      let symbols = bare.map { String($0.position.symbol.base) }.joined(separator: ", ")
      lines.append(.bold(words(.withoutStop, ["symbols": symbols])))
    }
    return Screen(
      lines.map { .line($0) }, choices: [[Choice(words(.buttonStatus), .open("status"))]])
  }

  private func done(at time: Timestamp) -> Screen {
    let badge = words.badge(scene.snapshot.state)
    let line =
      switch deed {
      case .pause(let engine, let duration?):
        words.line(
          .pausedUntil,
          [
            "engine": .text(engine?.rawValue ?? words(.allEngines)),
            "time": .clock(time + duration),
          ])
      case .pause(let engine, nil):
        words.line(.paused, ["engine": .text(engine?.rawValue ?? words(.allEngines))])
      case .resume(let engine):
        words.line(.resumed, ["engine": .text(engine?.rawValue ?? words(.allEngines))])
      case .unlock:
        words.line(unlockedPhrase)
      default: words.line(.done)
      }
    return Screen([
      .line(Line([.bold(badge)] + [.plain(" · ")] + line.spans)),
      .line(words.line(.byAt, ["name": .text(by), "time": .clock(time)])),
    ])
  }
}
