/// Why the store did not take or give something.
public enum ChatStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  case unwritable(String)
  case unreadable(String)

  public var description: String {
    switch self {
    case .unwritable(let why), .unreadable(let why): why
    }
  }
}

/// Remembers what came in, so that each update has one effect.
public protocol UpdateLedger: Sendable {
  /// Where polling goes on; nil at the first start, and when nothing came for so long that the
  /// service's numbers may have begun anew.
  func offset() async throws(ChatStoreError) -> Int64?

  /// Commits updates and the new offset in one transaction.
  /// - Returns: Those not seen before, in order.
  func commit(
    _ updates: [ChatUpdate], nextOffset: Int64
  ) async throws(ChatStoreError) -> [ChatUpdate]

  /// Committed, but not marked handled when the process ended; oldest first.
  func unhandled() async throws(ChatStoreError) -> [ChatUpdate]

  func markHandled(_ update: ChatUpdate) async throws(ChatStoreError)
}

/// How far a command has come. A restart finds it where it stood.
public enum CommandStage: String, Sendable, Hashable, Codable, CaseIterable {
  case received, previewed, confirmed, executing, verified, reported
  case refused, expired, failed, notDone, unknown

  public var isEnd: Bool {
    switch self {
    case .received, .previewed, .confirmed, .executing, .verified: false
    case .reported, .refused, .expired, .failed, .notDone, .unknown: true
    }
  }
}

/// One row of the command journal.
public struct CommandRow: Sendable, Hashable, Codable {
  /// Given by the store; 0 before.
  public var number: Int64
  public var update: Int64
  public var person: PersonID?
  public var personName: String
  public var address: ChatAddress
  /// The person's message.
  public var request: MessageRef?
  /// The message that shows the preview and then the result.
  public var answer: MessageRef?
  public var name: String
  public var arguments: String
  /// What is to be done, as ChatOps wrote it down; nil before it is parsed.
  public var deed: String?
  public var stage: CommandStage
  /// Outcome or refusal, in words.
  public var detail: String
  /// Unix milliseconds.
  public var receivedAt: Int64
  public var changedAt: Int64

  public init(
    number: Int64 = 0, update: Int64, person: PersonID?, personName: String,
    address: ChatAddress, request: MessageRef?, answer: MessageRef? = nil, name: String,
    arguments: String, deed: String? = nil, stage: CommandStage, detail: String = "",
    receivedAt: Int64, changedAt: Int64
  ) {
    self.number = number
    self.update = update
    self.person = person
    self.personName = personName
    self.address = address
    self.request = request
    self.answer = answer
    self.name = name
    self.arguments = arguments
    self.deed = deed
    self.stage = stage
    self.detail = detail
    self.receivedAt = receivedAt
    self.changedAt = changedAt
  }
}

/// The command journal: every command, refused ones too, with every stage it went through.
public protocol CommandLog: Sendable {
  /// Adds a row with its first stage.
  /// - Returns: Its number, unique for ever.
  func add(_ row: CommandRow) async throws(ChatStoreError) -> Int64

  /// Writes the row's new stage, answer and detail, and notes the step with its time.
  func update(_ row: CommandRow) async throws(ChatStoreError)

  /// Rows that have not ended, oldest first.
  func unfinished() async throws(ChatStoreError) -> [CommandRow]

  /// The newest rows first.
  func latest(_ count: Int) async throws(ChatStoreError) -> [CommandRow]
}

/// What a person may do.
public enum Role: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  case viewer = 1
  case `operator` = 2
  case owner = 3
  public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

public struct Person: Sendable, Hashable, Codable {
  public var id: PersonID
  public var name: String
  public var role: Role
  /// Where alerts for this person go.
  public var chat: ChatID
  /// Unix milliseconds.
  public var since: Int64

  public init(id: PersonID, name: String, role: Role, chat: ChatID, since: Int64) {
    self.id = id
    self.name = name
    self.role = role
    self.chat = chat
    self.since = since
  }
}

public protocol PersonStore: Sendable {
  func persons() async throws(ChatStoreError) -> [Person]
  func save(_ person: Person) async throws(ChatStoreError)
  func remove(_ person: PersonID) async throws(ChatStoreError)
}

/// A message that must arrive, kept until the chat service confirms it.
public struct OutboxEntry: Sendable, Hashable, Codable {
  /// Given by the store; 0 before.
  public var id: Int64
  public var address: ChatAddress
  public var reply: Reply
  public var lane: ChatLane
  /// What it is about: later entries with the same key may edit the message of earlier ones.
  public var key: String
  /// Edit this message instead of sending a new one.
  public var editing: MessageRef?
  /// Unix milliseconds.
  public var createdAt: Int64
  /// Worth nothing after this, Unix milliseconds; nil is never.
  public var expiresAt: Int64?
  /// A send whose outcome is not known was made: it may arrive twice.
  public var mayBeRepeat: Bool

  public init(
    id: Int64 = 0, address: ChatAddress, reply: Reply, lane: ChatLane, key: String,
    editing: MessageRef? = nil, createdAt: Int64, expiresAt: Int64? = nil,
    mayBeRepeat: Bool = false
  ) {
    self.id = id
    self.address = address
    self.reply = reply
    self.lane = lane
    self.key = key
    self.editing = editing
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.mayBeRepeat = mayBeRepeat
  }
}

/// Messages on their way out that survive a restart.
public protocol Outbox: Sendable {
  /// Writes an event and the messages that tell of it in one transaction.
  /// - Parameter event: What happened: kind and detail, for the journal.
  /// - Returns: The entries with their ids.
  func append(
    _ entries: [OutboxEntry], event: (kind: String, detail: String)
  ) async throws(ChatStoreError) -> [OutboxEntry]

  /// Not delivered yet, by lane and age.
  func pending() async throws(ChatStoreError) -> [OutboxEntry]

  /// Delivered: the entry goes; the message that now stands for its key is remembered.
  func delivered(_ entry: OutboxEntry, as message: MessageRef) async throws(ChatStoreError)

  /// A send had an unknown outcome.
  func markRepeat(_ entry: OutboxEntry) async throws(ChatStoreError)

  /// Given up: expired, or the chat can't be reached.
  func drop(_ entry: OutboxEntry, why: String) async throws(ChatStoreError)

  /// The message that stands for a key in a chat.
  func message(for key: String, in chat: ChatID) async throws(ChatStoreError) -> MessageRef?
}
