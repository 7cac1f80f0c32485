import Foundation
import GRDB
import Journal
import Synchronization
import TestSupport
import TradingModel

/// A directory of a test's own, gone with the test.
final class Scratch {
  private static let made = Atomic(0)
  let clock = ManualClock()
  let directory: String
  private var copies = 0

  init(_ name: String) throws {
    let number = Self.made.wrappingAdd(1, ordering: .relaxed).newValue
    directory = NSTemporaryDirectory() + "quarterdeck-\(name)-\(getpid())-\(number)"
    try? FileManager.default.removeItem(atPath: directory)
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  var path: String { directory + "/quarterdeck.sqlite" }

  func journal(
    path: String? = nil, pendingLimit: Int = 1000
  ) throws -> Journal {
    try Journal(
      JournalSettings(
        path: path ?? self.path, busyTimeout: .milliseconds(20), gatheringTime: .milliseconds(50),
        pendingLimit: pendingLimit), clock: clock)
  }

  /// Another program at the same file.
  func otherProgram() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true  // It may hold the file for long.
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// What a crash at this moment leaves on the disk, opened again.
  func afterCrash() throws -> Journal {
    copies += 1
    let copy = directory + "/after-crash-\(copies).sqlite"
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    return try journal(path: copy)
  }

  func execute(_ sql: String) throws {
    try otherProgram().write { try $0.execute(sql: sql) }
  }
}
