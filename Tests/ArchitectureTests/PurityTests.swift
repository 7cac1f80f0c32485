import Foundation
import Testing

/// What the build can't refuse, read in the sources.
struct PurityTests {
  static let pureTargets = [
    "Chat", "TradingModel", "Indicators", "Strategies", "Risk", "EngineCore",
  ]

  @Test(arguments: pureTargets)
  func `a pure target imports only what Package.swift grants it`(target: String) throws {
    let granted: [String: Set<String>] = [
      "Chat": [], "TradingModel": [], "Indicators": ["TradingModel"],
      "Strategies": ["TradingModel", "Indicators"], "Risk": ["TradingModel"],
      "EngineCore": ["TradingModel", "Strategies", "Risk"],
    ]
    for (file, line) in try Sources.lines(of: target) {
      guard let module = line.importedModule else { continue }
      #expect(granted[target]?.contains(module) == true, "\(file) imports \(module)")
    }
  }

  @Test(arguments: ["Indicators", "Strategies", "Risk", "EngineCore"])
  func `what decides has no clock, no chance, no task and waits for nothing`(
    target: String
  ) throws {
    let forbidden = [
      "await ", "Task {", "Task.", "Date()", "ContinuousClock", "SuspendingClock", ".random(",
      "SystemRandomNumberGenerator", "UUID()", "WallClock", "Logger(",
    ]
    for (file, line) in try Sources.lines(of: target) {
      for word in forbidden {
        #expect(!line.code.contains(word), "\(file): \(line.code)")
      }
    }
  }

  @Test
  func `only programs and tests print`() throws {
    let printing = ["Quarterdeck", "Benchmarks", "Simulator", "TestSupport"]
    for target in try Sources.targets() where !printing.contains(target) {
      for (file, line) in try Sources.lines(of: target) {
        let prints = line.code.hasPrefix("print(") || line.code.contains(" print(")
        #expect(!prints, "\(file): \(line.code)")
      }
    }
  }

  @Test
  func `only OrderDesk holds an order gateway`() throws {
    for (file, line) in try Sources.lines(of: "Engine") where !file.hasSuffix("OrderDesk.swift") {
      let holds =
        line.code.contains("let ") && line.code.contains(": any OrderGateway")
        && !line.code.contains("func ")
      #expect(!holds, "\(file): \(line.code)")
    }
  }

  @Test
  func `ChatOps and Telegram know no venue`() throws {
    for target in ["ChatOps", "Telegram"] {
      for (file, line) in try Sources.lines(of: target) {
        #expect(!line.code.contains("OrderGateway"), "\(file): \(line.code)")
        #expect(!line.code.contains("AccountReader"), "\(file): \(line.code)")
      }
    }
  }
}

/// The sources of this package as text.
enum Sources {
  struct SourceLine {
    let code: String

    var importedModule: String? {
      let words = code.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1 else {
        return nil
      }
      return String(words[index + 1].split(separator: ".")[0])
    }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  static func targets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path)
      .filter { !$0.hasPrefix(".") && !$0.hasPrefix("C") || $0 == "Chat" || $0 == "ChatOps" }
      .sorted()
  }

  static func lines(of target: String) throws -> [(file: String, line: SourceLine)] {
    let folder = root.appending(path: target)
    guard let files = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    var found: [(String, SourceLine)] = []
    for case let path as String in files where path.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") { continue }
        found.append(("\(target)/\(path)", SourceLine(code: String(code))))
      }
    }
    #expect(!found.isEmpty, "\(target) has no sources")
    return found
  }
}
