import Chat
import TradingModel

/// The commands that persons gave lately: in which chats their own message tells what they did, so
/// that no alert says it there again, and whose they were.
struct GivenCommands: Sendable {
  struct Given: Sendable {
    let deed: OperatorCommand.Deed
    let name: String
    /// Where it was given, and where its giver reads alerts.
    let chats: Set<ChatID>
    let at: Timestamp
  }

  static let limit = 100
  /// How long after a command a lock is its doing: an unlock reads the account first.
  static let lockWindow: Duration = .seconds(60)

  private var commands: [CommandID: Given] = [:]
  private var order: [CommandID] = []

  subscript(id: CommandID) -> Given? { commands[id] }

  mutating func add(_ given: Given, as id: CommandID) {
    if commands.updateValue(given, forKey: id) == nil { order.append(id) }
    if order.count > Self.limit { commands[order.removeFirst()] = nil }
  }

  /// The chats in which a command's own message tells what a notice tells.
  func chats(telling subject: Notice.Subject?, at now: Timestamp) -> Set<ChatID> {
    switch subject {
    case nil: []
    case .command(let id): commands[id]?.chats ?? []
    case .lock(let kind, let isLifted):
      order.compactMap { commands[$0] }
        .filter { now - $0.at <= Self.lockWindow && $0.deed.tells(of: kind, isLifted: isLifted) }
        .reduce(into: []) { $0.formUnion($1.chats) }
    }
  }
}

extension OperatorCommand.Deed {
  /// Whether its outcome tells of that lock, too.
  fileprivate func tells(of kind: Lock.Kind, isLifted: Bool) -> Bool {
    switch (self, kind) {
    case (.pause(let engine, _), .paused(let paused)): !isLifted && engine == paused
    case (.kill, .halted): !isLifted
    case (.resume(let engine), .paused(let paused)):
      isLifted && (engine == nil || engine == paused)
    case (.resume(nil), .halted), (.unlock, .day), (.unlock, .panic): isLifted
    default: false
    }
  }
}
