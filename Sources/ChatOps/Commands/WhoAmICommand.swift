import Chat

/// `/whoami`: ids and role, for the known.
enum WhoAmICommand: ChatCommand {
  static let name = "whoami"
  static let summary = Phrase.whoAmISummary
  static let usage = Phrase.whoAmIUsage
  static let topic = HelpTopic.settings
  static let access = Access.anyone

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    let words = scene.words
    return .show(
      Screen([
        words(
          .whoAmI,
          [
            "name": scene.person.name, "role": words.word(scene.person.role),
            "id": "\(scene.person.id)", "chat": "\(scene.person.chat)",
          ])
      ]))
  }
}

extension Words {
  func word(_ role: Role) -> String {
    switch role {
    case .viewer: self(.roleViewer)
    case .operator: self(.roleOperator)
    case .owner: self(.roleOwner)
    }
  }
}
