import Transport

/// The menus of commands, each for a scope and a language.
struct CommandMenus: Sendable {
  static let maximumCommands = 100
  static let scopes = [
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
  ]

  private var menus: [Key: [JSONValue]] = [:]

  private struct Key: Hashable {
    var scope: String
    var chat: String
    var user: String
    var language: String

    init(_ scope: String, chat: String = "", user: String = "", language: String) {
      self.scope = scope
      self.chat = chat
      self.user = user
      self.language = language
    }

    init(_ parameters: RequestParameters) throws(TelegramRefusal) {
      language = parameters["language_code"] ?? ""
      (scope, chat, user) = ("default", "", "")
      guard let text = parameters["scope"] else { return }
      do throws(JSONError) {
        let json = try JSONValue(parsing: text)
        scope = try json.string("type")
        chat = json["chat_id"].map { $0.stringValue ?? $0.text } ?? ""
        user = json["user_id"].map { $0.stringValue ?? $0.text } ?? ""
      } catch {
        throw .badRequest("can't parse BotCommandScope JSON object")
      }
      guard CommandMenus.scopes.contains(scope) else {
        throw .badRequest("can't parse BotCommandScope: Unsupported type specified")
      }
    }
  }

  mutating func set(_ parameters: RequestParameters) throws(TelegramRefusal) {
    let key = try Key(parameters)
    guard let text = parameters["commands"], let json = try? JSONValue(parsing: text) else {
      throw .badRequest("can't parse commands JSON object")
    }
    guard case .array(let commands) = json else {
      throw .badRequest("expected an Array of BotCommand")
    }
    guard commands.count <= Self.maximumCommands else {
      throw .badRequest("BOT_COMMANDS_TOO_MUCH")
    }
    var menu: [JSONValue] = []
    for command in commands { menu.append(try Self.check(command)) }
    menus[key] = menu.isEmpty ? nil : menu
  }

  mutating func delete(_ parameters: RequestParameters) throws(TelegramRefusal) {
    menus[try Key(parameters)] = nil
  }

  /// Exactly what was set for that scope and language.
  func list(_ parameters: RequestParameters) throws(TelegramRefusal) -> [JSONValue] {
    menus[try Key(parameters)] ?? []
  }

  /// What a person sees: the narrowest scope wins, then the language.
  func shown(in chat: TelegramChat, to person: TelegramUser) -> [JSONValue] {
    let chatID = String(chat.id)
    let scopes = [
      ("chat_member", chatID, String(person.id)), ("chat", chatID, ""),
      (chat.isDirect ? "all_private_chats" : "all_group_chats", "", ""), ("default", "", ""),
    ]
    for (scope, chat, user) in scopes {
      for language in [person.languageCode ?? "", ""] {
        if let menu = menus[Key(scope, chat: chat, user: user, language: language)] { return menu }
      }
    }
    return []
  }

  private static func check(_ command: JSONValue) throws(TelegramRefusal) -> JSONValue {
    guard let name = command["command"]?.stringValue,
      let description = command["description"]?.stringValue
    else { throw .badRequest("can't parse BotCommand: Can't find field") }
    let letters = name.drop { $0 == "/" }
    guard (1...32).contains(letters.utf8.count),
      letters.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) })
    else { throw .badRequest("BOT_COMMAND_INVALID") }
    guard (1...256).contains(description.unicodeScalars.count) else {
      throw .badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    }
    return ["command": .string(String(letters)), "description": .string(description)]
  }
}
