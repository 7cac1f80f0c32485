/// A person, a chat, a message: the numbers that a chat service gives them. Never a user name.
public struct PersonID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let number: Int64
  public init(_ number: Int64) { self.number = number }
  public static func < (left: PersonID, right: PersonID) -> Bool { left.number < right.number }
  public var description: String { "\(number)" }
}

public struct ChatID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let number: Int64
  /// Stands where a command did not come from a chat: no service gives it.
  public static let none = ChatID(0)

  public init(_ number: Int64) { self.number = number }
  public static func < (left: ChatID, right: ChatID) -> Bool { left.number < right.number }
  public var description: String { "\(number)" }
}

/// One message in one chat.
public struct MessageRef: Sendable, Hashable, Codable {
  public let chat: ChatID
  public let message: Int64

  public init(chat: ChatID, message: Int64) {
    self.chat = chat
    self.message = message
  }
}

/// Where an answer goes: a chat and, in a forum, its topic.
public struct ChatAddress: Sendable, Hashable, Codable {
  public let chat: ChatID
  public let topic: Int64?

  public init(_ chat: ChatID, topic: Int64? = nil) {
    self.chat = chat
    self.topic = topic
  }
}
