import Chat
import TradingModel

/// `/kill`: every engine off, entry orders cancelled. The person says what becomes of positions.
enum KillCommand: ChatCommand {
  static let name = "kill"
  static let aliases = ["stop", "killall"]
  static let summary = Phrase.killSummary
  static let usage = Phrase.killUsage
  static let topic = HelpTopic.stop
  static let access = Access.operator
  static let pace = Pace.emergency
  static let confirmation = Confirmation.preview(lifetime: .seconds(30))
  static let notDone = Phrase.notStopped
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    return .preview(
      screen(in: scene), binding: StateDigest(.positions(.all), in: scene.snapshot))
  }

  private static func screen(in scene: Scene) -> Screen {
    let words = scene.words
    let snapshot = scene.snapshot
    let running = snapshot.modules.count { $0.state != .off }
    var lines: [Line] = [
      .bold(words(.killTitle)),
      Line(
        words(
          .killModules, ["modules": "\(running)", "orders": Figures.count(snapshot.entryOrders)])),
    ]
    let valid = Line(words(.validFor, ["age": words.age(.seconds(30))]))
    guard !snapshot.positions.isEmpty else {
      lines += [Line(words(snapshot.noPositions)), valid]
      return Screen(
        lines.map { .line($0) },
        choices: [
          [Choice(words(.buttonStopTrading), .confirm(.kill(flatten: false)), style: .danger)],
          [Choice(words(.buttonGoOn), .keep)],
        ])
    }
    let bare = snapshot.positions.filter { $0.position.stop == nil }
    lines.append(
      Line(
        words(
          bare.isEmpty ? .killPositionsSafe : .killPositionsBare,
          [
            "positions": words.positions(snapshot.positions.count),
            "sum": Sums.profit(of: snapshot.positions, words), "venue": scene.venue,
            "symbols": bare.prefix(8).map { String($0.position.symbol.base) }
              .joined(separator: ", "),
          ])))
    lines += [Line(words(.killQuestion)), valid]
    return Screen(
      lines.map { .line($0) },
      choices: [
        [keep(bare, words)],
        [Choice(words(.buttonFlatten), .confirm(.kill(flatten: true)), style: .danger)],
        [Choice(words(.buttonGoOn), .keep)],
      ])
  }

  private static func keep(_ bare: [PositionView], _ words: Words) -> Choice {
    guard let first = bare.first else {
      return Choice(words(.buttonKeepStops), .confirm(.kill(flatten: false)))
    }
    let named = words(.buttonKeepBareOne, ["symbol": String(first.position.symbol.base)])
    let fits = bare.count == 1 && named.count <= Choice.labelLimit
    return Choice(
      fits ? named : words(.buttonKeepBare, ["count": "\(bare.count)"]),
      .confirm(.kill(flatten: false)), style: .danger)
  }
}
