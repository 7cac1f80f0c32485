import Foundation
import Journal
import TradingModel

/// Opens the journal of a state folder; for real orders even where the disk can't be written.
///
/// Positions must be closed all the same. So the run is then kept in memory: on a copy of what the
/// journal knew, in a folder that no disk stands behind. The engine is told that nothing is
/// recorded: no entries, and every report says so. Where it knew nothing, the run begins anew there.
struct JournalOpening {
  let journal: Journal
  /// Why nothing is recorded; nil when all is well.
  let trouble: String?
  /// Goes with this run.
  private let memory: String?

  /// Why there is none.
  struct Refusal: Error {
    let problem: SettingsProblem
    /// Only the disk is in the way, and nothing is remembered: it could begin in memory.
    let isFirst: Bool
  }

  /// - Parameter isProtecting: Real positions may be open: better in memory than not at all.
  /// - Throws: `Refusal` when a person must mend something first.
  init(in folder: String, isProtecting: Bool, clock: any WallClock) throws(Refusal) {
    let path = Self.path(in: folder)
    do {
      journal = try Journal(JournalSettings(path: path), clock: clock)
      trouble = nil
      memory = nil
    } catch {
      let problem = SettingsProblem(place: "state.folder", text: "\(error)")
      guard isProtecting, case .unusable(_, let why) = error else {
        throw Refusal(problem: problem, isFirst: false)
      }
      guard let (journal, memory) = Self.inMemory(copying: path, clock) else {
        throw Refusal(problem: problem, isFirst: true)
      }
      self.journal = journal
      self.memory = memory
      trouble = Self.trouble(why)
    }
  }

  /// Begins in memory, knowing nothing.
  ///
  /// - Parameter why: What is wrong with the disk.
  /// - Throws: `SettingsProblem` where there is no such memory either.
  init(beginningInMemory why: String, clock: any WallClock) throws(SettingsProblem) {
    guard let (journal, memory) = Self.inMemory(copying: nil, clock) else {
      throw SettingsProblem(
        place: "state.folder", text: "\(why); nor can anything be kept in /dev/shm")
    }
    self.journal = journal
    self.memory = memory
    trouble = Self.trouble(why)
  }

  private static func path(in folder: String) -> String { "\(folder)/quarterdeck.sqlite" }

  private static func trouble(_ why: String) -> String {
    "\(why); this run is kept in memory: mend that and start again"
  }

  /// Takes away what lay in memory.
  func end() {
    if let memory { try? FileManager.default.removeItem(atPath: memory) }
  }

  /// Nil where nothing is known that could be gone on with.
  private static func inMemory(
    copying path: String?, _ clock: any WallClock
  ) -> (Journal, String)? {
    let files = FileManager.default
    let folder = "/dev/shm/quarterdeck-\(getuid())-\(getpid())"
    let copy = "\(folder)/quarterdeck.sqlite"
    do {
      if files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      if let path {
        try files.copyItem(atPath: path, toPath: copy)
        // The newest is still in the log.
        if files.fileExists(atPath: "\(path)-wal") {
          try files.copyItem(atPath: "\(path)-wal", toPath: "\(copy)-wal")
        }
      }
      let journal = try Journal(JournalSettings(path: copy), clock: clock)
      guard journal.opening.isNew == (path == nil), journal.opening.setAside == nil else {
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
