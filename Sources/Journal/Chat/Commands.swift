import Chat
import GRDB

/// `commands`: how each command stands now. The steps that led there are in `command_steps`.
enum Commands {
  /// - Returns: Its number; a number is never given twice.
  static func add(_ command: CommandRow, in db: Database) throws -> Int64 {
    try db.add(
      [
        "update_id": command.update, "person": command.person?.number,
        "person_name": command.personName, "chat": command.address.chat.number,
        "topic": command.address.topic, "request_chat": command.request?.chat.number,
        "request_message": command.request?.message, "answer_chat": command.answer?.chat.number,
        "answer_message": command.answer?.message, "name": command.name,
        "arguments": command.arguments, "deed": command.deed, "stage": command.stage.rawValue,
        "detail": command.detail, "received_at": command.receivedAt,
        "changed_at": command.changedAt,
      ], to: "commands")
    return db.lastInsertedRowID
  }

  /// Replaces what may change; who, where and what was typed may not.
  static func update(_ command: CommandRow, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE commands SET answer_chat = ?, answer_message = ?, deed = ?, stage = ?, detail = ?,
          changed_at = ?
        WHERE number = ?
        """,
      arguments: [
        command.answer?.chat.number, command.answer?.message, command.deed,
        command.stage.rawValue, command.detail, command.changedAt, command.number,
      ])
    guard db.changesCount == 1 else {
      throw StoreFailure.unwritable("the journal has no command \(command.number)")
    }
  }

  static func unfinished(in db: Database) throws -> [CommandRow] {
    let ends = CommandStage.allCases.filter(\.isEnd)
    return try db.rows(
      of: "commands", key: "number",
      "WHERE stage NOT IN (\(ends.map { _ in "?" }.joined(separator: ", "))) ORDER BY number",
      StatementArguments(ends.map(\.rawValue)), read: read)
  }

  /// Those that the person had said yes to, as they were typed.
  static func inFlight(in db: Database) throws -> [String] {
    try unfinished(in: db).compactMap { command in
      switch command.stage {
      case .confirmed, .executing, .verified: command.typed
      case .received, .previewed, .reported, .refused, .expired, .failed, .notDone, .unknown: nil
      }
    }
  }

  static func latest(_ count: Int, in db: Database) throws -> [CommandRow] {
    try db.rows(of: "commands", key: "number", "ORDER BY number DESC LIMIT ?", [count], read: read)
  }

  static func command(_ number: Int64, in db: Database) throws -> CommandRow? {
    try db.rows(of: "commands", key: "number", "WHERE number = ?", [number], read: read).first
  }

  static func read(_ fields: Fields) throws -> CommandRow {
    CommandRow(
      number: try fields.integer("number"), update: try fields.integer("update_id"),
      person: try fields.optionalInteger("person").map { PersonID($0) },
      personName: try fields.text("person_name"), address: try fields.address(),
      request: try fields.message("request_chat", "request_message"),
      answer: try fields.message("answer_chat", "answer_message"), name: try fields.text("name"),
      arguments: try fields.text("arguments"), deed: try fields.optionalText("deed"),
      stage: try fields.choice("stage"), detail: try fields.text("detail"),
      receivedAt: try fields.integer("received_at"), changedAt: try fields.integer("changed_at"))
  }
}

extension CommandRow {
  fileprivate var typed: String { arguments.isEmpty ? "/\(name)" : "/\(name) \(arguments)" }
}

extension Fields {
  func address() throws -> ChatAddress {
    ChatAddress(ChatID(try integer("chat")), topic: try optionalInteger("topic"))
  }

  func message(_ chatColumn: String, _ messageColumn: String) throws -> MessageRef? {
    guard let chat = try optionalInteger(chatColumn) else { return nil }
    return MessageRef(chat: ChatID(chat), message: try integer(messageColumn))
  }
}
