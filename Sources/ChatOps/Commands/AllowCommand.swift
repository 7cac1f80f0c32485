import TradingModel

/// `/allow`: engines may enter these symbols, after the venue confirms that it trades them.
enum AllowCommand: ChatCommand {
  static let name = "allow"
  static let summary = Phrase.allowSummary
  static let usage = Phrase.allowUsage
  static let topic = HelpTopic.settings
  static let access = Access.operator
  static let pace = Pace.changing
  static let confirmation = Confirmation.undo
  static let notDone = Phrase.notAllowed

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let duration = try arguments.duration(besides: scene.book.symbols)
    guard !arguments.isEmpty else { throw .usage }
    return .perform(.allow(try arguments.symbols(among: scene.book.symbols), for: duration))
  }
}
