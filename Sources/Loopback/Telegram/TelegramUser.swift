import Transport

/// A person or a bot.
public struct TelegramUser: Sendable, Hashable {
  public var id: Int64
  public var isBot: Bool
  public var firstName: String
  public var username: String?
  /// IETF tag, as the person's app is set.
  public var languageCode: String?

  public init(
    id: Int64, isBot: Bool = false, firstName: String, username: String? = nil,
    languageCode: String? = nil
  ) {
    self.id = id
    self.isBot = isBot
    self.firstName = firstName
    self.username = username
    self.languageCode = languageCode
  }

  var json: JSONObject {
    var json: JSONObject = [
      "id": .integer(id), "is_bot": .bool(isBot), "first_name": .string(firstName),
    ]
    json["username"] = username.map { .string($0) }
    json["language_code"] = languageCode.map { .string($0) }
    return json
  }
}
