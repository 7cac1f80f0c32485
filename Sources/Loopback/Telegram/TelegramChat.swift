import Transport

/// A place where messages stand.
public struct TelegramChat: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    case direct = "private"
    case group, supergroup
  }

  /// A person's id in private chats, negative in groups, under -10¹² in supergroups.
  public var id: Int64
  public var kind: Kind
  /// A group's title, or the person's first name.
  public var title: String
  public var username: String?
  /// False when the person blocked the bot, or the group threw it out.
  public var admitsBot = true
  /// The supergroup that this group became.
  public var migratedTo: Int64?

  public init(id: Int64, kind: Kind, title: String, username: String? = nil) {
    self.id = id
    self.kind = kind
    self.title = title
    self.username = username
  }

  var isDirect: Bool { kind == .direct }

  var json: JSONObject {
    var json: JSONObject = ["id": .integer(id)]
    json[isDirect ? "first_name" : "title"] = .string(title)
    json["username"] = username.map { .string($0) }
    json["type"] = .string(kind.rawValue)
    return json
  }
}
