import Chat
import TradingModel

/// `/risk`: every limit, its value, what happens next and at which equity.
enum RiskCommand: ChatCommand {
  static let name = "risk"
  static let summary = Phrase.riskSummary
  static let usage = Phrase.riskUsage
  static let topic = HelpTopic.look
  static let access = Access.viewer

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    return .show(RiskScreen(scene: scene).screen)
  }
}
