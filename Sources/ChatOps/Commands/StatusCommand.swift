import Chat
import TradingModel

/// `/status`: one screen, the word of state first.
enum StatusCommand: ChatCommand {
  static let name = "status"
  static let aliases = ["s", "check"]
  static let summary = Phrase.statusSummary
  static let usage = Phrase.statusUsage
  static let topic = HelpTopic.look
  static let access = Access.viewer
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    return .show(StatusScreen(scene: scene).screen)
  }
}
