import Foundation
import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

struct SettingsTests {
  /// A folder of settings that exists for one test.
  private struct Folder: ~Copyable {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-settings-\(ProcessInfo.processInfo.globallyUniqueString)"
    ).path

    init(settings: String = "", coins: String = "", allowlist: String? = nil) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try settings.write(toFile: path + "/settings.yaml", atomically: true, encoding: .utf8)
      try coins.write(toFile: path + "/coins.yaml", atomically: true, encoding: .utf8)
      try allowlist?.write(toFile: path + "/allowlist.json", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func load(_ environment: [String: String] = [:]) throws -> Settings {
      try SettingsLoader(
        folder: path, overrides: SettingsOverrides(environment: environment)
      ).load()
    }

    func problems(_ environment: [String: String] = [:]) -> [String] {
      do {
        _ = try load(environment)
        return []
      } catch let failure as SettingsLoader.Failure {
        return failure.problems.map {
          $0.description.replacingOccurrences(of: path + "/", with: "")
        }
      } catch {
        return ["\(error)"]
      }
    }
  }

  @Test
  func `the safe choice is the default`() throws {
    let settings = try Folder().load()
    #expect(settings.mode == .paper)
    #expect(settings.label == "paper · mainnet")
    #expect(settings.risk.limits.dayStop == .percent(-5))
    #expect(settings.allowlist.isEmpty)
  }

  @Test
  func `the project's own examples are right`() throws {
    let config = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config").path
    let settings = try SettingsLoader(folder: config, overrides: .none).load()
    let btc = try #require(settings.liquidation?.parameters(for: "BTCUSDT"))
    #expect(btc.longVWAPOffset == .percent(2))
    #expect(btc.takeProfit == .basisPoints(250))
    #expect(settings.allowlist.contains("SOLUSDT"))
  }

  @Test
  func `an unknown key names its line and the nearest key`() throws {
    let folder = try Folder(settings: "mode: paper\nrisk:\n  daily_stop_pc: -5\n")
    #expect(
      folder.problems() == [
        "settings.yaml:3: risk.daily_stop_pc: unknown key, did you mean `daily_stop_pct`?"
      ])
  }

  @Test
  func `everything wrong is told at once`() throws {
    let folder = try Folder(
      settings: """
        mode: real
        risk:
          daily_stop_pct: 5
          max_positions: many
        engines: liquidation
        """,
      coins: "defaults:\n  leverage: 3x\n")
    let problems = folder.problems()
    #expect(problems.contains("settings.yaml:1: mode: must be one of paper, live, is 'real'"))
    #expect(
      problems.contains(
        "settings.yaml:3: risk.daily_stop_pct: must be between -100 and -0.1 percent, is 5"))
    #expect(
      problems.contains("settings.yaml:4: risk.max_positions: must be a whole number, is 'many'"))
    #expect(problems.contains("settings.yaml:5: engines: must hold further keys, indented"))
    #expect(
      problems.contains(
        "coins.yaml:2: defaults.leverage: must be a number of x: '3x' is not a decimal number"))
    #expect(problems.count == 5)
  }

  @Test
  func `text that is no YAML is one problem`() throws {
    let problems = try Folder(settings: "mode: [paper").problems()
    #expect(problems.count == 1)
    #expect(problems[0].hasPrefix("settings.yaml: is not readable as YAML or JSON"))
  }

  @Test
  func `a key that stands twice is refused`() throws {
    let problems = try Folder(settings: "mode: paper\nmode: live\n").problems()
    #expect(problems.count == 1)
    #expect(problems[0].hasPrefix("settings.yaml"))
  }

  @Test
  func `the environment wins over the file, and its slips are caught`() throws {
    let folder = try Folder(settings: "risk:\n  daily_stop_pct: -5\n")
    let settings = try folder.load(["QUARTERDECK_RISK__DAILY_STOP_PCT": "-4"])
    #expect(settings.risk.limits.dayStop == .percent(-4))
    #expect(
      folder.problems(["QUARTERDECK_RISK__DAILY_STOP": "-4"]) == [
        "QUARTERDECK_RISK__DAILY_STOP: no such setting, did you mean risk.daily_stop_pct?"
      ])
  }

  @Test
  func `the Python bots' name of the day stop is understood`() throws {
    let folder = try Folder(settings: "risk:\n  daily_max_dd_pct: 4\n")
    #expect(try folder.load().risk.limits.dayStop == .percent(-4))
    let both = try Folder(settings: "risk:\n  daily_stop_pct: -5\n  daily_max_dd_pct: 4\n")
    #expect(both.problems().count == 1)
  }

  @Test(arguments: [
    #"["BTC", "btcusdt", "SOL/USDT"]"#, #"{"symbols": ["BTCUSDT", "SOLUSDT"]}"#,
  ])
  func `an allowlist is a list of symbols in any spelling`(text: String) throws {
    #expect(try Folder(allowlist: text).load().allowlist == ["BTCUSDT", "SOLUSDT"])
  }
}

struct SecretsTests {
  @Test
  func `the environment wins over the file, quotes and comments are understood`() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-env-\(ProcessInfo.processInfo.globallyUniqueString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "# token\nexport TELEGRAM_BOT_TOKEN=\"1:abc\"\nBYBIT_API_KEY=file\nBYBIT_API_SECRET=\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let secrets = try Secrets(environment: ["BYBIT_API_KEY": "shell"], envFile: path)
    #expect(secrets["TELEGRAM_BOT_TOKEN"] == "1:abc")
    #expect(secrets["BYBIT_API_KEY"] == "shell")
    #expect(secrets["BYBIT_API_SECRET"] == nil)
    #expect(secrets.warnings.count == 1)
  }

  @Test
  func `a file named by _FILE must be readable`() {
    #expect(
      throws: SettingsProblem(
        place: "TELEGRAM_BOT_TOKEN_FILE", text: "can't read the file /nowhere/token")
    ) {
      try Secrets(
        environment: ["TELEGRAM_BOT_TOKEN_FILE": "/nowhere/token"], envFile: "/nowhere/.env")
    }
  }
}
