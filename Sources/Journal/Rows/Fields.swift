import Foundation
import GRDB
import TradingModel

/// A row that does not hold what its table should: named, so that a person can look at it.
struct RowError: Error, Hashable, CustomStringConvertible {
  var table: String
  /// The value of the key column.
  var row: String
  var column: String
  var problem: String

  var description: String { "\(table), row \(row): \(column) \(problem)" }
}

/// Reads one row. What does not fit its type is an error and never a crash: other programs may
/// write to the file, too.
struct Fields {
  let table: String
  let keyColumn: String
  let row: Row

  func text(_ column: String) throws -> String { try required(column, optionalText(column)) }

  func optionalText(_ column: String) throws -> String? {
    switch try value(column).storage {
    case .null: nil
    case .string(let text): text
    default: throw error(column, "is not text")
    }
  }

  func integer(_ column: String) throws -> Int64 {
    try required(column, optionalInteger(column))
  }

  func optionalInteger(_ column: String) throws -> Int64? {
    switch try value(column).storage {
    case .null: nil
    case .int64(let number): number
    default: throw error(column, "is not a whole number")
    }
  }

  func count(_ column: String) throws -> Int {
    let number = try integer(column)
    guard let count = Int(exactly: number), count >= 0 else {
      throw error(column, "is \(number)")
    }
    return count
  }

  func flag(_ column: String) throws -> Bool { try integer(column) != 0 }

  func time(_ column: String) throws -> Timestamp { Timestamp(milliseconds: try integer(column)) }

  func optionalTime(_ column: String) throws -> Timestamp? {
    try optionalInteger(column).map(Timestamp.init(milliseconds:))
  }

  func amount<Amount: ExactAmount>(_ column: String) throws -> Amount {
    try required(column, optionalAmount(column))
  }

  func optionalAmount<Amount: ExactAmount>(_ column: String) throws -> Amount? {
    guard let text = try optionalText(column) else { return nil }
    do { return try Amount(text) } catch { throw self.error(column, "can't be used: \(error)") }
  }

  func choice<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice {
    let text = try text(column)
    guard let choice = Choice(rawValue: text) else { throw error(column, "is '\(text)'") }
    return choice
  }

  func numberedChoice<Choice: RawRepresentable<Int>>(_ column: String) throws -> Choice {
    let number = try integer(column)
    guard let choice = Int(exactly: number).flatMap(Choice.init(rawValue:)) else {
      throw error(column, "is \(number)")
    }
    return choice
  }

  func json<Value: Decodable>(_ column: String) throws -> Value {
    let text = try text(column)
    do { return try JSONText.value(of: text) } catch { throw self.error(column, "is unreadable") }
  }

  func error(_ column: String, _ problem: String) -> RowError {
    let key: DatabaseValue? = row.hasColumn(keyColumn) ? row[keyColumn] : nil
    return RowError(
      table: table, row: key?.description ?? "?", column: column, problem: problem)
  }

  private func value(_ column: String) throws -> DatabaseValue {
    guard row.hasColumn(column) else { throw error(column, "is missing") }
    return row[column]
  }

  private func required<Value>(_ column: String, _ value: Value?) throws -> Value {
    guard let value else { throw error(column, "is NULL") }
    return value
  }
}

/// Values that no column could hold, as JSON with sorted keys.
enum JSONText {
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(of text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}
