import ArgumentParser
import Foundation
import Testing

@testable import Quarterdeck

struct OptionTests {
  private func complaint(_ command: any ParsableCommand.Type, _ arguments: [String]) -> String {
    do {
      _ = try command.parse(arguments)
      return ""
    } catch {
      return command.message(for: error)
    }
  }

  @Test(arguments: ["-1", "x", "1.5", ""])
  func `a seed that is none is told what is allowed`(seed: String) {
    let words =
      "The value '\(seed)' is invalid for '--seed <seed>': "
      + "must be a whole number from 0 to 18446744073709551615"
    #expect(complaint(DemoCommand.self, ["--seed", seed]) == words)
    #expect(complaint(SimulateCommand.self, ["--seed", seed]) == words)
  }

  @Test(arguments: [
    ("--speed", "0", "must be a whole number from 1 to 1000"),
    ("--speed", "-3", "must be a whole number from 1 to 1000"),
    ("--for", "-60s", "must be seconds or minutes from 1 to 86400, such as 60s or 5m"),
    ("--for", "1h", "must be seconds or minutes from 1 to 86400, such as 60s or 5m"),
    ("--log", "loud", "notice"),
  ])
  func `other values, too`(option: String, value: String, words: String) {
    let complaint = complaint(DemoCommand.self, [option, value])
    #expect(complaint.contains("'\(value)' is invalid"))
    #expect(complaint.contains(words))
  }

  @Test(arguments: ["80", "-1", "65001", "web"])
  func `ports have a range`(port: String) {
    #expect(complaint(SimulateCommand.self, ["--ports", port]).contains("from 1024 to 65000"))
  }

  @Test
  func `right ones are taken`() throws {
    let demo = try DemoCommand.parse(["--for", "5m", "--seed", "7", "--speed", "10"])
    #expect(demo.length == .seconds(300) && demo.seed == 7 && demo.speed == 10)
    #expect(try ReplayCommand.parse(["a.csv", "--balance", "-5"]).balance == "-5")
  }

  @Test
  func `every recording that can't be used is told, not the first alone`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-replay-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["missing.csv", "text.csv", "packed.csv.gz", "other.csv"].map {
      folder.appending(path: $0).path
    }
    try Data("not a table".utf8).write(to: URL(filePath: paths[1]))
    try Data([0x1F, 0x8B, 0]).write(to: URL(filePath: paths[2]))
    try Data("neither\n".utf8).write(to: URL(filePath: paths[3]))
    var complaints = Complaints()
    #expect(try RecordedFiles.feed(of: paths, "replay", &complaints) == nil)
    #expect(
      Set(complaints.problems.map { ($0.place as NSString).lastPathComponent })
        == ["missing.csv", "text.csv", "packed.csv.gz", "other.csv"])
  }
}
