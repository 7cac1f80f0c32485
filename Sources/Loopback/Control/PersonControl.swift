import TradingModel
import Transport

/// The thumbs: what persons do on the loopback Telegram, by the control interface.
public struct PersonControl: Sendable {
  private let server: TelegramServer

  public init(_ server: TelegramServer) { self.server = server }

  public var routes: [ControlRoute] {
    [
      route("say", "types a text: user, text, chat, name, language, reply_to, topic, as", say),
      route("tap", "taps a button: user, button or data, message, chat", tap),
      route("edit", "changes a text of one's own: user, message, text, chat", edit),
      route("react", "reacts to a message: user, message, emoji, chat", react),
      route("remove", "deletes a message for both sides: chat, message", remove),
      route("block", "blocks the bot or lets it in again: user, blocked, chat", block),
      route("group", "makes a group with the bot in it: id, title, kind", makeGroup),
      route("migrate", "turns a group into a supergroup: group, supergroup", migrate),
    ]
  }

  private func route(
    _ path: String, _ summary: String,
    _ deed: @escaping @Sendable (ControlRequest) async throws -> JSONValue
  ) -> ControlRoute {
    ControlRoute("POST", path, summary) { (request) throws(ControlError) in
      do {
        return .json(try await deed(request))
      } catch let error as ControlError {
        throw error
      } catch let error as PersonError {
        throw ControlError(error.reason)
      } catch {
        throw ControlError("\(error)", status: 500)
      }
    }
  }

  @Sendable private func say(_ request: ControlRequest) async throws -> JSONValue {
    let user = try request.integer("user")
    let text = try request.string("text")
    let chat = try request.optionalInteger("chat")
    if let name = try request.optionalString("name") {
      await server.introduce(
        TelegramUser(
          id: user, firstName: name, username: try request.optionalString("username"),
          languageCode: try request.optionalString("language") ?? "en"))
    }
    let other = TelegramUser(id: 777_000, firstName: "Somebody else")
    let message =
      switch try request.optionalString("as") {
      case nil:
        try await server.say(
          text, from: user, in: chat, replyingTo: try request.optionalInteger("reply_to"),
          topic: try request.optionalInteger("topic"))
      case "forward": try await server.forward(text, by: other, from: user, in: chat)
      case "via_bot":
        try await server.say(
          text, from: user, in: chat,
          viaBot: TelegramUser(id: 888_000, isBot: true, firstName: "gif", username: "gif"))
      case "anonymous":
        try await server.sayAnonymously(text, from: user, in: try request.integer("chat"))
      case let manner?:
        throw ControlError("as must be forward, via_bot or anonymous, not \(manner)")
      }
    return ["chat": .integer(chat ?? user), "message": .integer(message)]
  }

  /// Without a message: the newest one of the bot that has buttons.
  @Sendable private func tap(_ request: ControlRequest) async throws -> JSONValue {
    let user = try request.integer("user")
    let chat = try request.optionalInteger("chat") ?? user
    let choice: ButtonChoice =
      switch (request["data"], request["button"]) {
      case (.string(let data)?, _): .data(data)
      case (_, .string(let label)?): .label(label)
      case (_, .number(let index)?): .index(Int(index) ?? -1)
      default: throw ControlError("button must be a label or an index, or give data")
      }
    var message = try request.optionalInteger("message")
    if message == nil {
      let messages = await server.phone(chat: chat).chats.first?.messages ?? []
      message = messages.last { $0.isFromBot && !$0.buttons.isEmpty }?.id
    }
    guard let message else { throw ControlError("no message in chat \(chat) has buttons") }
    let tap = try await server.tap(choice, on: message, by: user, in: chat)
    return ["message": .integer(message), "tap": .string(tap)]
  }

  @Sendable private func edit(_ request: ControlRequest) async throws -> JSONValue {
    try await server.edit(
      try request.integer("message"), to: try request.string("text"),
      by: try request.integer("user"), in: try request.optionalInteger("chat"))
    return ["done": true]
  }

  @Sendable private func react(_ request: ControlRequest) async throws -> JSONValue {
    try await server.react(
      try request.optionalString("emoji"), to: try request.integer("message"),
      by: try request.integer("user"), in: try request.optionalInteger("chat"))
    return ["done": true]
  }

  @Sendable private func remove(_ request: ControlRequest) async throws -> JSONValue {
    try await server.remove(try request.integer("message"), in: try request.integer("chat"))
    return ["done": true]
  }

  @Sendable private func block(_ request: ControlRequest) async throws -> JSONValue {
    let user = try request.integer("user")
    try await server.admit(
      !(try request.optionalBool("blocked") ?? true),
      in: try request.optionalInteger("chat") ?? user, by: user)
    return ["done": true]
  }

  @Sendable private func makeGroup(_ request: ControlRequest) async throws -> JSONValue {
    let id = try request.integer("id")
    let kind = try request.optionalString("kind") ?? "group"
    guard let kind = TelegramChat.Kind(rawValue: kind), kind != .direct, id < 0 else {
      throw ControlError("kind must be group or supergroup, and id below 0")
    }
    await server.makeGroup(
      TelegramChat(id: id, kind: kind, title: try request.optionalString("title") ?? "Group"))
    return ["done": true]
  }

  @Sendable private func migrate(_ request: ControlRequest) async throws -> JSONValue {
    try await server.migrate(
      try request.integer("group"), to: try request.integer("supergroup"))
    return ["done": true]
  }
}
