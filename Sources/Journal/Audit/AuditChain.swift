import Chat
import GRDB

/// What following the chain of the command journal has shown.
public enum AuditVerdict: Sendable, Hashable {
  /// Every step and every command stands as it was written.
  case intact(steps: Int)
  /// The first thing that does not, in words.
  case broken(String)
}

/// `command_steps`: every stage of every command, each row sealed with a hash over the row before.
///
/// Changing a step breaks its hash, taking one out breaks the next one's; the last step of each
/// command must agree with `commands`, and SQLite's own counters tell of rows cut off at the end.
enum AuditChain {
  /// Stands before the first step.
  private static let beginning = String(repeating: "0", count: 64)

  static func append(_ command: CommandRow, in db: Database) throws {
    let previous = try db.rows(
      of: "command_steps", key: "number", "ORDER BY number DESC LIMIT 1"
    ) { try $0.text("hash") }.first
    let content = try JSONText.text(of: command)
    try db.add(
      [
        "command": command.number, "stage": command.stage.rawValue, "at": command.changedAt,
        "content": content, "hash": hash(of: content, after: previous ?? beginning),
      ], to: "command_steps")
  }

  static func verify(_ db: Database) throws -> AuditVerdict {
    let given = try givenNumbers(in: db)
    var previous = beginning
    var number: Int64 = 0
    let steps = try Row.fetchCursor(db, sql: "SELECT * FROM command_steps ORDER BY number")
    while let row = try steps.next() {
      let fields = Fields(table: "command_steps", keyColumn: "number", row: row)
      number += 1
      guard try fields.integer("number") == number else {
        return .broken("step \(number) is missing")
      }
      let content = try fields.text("content")
      guard try fields.text("hash") == hash(of: content, after: previous) else {
        return .broken("step \(number) was changed, or one before it")
      }
      let command: CommandRow = try fields.json("content")
      guard try fields.integer("command") == command.number,
        try fields.text("stage") == command.stage.rawValue,
        try fields.integer("at") == command.changedAt
      else { return .broken("step \(number) does not show what was sealed") }
      previous = try fields.text("hash")
    }
    guard number == given.steps else { return .broken("step \(number + 1) is missing") }
    return try faultOfCommands(upTo: given.commands, in: db) ?? .intact(steps: Int(number))
  }

  /// Holds every command against its last step.
  private static func faultOfCommands(
    upTo last: Int64, in db: Database
  ) throws -> AuditVerdict? {
    var number: Int64 = 0
    let commands = try Row.fetchCursor(
      db,
      sql: """
        SELECT *, (SELECT content FROM command_steps AS step
          WHERE step.command = commands.number ORDER BY step.number DESC LIMIT 1) AS sealed
        FROM commands ORDER BY number
        """)
    while let row = try commands.next() {
      let fields = Fields(table: "commands", keyColumn: "number", row: row)
      number += 1
      guard try fields.integer("number") == number else {
        return .broken("command \(number) is missing")
      }
      guard try fields.optionalText("sealed") != nil else {
        return .broken("command \(number) has no steps")
      }
      guard try Commands.read(fields) == fields.json("sealed") else {
        return .broken("command \(number) was changed")
      }
    }
    return number == last ? nil : .broken("command \(number + 1) is missing")
  }

  /// The highest numbers ever given, which SQLite keeps for AUTOINCREMENT.
  private static func givenNumbers(in db: Database) throws -> (commands: Int64, steps: Int64) {
    func highest(_ table: String) throws -> Int64 {
      try db.rows(of: "sqlite_sequence", key: "name", "WHERE name = ?", [table]) {
        try $0.integer("seq")
      }.first ?? 0
    }
    return (try highest("commands"), try highest("command_steps"))
  }

  private static func hash(of content: String, after previous: String) -> String {
    SHA256.hexadecimal(of: "\(previous)\n\(content)".utf8)
  }
}
