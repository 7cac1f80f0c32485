import TradingModel

/// `/deny`: no new entries in these symbols from this moment; open positions stay managed.
enum DenyCommand: ChatCommand {
  static let name = "deny"
  static let summary = Phrase.denySummary
  static let usage = Phrase.denyUsage
  static let topic = HelpTopic.settings
  static let access = Access.operator
  static let pace = Pace.changing
  static let confirmation = Confirmation.undo
  static let notDone = Phrase.notDenied

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    // What stands on the list can be taken off it, whether the venue still trades it or not.
    let traded = scene.book.symbols
    let known = traded + scene.snapshot.allowlist
    let duration = try arguments.duration(besides: known)
    guard !arguments.isEmpty else { throw .usage }
    let symbols = try arguments.symbols(among: traded.isEmpty ? [] : known)
    return .perform(.deny(symbols, for: duration))
  }
}
