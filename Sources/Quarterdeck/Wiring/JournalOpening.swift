import Foundation
import Journal
import TradingModel

/// Opens the journal of a state folder; for real orders even where the disk can't be written.
///
/// Positions must be closed all the same. So the run is then kept in memory: on a copy of what the
/// journal knew, in a folder that no disk stands behind. The engine is told that nothing is
/// recorded: no entries, and every report says so.
struct JournalOpening {
  let journal: Journal
  /// Why nothing is recorded; nil when all is well.
  let trouble: String?
  /// Goes with this run.
  private let memory: String?

  /// - Parameter isProtecting: Real positions may be open: better in memory than not at all.
  /// - Throws: `SettingsProblem` when a person must mend something first.
  init(in folder: String, isProtecting: Bool, clock: any WallClock) throws(SettingsProblem) {
    let path = "\(folder)/quarterdeck.sqlite"
    do {
      journal = try Journal(JournalSettings(path: path), clock: clock)
      trouble = nil
      memory = nil
    } catch {
      guard isProtecting, case .unusable(_, let why) = error,
        let (journal, memory) = Self.inMemory(copying: path, clock)
      else { throw SettingsProblem(place: "state.folder", text: "\(error)") }
      self.journal = journal
      self.memory = memory
      trouble = "\(why); this run is kept in memory: mend that and start again"
    }
  }

  /// Takes away what lay in memory.
  func end() {
    if let memory { try? FileManager.default.removeItem(atPath: memory) }
  }

  /// Nil where nothing is known that could be gone on with: without its persons nobody may command.
  private static func inMemory(
    copying path: String, _ clock: any WallClock
  ) -> (Journal, String)? {
    let files = FileManager.default
    let folder = "/dev/shm/quarterdeck-\(getuid())-\(getpid())"
    let copy = "\(folder)/quarterdeck.sqlite"
    do {
      if files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try files.copyItem(atPath: path, toPath: copy)
      // The newest is still in the log.
      if files.fileExists(atPath: "\(path)-wal") {
        try files.copyItem(atPath: "\(path)-wal", toPath: "\(copy)-wal")
      }
      let journal = try Journal(JournalSettings(path: copy), clock: clock)
      guard !journal.opening.isNew, journal.opening.setAside == nil else {
        try files.removeItem(atPath: folder)
        return nil
      }
      return (journal, folder)
    } catch {
      try? files.removeItem(atPath: folder)
      return nil
    }
  }
}
