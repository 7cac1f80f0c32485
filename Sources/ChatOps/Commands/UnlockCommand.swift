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
    guard snapshot.positions.isEmpty else {
      throw .refused(refusal.screen(for: .notFlat(snapshot.positions)))
    }
    let words = scene.words
    let lines: [Line] =
      [
        .bold(words(.unlockTitle)),
        Line(words(.unlockEquity, ["equity": Figures.money(wallet.equity)])),
      ]
      + locks.sorted { $1.kind < $0.kind }.map { lock in
        Line(
          words(
            .unlockReason,
            [
              "lock": words.word(lock.kind), "reason": String(lock.reason.prefix(120)),
              "age": words.age(scene.now - lock.since),
            ]))
      } + [Line(words(.validFor, ["age": words.age(.seconds(30))]))]
    return .preview(
      Screen(
        lines.map { .line($0) },
        choices: [
          [
            Choice(words(.buttonUnlock), .confirm(.unlock), style: .danger),
            Choice(words(.buttonStayLocked), .keep),
          ]
        ]), binding: StateDigest(.state, in: snapshot))
  }
}
