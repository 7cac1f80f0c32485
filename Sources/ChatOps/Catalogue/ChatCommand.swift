import Chat
import TradingModel

/// A command of the chat: one type in one file, and one line in `CommandCatalog`. Router, help,
/// menu and the permission test are drawn from what it declares.
protocol ChatCommand: Sendable {
  /// Without slash, in lower case; the same in every language.
  static var name: String { get }
  static var aliases: [String] { get }
  static var summary: Phrase { get }
  /// What may follow the name, with an example.
  static var usage: Phrase { get }
  static var topic: HelpTopic { get }
  static var access: Access { get }
  static var pace: Pace { get }
  static var confirmation: Confirmation { get }
  static var sight: Sight { get }
  /// How the message begins when a preview led to nothing: `Not closed`.
  static var notDone: Phrase { get }
  /// The guard can do it, too, while the bot is down.
  static var worksInGuard: Bool { get }

  /// What the command leads to. Nothing is done yet.
  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer
}

extension ChatCommand {
  static var aliases: [String] { [] }
  static var pace: Pace { .reading }
  static var confirmation: Confirmation { .none }
  static var sight: Sight { .engine }
  static var notDone: Phrase { .notDone }
  static var worksInGuard: Bool { false }
}

/// What a command looks at. An emergency must not wait for more than the engine.
enum Sight: Sendable {
  case engine
  /// The newest rows of the command journal and the figures of health, too.
  case everything
}

/// How soon a typed command grows too old to be run.
enum Pace: Sendable {
  /// 10 minutes.
  case reading
  /// 60 seconds.
  case changing
  /// 60 seconds; up to 15 minutes its preview is shown, with sound.
  case emergency
}

enum Confirmation: Sendable, Hashable {
  case none
  /// A preview with buttons, valid that long.
  case preview(lifetime: Duration)
  /// Done at once, with a button that takes it back.
  case undo
}

/// What a command leads to.
enum CommandAnswer: Sendable {
  case show(Screen)
  case preview(Screen, binding: StateDigest)
  case perform(OperatorCommand.Deed)
}

/// Why a command leads to nothing.
enum Objection: Error, Sendable {
  /// The arguments are not understood: the usage is shown.
  case usage
  /// A word that does not say what belongs there: that, and the usage, are shown.
  case misread(String, as: Expected)
  case unknownSymbol(typed: String, nearest: [Symbol])
  case refused(Screen)

  enum Expected: Sendable { case duration, share, module, symbol }
}

enum HelpTopic: String, Sendable, CaseIterable {
  case look, close, stop, settings
}
