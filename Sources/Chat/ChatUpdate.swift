/// Something that came in from the chat service.
public struct ChatUpdate: Sendable, Hashable, Codable {
  public enum Body: Sendable, Hashable, Codable {
    case message(IncomingMessage)
    case tap(IncomingTap)
    /// The bot was blocked or let in again.
    case membership(ChatID, canWrite: Bool)
    /// The chat has a new number.
    case migrated(from: ChatID, to: ChatID)
    /// A kind that is confirmed and ignored, or one that could not be decoded.
    case ignored(kind: String)
  }

  /// The service's number; it may repeat, jump, or start again.
  public var id: Int64
  public var body: Body

  public init(id: Int64, body: Body) {
    self.id = id
    self.body = body
  }
}

public struct Sender: Sendable, Hashable, Codable {
  public var id: PersonID
  /// First name, for reports.
  public var name: String
  public var languageCode: String?

  public init(id: PersonID, name: String, languageCode: String? = nil) {
    self.id = id
    self.name = name
    self.languageCode = languageCode
  }
}

public enum ChatKind: String, Sendable, Hashable, Codable {
  case direct, group, channel
}

public struct IncomingMessage: Sendable, Hashable, Codable {
  /// Why a message can't command, whatever it says.
  public enum Taint: String, Sendable, Hashable, Codable {
    case edited, forwarded, viaBot, anonymousOrChannel, fromBot, notText
  }

  public var ref: MessageRef
  public var topic: Int64?
  public var kind: ChatKind
  /// Nil for channels and anonymous senders.
  public var sender: Sender?
  /// When it was sent, Unix seconds by the service's clock.
  public var sentAt: Int64
  public var text: String
  /// The command at offset 0 as the service marked it, without slash, in lower case, and without
  /// the bot's name; nil when the text is no command or one for another bot.
  public var command: String?
  /// What follows the command.
  public var arguments: String
  public var taints: [Taint]

  public init(
    ref: MessageRef, topic: Int64? = nil, kind: ChatKind, sender: Sender?, sentAt: Int64,
    text: String, command: String?, arguments: String, taints: [Taint] = []
  ) {
    self.ref = ref
    self.topic = topic
    self.kind = kind
    self.sender = sender
    self.sentAt = sentAt
    self.text = text
    self.command = command
    self.arguments = arguments
    self.taints = taints
  }
}

/// A button was tapped.
public struct IncomingTap: Sendable, Hashable, Codable {
  /// The service's number of the tap, for the toast.
  public var id: String
  public var sender: Sender
  /// Nil when the message is out of reach.
  public var ref: MessageRef?
  public var topic: Int64?
  public var kind: ChatKind
  public var data: String

  public init(
    id: String, sender: Sender, ref: MessageRef?, topic: Int64? = nil, kind: ChatKind,
    data: String
  ) {
    self.id = id
    self.sender = sender
    self.ref = ref
    self.topic = topic
    self.kind = kind
    self.data = data
  }
}
