import Foundation
import Journal
import TestSupport
import Testing
import TradingModel

struct PrivacyTests {
  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? NSNumber).intValue
  }

  private func set(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func `what the bot makes is for its own user alone`() async throws {
    let scratch = try Scratch("privacy-made")
    let state = scratch.directory + "/deep/state"
    let journal = try scratch.journal(path: state + "/quarterdeck.sqlite")
    try await journal.commit([.lock(Lock(kind: .halted, reason: "", since: .noon))])
    let files = StateFiles(StateFilePaths(directory: state), clock: scratch.clock)
    try await files.write(.tradingDisabled(Lock(kind: .day, reason: "", since: .noon)))
    #expect(try mode(state) == 0o700)
    let names = try FileManager.default.contentsOfDirectory(atPath: state).sorted()
    #expect(
      names == [
        "quarterdeck.sqlite", "quarterdeck.sqlite-shm", "quarterdeck.sqlite-wal",
        "trading_disabled.flag",
      ])
    for name in names { #expect(try mode("\(state)/\(name)") == 0o600, "\(name)") }
  }

  @Test func `what lay open is closed to others, a folder that was there stays`() async throws {
    let scratch = try Scratch("privacy-open")
    try set(0o755, scratch.directory)
    try scratch.journal().close()
    try set(0o644, scratch.path)
    let flag = scratch.directory + "/trading_disabled.flag"
    for path in [flag, flag + ".new"] {
      try Data(#"{"written_by": "quarterdeck"}"#.utf8).write(to: URL(fileURLWithPath: path))
      try set(0o644, path)
    }
    let journal = try scratch.journal()
    let files = StateFiles(
      StateFilePaths(directory: scratch.directory), clock: scratch.clock)
    try await files.write(.tradingDisabled(Lock(kind: .day, reason: "", since: .noon)))
    #expect(try mode(scratch.path) == 0o600)
    #expect(try mode(flag) == 0o600)
    #expect(try mode(scratch.directory) == 0o755)
    try journal.close()
  }
}
