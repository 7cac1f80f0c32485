import Chat

/// `/whoami`: ids and role, for the known.
enum WhoAmICommand: ChatCommand {
  static let name = "whoami"
  static let summary = Phrase.whoAmISummary
  static let usage = Phrase.whoAmIUsage
  static let topic = HelpTopic.settings
  static let access = Access.anyone
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    let words = scene.words
    let person = scene.person
    return .show(
      Screen([
        words(.whoAmI, ["name": person.name, "role": words.word(person.role)]),
        words(.whoAmIIDs, ["id": "\(person.id)", "chat": "\(person.chat)"]),
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
