/// `/pair`: for those who are known already. Strangers with a valid code are paired at the gate.
enum PairCommand: ChatCommand {
  static let name = "pair"
  static let summary = Phrase.pairSummary
  static let usage = Phrase.pairUsage
  static let topic = HelpTopic.settings
  static let access = Access.anyone
  static let pace = Pace.changing

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    .show(
      Screen([
        scene.words(.pairedAlready, ["role": scene.words.word(scene.person.role)])
      ]))
  }
}
