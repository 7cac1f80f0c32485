import Foundation
import GRDB
import TradingModel

extension Store {
  /// Opens the file; a damaged one is set aside and a new one begun.
  static func open(
    _ settings: JournalSettings, at now: Timestamp
  ) throws(JournalOpenError) -> (Store, OpenReport) {
    do {
      try Privacy.makeFolder((settings.path as NSString).deletingLastPathComponent)
      do {
        return try openSound(settings)
      } catch let damage as Damage {
        let aside = try setAside(settings.path, at: now)
        var (store, report) = try openSound(settings)
        report.setAside = OpenReport.SetAside(path: aside, why: damage.why)
        return (store, report)
      }
    } catch let error as JournalOpenError {
      throw error
    } catch let error as DatabaseError {
      throw .unusable(path: settings.path, why: error.words)
    } catch let error as Damage {
      throw .unusable(path: settings.path, why: error.why)
    } catch {
      throw .unusable(path: settings.path, why: "\(error)")
    }
  }

  private struct Damage: Error {
    var why: String
  }

  private static func openSound(_ settings: JournalSettings) throws -> (Store, OpenReport) {
    let isNew = !FileManager.default.fileExists(atPath: settings.path)
    // The log and its index take their permissions from the file.
    Privacy.reserve(settings.path)
    for suffix in ["", "-wal", "-shm"] { Privacy.tighten(settings.path + suffix) }
    do {
      if !isNew { try inspect(settings) }
      let pool = try DatabasePool(path: settings.path, configuration: configuration(settings))
      let migrator = Migration.migrator
      let before = try pool.read(migrator.appliedIdentifiers)
      try migrator.migrate(pool)
      let applied = migrator.migrations.filter { !before.contains($0) }
      // After opening: GRDB itself relaxes it when it turns WAL on.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      return (Store(pool: pool), OpenReport(isNew: isNew, migrations: applied))
    } catch let error as DatabaseError where error.isDamage {
      throw Damage(why: error.words)
    }
  }

  private static func configuration(_ settings: JournalSettings) -> Configuration {
    var configuration = Configuration()
    configuration.label = "journal"
    configuration.foreignKeysEnabled = true
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(Double(settings.busyTimeout.wholeMilliseconds) / 1000)
    return configuration
  }

  /// Looks before anything is written. Reads the whole file once, so that damage is found now and
  /// not with a position open.
  private static func inspect(_ settings: JournalSettings) throws {
    var readOnly = configuration(settings)
    readOnly.readonly = true
    try DatabaseQueue(path: settings.path, configuration: readOnly).read { db in
      let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
      guard verdict == "ok" else { throw Damage(why: "the file is damaged (\(verdict))") }
      let migrator = Migration.migrator
      let unknown = try migrator.appliedIdentifiers(db).subtracting(migrator.migrations)
      guard unknown.isEmpty else {
        throw JournalOpenError.newer(path: settings.path, unknownMigrations: unknown.sorted())
      }
    }
  }

  /// Renames the file and what belongs to it.
  /// - Returns: Where the file lies now.
  private static func setAside(_ path: String, at now: Timestamp) throws -> String {
    let files = FileManager.default
    let stamp = now.iso8601.filter { $0 != ":" && $0 != "-" }
    var target = "\(path).damaged-\(stamp)"
    var copy = 1
    while files.fileExists(atPath: target) {
      copy += 1
      target = "\(path).damaged-\(stamp)-\(copy)"
    }
    try files.moveItem(atPath: path, toPath: target)
    for suffix in ["-wal", "-shm"] where files.fileExists(atPath: path + suffix) {
      try files.moveItem(atPath: path + suffix, toPath: target + suffix)
    }
    return target
  }
}
