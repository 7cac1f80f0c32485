import Chat
import TradingModel

/// `/close`: closes positions at market, reduce-only. Without scope it asks which.
enum CloseCommand: ChatCommand {
  static let name = "close"
  static let aliases = ["c", "closeall", "flatten"]
  static let summary = Phrase.closeSummary
  static let usage = Phrase.closeUsage
  static let topic = HelpTopic.close
  static let access = Access.operator
  static let pace = Pace.changing
  static let confirmation = Confirmation.preview(lifetime: .seconds(30))
  static let notDone = Phrase.notClosed
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let known = scene.book.symbols + scene.snapshot.positions.map(\.position.symbol)
    let share = try arguments.share(besides: known)
    guard let scope = try scope(of: &arguments, among: known) else {
      return .show(try ClosePreview(share: share, scene: scene).question())
    }
    return .preview(
      try ClosePreview(share: share, scene: scene).screen(for: scope),
      binding: StateDigest(.positions(scope), in: scene.snapshot))
  }

  /// Nil when none was given.
  private static func scope(
    of arguments: inout Arguments, among known: [Symbol]
  ) throws(Objection) -> CloseScope? {
    guard !arguments.isEmpty else { return nil }
    if let word = arguments.keyword("all", "losers", "winners") {
      try arguments.end()
      return word == "all" ? .all : word == "losers" ? .losers : .winners
    }
    return .symbols(try arguments.symbols(among: known))
  }
}
