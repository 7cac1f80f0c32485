import GRDB

/// One step of the file's form. Steps only go forward; one that was released never changes.
struct Migration: Sendable {
  /// `001-first`: its number, then what it brings.
  let identifier: String
  let apply: @Sendable (Database) throws -> Void

  init(_ identifier: String, apply: @escaping @Sendable (Database) throws -> Void) {
    self.identifier = identifier
    self.apply = apply
  }

  /// In order. A new one goes to the end.
  static let all: [Migration] = [
    .first, .dayLimits, .transferred, .money, .protectedEntry, .lockScope,
  ]

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in all {
      migrator.registerMigration(migration.identifier, migrate: migration.apply)
    }
    return migrator
  }
}
