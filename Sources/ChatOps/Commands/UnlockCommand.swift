import Chat
import TradingModel

/// `/unlock`: lifts day and panic locks; refused while something is open.
enum UnlockCommand: ChatCommand {
  static let name = "unlock"
  static let aliases = ["reset"]
  static let summary = Phrase.unlockSummary
  static let usage = Phrase.unlockUsage
  static let topic = HelpTopic.stop
  static let access = Access.owner
  static let pace = Pace.changing
  static let confirmation = Confirmation.preview(lifetime: .seconds(30))
  static let notDone = Phrase.notUnlocked

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    let snapshot = scene.snapshot
    let refusal = RefusalText(scene: scene)
    let locks = snapshot.locks.filter { $0.kind == .day || $0.kind == .panic }
    guard !locks.isEmpty else { throw .refused(refusal.screen(for: .nothingToUnlock)) }
    guard case .known(let wallet, _) = snapshot.wallet else {
      let why = if case .unknown(_, let why) = snapshot.wallet { why } else { "" }
      throw .refused(refusal.screen(for: .accountUnknown(why: why)))
    }
    // By the engine's own rule: dust can't be closed, and what is held for long is not to be.
    let open = snapshot.positions.filter(\.isToBeClosed)
    guard open.isEmpty else { throw .refused(refusal.screen(for: .notFlat(open))) }
    let words = scene.words
    let lines: [Line] =
      [
        .bold(words(.unlockTitle)),
        Line(
          words(
            snapshot.positions.isEmpty ? .unlockEquity : .unlockEquityOnly,
            ["equity": Figures.money(wallet.equity)])),
      ] + staying(snapshot.positions, in: scene)
      + locks.sorted { $1.kind < $0.kind }.map { lock in
        Line(
          words(
            .unlockReason,
            [
              "lock": words.word(lock.kind),
              "reason": Figures.tidied(String(lock.reason.prefix(120))),
              "age": words.age(scene.now - lock.since),
            ]))
      } + day(in: scene) + [Line(words(.validFor, ["age": words.age(.seconds(30))]))]
    return .preview(
      Screen(
        lines.map { .line($0) },
        choices: [
          [
            Choice(words(.buttonUnlock), .confirm(.unlock), style: .danger),
            Choice(words(.buttonStayLocked), .keep),
          ]
        ]), binding: StateDigest(.locks, in: snapshot))
  }

  static func staying(_ positions: [PositionView], in scene: Scene) -> [Line] {
    guard !positions.isEmpty else { return [] }
    let list = positions.prefix(8).map { view in
      "\(view.position.symbol) "
        + scene.quantity(view.position.quantity, of: view.position.symbol)
    }
    return [Line(scene.words(.unlockStays, ["list": list.joined(separator: ", ")]))]
  }

  /// Each limit does its work once a day, unlocked or not: whether the day is still guarded.
  private static func day(in scene: Scene) -> [Line] {
    let words = scene.words
    guard let baseline = scene.snapshot.day?.baseline else { return [Line(words(.dayUnknown))] }
    let limit = Figures.limit(scene.snapshot.limits.dayStop)
    var lines = [
      Line(words(baseline.hasStopped ? .unlockStopSpent : .unlockStopGuards, ["limit": limit]))
    ]
    if baseline.hasReachedTarget { lines.append(Line(words(.unlockTargetSpent))) }
    return lines
  }
}
