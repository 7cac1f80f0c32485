import Chat
import TradingModel

/// `/panic`: everything off, cancelled and closed, then locked. `now` skips the preview; long-term
/// symbols are closed only when they are asked for.
enum PanicCommand: ChatCommand {
  static let name = "panic"
  static let summary = Phrase.panicSummary
  static let usage = Phrase.panicUsage
  static let topic = HelpTopic.stop
  static let access = Access.operator
  static let pace = Pace.emergency
  static let confirmation = Confirmation.preview(lifetime: .seconds(60))
  static let notDone = Phrase.noPanic
  static let worksInGuard = true
  static let longterm = "include_longterm"

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let isNow = arguments.keyword("now") != nil
    let deed: OperatorCommand.Deed =
      arguments.keyword(longterm) == nil ? .panic : .panicWithLongterm
    try arguments.end()
    return isNow
      ? .perform(deed)
      : .preview(screen(of: deed, in: scene), binding: StateDigest(.nothing, in: scene.snapshot))
  }

  private static func screen(of deed: OperatorCommand.Deed, in scene: Scene) -> Screen {
    let words = scene.words
    let snapshot = scene.snapshot
    var lines: [Line] = [
      .bold(words(.panicTitle)),
      Line(
        words(
          .panicEffect,
          [
            "modules": "\(snapshot.modules.count { $0.state != .off })",
            "orders": Figures.count(snapshot.entryOrders),
          ])),
    ]
    let takesLongterm = deed == .panicWithLongterm
    let meant = snapshot.positions.filter { $0.isToBeClosed || takesLongterm && $0.isLongterm }
    if snapshot.positions.isEmpty {
      lines.append(Line(words(snapshot.noPositions)))
    } else {
      let list = meant.prefix(12).map { view in
        "\(view.position.symbol.base) \(words.word(view.position.side)) "
          + scene.quantity(view.position.quantity, of: view.position.symbol)
      }
      lines.append(
        Line(
          words(
            .panicPositions,
            [
              "positions": words.positions(meant.count),
              "sum": Sums.profit(of: meant, words),
              "list": list.joined(separator: " · "),
            ])))
      lines += UnlockCommand.staying(
        snapshot.positions.filter { view in !meant.contains { $0 == view } }, in: scene)
      let kept = meant.filter(\.isLongterm).prefix(12).map(\.position.symbol.name)
      if !kept.isEmpty {
        lines.append(.bold(words(.panicLongterm, ["list": kept.joined(separator: ", ")])))
      }
      if snapshot.protectiveOrders > 0 { lines.append(Line(words(.panicStops))) }
    }
    lines += [
      Line(words(.panicLock)), Line(words(.validFor, ["age": words.age(.seconds(60))])),
    ]
    return Screen(
      lines.map { .line($0) },
      choices: [
        [Choice(words(.buttonPanic), .confirm(deed), style: .danger)],
        [Choice(words(.buttonGoOn), .keep)],
      ])
  }
}
