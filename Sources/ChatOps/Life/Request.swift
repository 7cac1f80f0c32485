import Chat
import TradingModel

/// A command that passed the gate of persons, typed or tapped.
struct Request: Sendable {
  let update: Int64
  let person: Person
  let address: ChatAddress
  let kind: ChatKind
  /// The person's own message, for replies and reactions; nil for a tap.
  let message: MessageRef?
  /// Edited instead of answering below.
  let place: MessageRef?
  let name: String
  let arguments: String
  /// It came late and is shown all the same: with sound.
  var isLate = false

  func row(at now: Timestamp) -> CommandRow {
    CommandRow(
      update: update, person: person.id, personName: person.name, address: address,
      request: message, answer: place, name: name, arguments: String(arguments.prefix(200)),
      stage: .received, receivedAt: now.milliseconds, changedAt: now.milliseconds)
  }
}

/// A command on its way through the engine.
struct RunningCommand: Sendable {
  enum Stage: Sendable {
    case begun
    case working(FlattenReport)
    case joined
    case finished(CommandOutcome, at: Timestamp)

    var isFinal: Bool { if case .finished = self { true } else { false } }
  }

  var row: CommandRow
  let deed: OperatorCommand.Deed
  let person: Person
  /// Where its preview's buttons live, for the toast of a second tap.
  let nonce: String?
  /// It takes another one back.
  let isUndo: Bool
  var isRecorded: Bool
  /// The newest that its message does not show yet.
  var pending: Stage?
  var isEditing = false
  var editedAt: Timestamp?
  /// Whether the engine has said anything.
  var wasHeard = false
  /// Commands that joined this one: its report is theirs, too.
  var followers: [CommandID] = []
}

/// Updates that were handled since the start, so that one told twice has one effect.
struct SeenUpdates {
  static let limit = 2000
  private var keys: Set<String> = []
  private var order: [String] = []

  /// False when it was seen already. The service's number alone would not do: it may start again.
  mutating func insert(_ update: ChatUpdate) -> Bool {
    let key = Self.key(of: update)
    guard keys.insert(key).inserted else { return false }
    order.append(key)
    if order.count > Self.limit { keys.remove(order.removeFirst()) }
    return true
  }

  private static func key(of update: ChatUpdate) -> String {
    switch update.body {
    case .message(let message):
      "m \(message.ref.chat) \(message.ref.message) \(message.sentAt) \(message.text)"
        + message.taints.map(\.rawValue).joined()
    case .tap(let tap): "t \(tap.id) \(tap.data)"
    case .membership, .migrated, .ignored: "u \(update.id)"
    }
  }
}
