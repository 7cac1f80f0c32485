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
    var previous = beginning
    var number: Int64 = 0
    var last: [Int64: CommandRow] = [:]
    let cursor = try Row.fetchCursor(db, sql: "SELECT * FROM command_steps ORDER BY number")
    while let row = try cursor.next() {
      let fields = Fields(table: "command_steps", keyColumn: "number", row: row)
      number += 1
      let found = try fields.integer("number")
      guard found == number else { return .broken("step \(number) is missing") }
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
      last[command.number] = command
    }
    return try verifyEnds(last, steps: number, in: db) ?? .intact(steps: Int(number))
  }

  private static func verifyEnds(
    _ last: [Int64: CommandRow], steps: Int64, in db: Database
  ) throws -> AuditVerdict? {
    let given = try givenNumbers(in: db)
    guard given.steps == steps else { return .broken("step \(steps + 1) is missing") }
    guard given.commands > 0 else { return nil }
    for number in 1...given.commands {
      guard let sealed = last[number] else { return .broken("command \(number) has no steps") }
      guard let shown = try Commands.command(number, in: db) else {
        return .broken("command \(number) is missing")
      }
      guard shown == sealed else { return .broken("command \(number) was changed") }
    }
    return nil
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
