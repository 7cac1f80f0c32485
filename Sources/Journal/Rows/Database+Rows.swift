import GRDB
import TradingModel

/// Column names with what goes into them, in order.
typealias Columns = KeyValuePairs<String, (any DatabaseValueConvertible)?>

extension Database {
  /// Inserts a row or, when its key is there already, replaces its other columns.
  /// - Parameter condition: Leaves the row as it is unless this holds; `excluded` is the new row.
  func save(
    _ columns: Columns, in table: String, key: [String], keeping kept: [String] = [],
    onlyIf condition: String? = nil
  ) throws {
    let replaced = columns.map(\.key).filter { !key.contains($0) && !kept.contains($0) }
    let changes = replaced.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try insert(
      columns, into: table,
      onConflict: "ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes)"
        + (condition.map { " WHERE \($0)" } ?? ""))
  }

  /// Inserts a row; one that breaks a unique key is left out when `ignoringKnown` is set.
  /// - Returns: Whether a row was added.
  @discardableResult
  func add(_ columns: Columns, to table: String, ignoringKnown: Bool = false) throws -> Bool {
    try insert(columns, into: table, onConflict: ignoringKnown ? "ON CONFLICT DO NOTHING" : "")
    return changesCount > 0
  }

  private func insert(_ columns: Columns, into table: String, onConflict: String) throws {
    let names = columns.map(\.key).joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try cachedStatement(
      sql: "INSERT INTO \(table) (\(names)) VALUES (\(marks)) \(onConflict)")
    try statement.execute(arguments: StatementArguments(columns.map(\.value)))
  }

  /// All rows of a query, each read by `read`.
  func rows<Value>(
    of table: String, key: String, _ clauses: String = "",
    _ arguments: StatementArguments = StatementArguments(), read: (Fields) throws -> Value
  ) throws -> [Value] {
    let statement = try cachedStatement(sql: "SELECT * FROM \(table) \(clauses)")
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    var values: [Value] = []
    while let row = try cursor.next() {
      values.append(try read(Fields(table: table, keyColumn: key, row: row)))
    }
    return values
  }
}
