import ControlServer
import Foundation
import Testing
import TradingModel

@testable import Quarterdeck

struct PanicSettingsTests {
  /// - Parameter panic: What stands in `panic.yaml`; nil is no such file.
  private func load(
    _ panic: String?, _ environment: [String: String] = [:]
  ) throws -> Settings {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-panic-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in [("settings.yaml", ""), ("coins.yaml", ""), ("panic.yaml", panic)] {
      try text.map { try Data($0.utf8).write(to: folder.appending(path: name)) }
    }
    do {
      return try SettingsLoader(
        folder: folder.path, overrides: SettingsOverrides(environment: environment)
      ).load()
    } catch let failure as SettingsLoader.Failure {
      throw Wrong(
        lines: failure.problems.map {
          $0.description.replacing(folder.path + "/", with: "")
        })
    }
  }

  private struct Wrong: Error { let lines: [String] }

  private func problems(_ panic: String, _ environment: [String: String] = [:]) throws -> [String] {
    do {
      _ = try load(panic, environment)
      return []
    } catch let wrong as Wrong {
      return wrong.lines
    }
  }

  @Test func `without the file the button is on this machine alone`() throws {
    let settings = try load(nil)
    #expect(settings.control == ControlSettings())
    #expect(settings.control.isOn && settings.control.port == 8787)
    #expect(settings.control.token == nil)
  }

  @Test func `what the file says reaches the server and the flatten`() throws {
    let settings = try load(
      """
      http:
        host: "::1"
        port: 9000
        allowlist: ["::1"]
        token: correct-horse-battery-staple
      verify:
        poll_ms: 250
        timeout_sec: 60
        max_retries: 3
      backoff:
        initial_ms: 150
        max_ms: 2000
      """)
    #expect(settings.control.host == "::1" && settings.control.port == 9000)
    #expect(settings.control.allowlist == ["::1"])
    #expect(settings.control.token?.admits("correct-horse-battery-staple") == true)
    #expect(settings.control.panicPatience == .seconds(90))
    let timings = settings.engineSettings().timings
    #expect(timings.verifyEvery == .milliseconds(250))
    #expect(timings.flattenLimit == .seconds(60) && timings.closeTries == 3)
    #expect(timings.closeBackoff == .milliseconds(150))
    #expect(timings.closeBackoffMost == .seconds(2))
    #expect(!"\(settings)".contains("horse"))
  }

  @Test func `the environment wins over the file`() throws {
    let settings = try load(
      "http:\n  port: 9000\n",
      ["QUARTERDECK_PANIC__HTTP__PORT": "9001", "QUARTERDECK_PANIC__VERIFY__MAX_RETRIES": "5"])
    #expect(settings.control.port == 9001 && settings.timings.closeTries == 5)
  }

  @Test func `what is wrong is told with file and line`() throws {
    #expect(
      try problems("http:\n  prot: 1\n") == [
        "panic.yaml:2: panic.http.prot: unknown key, did you mean `port`?"
      ])
    #expect(
      try problems("verify:\n  multiplier: 2\nbackoff:\n  initial_ms: 9\n").map {
        String($0.prefix(40))
      } == [
        "panic.yaml:2: panic.verify.multiplier: u", "panic.yaml:4: panic.backoff.initial_ms: ",
      ])
    #expect(
      try problems("http:\n  host: my-host\n  allowlist: [10.0.0.0/8]\n").map {
        String($0.prefix(36))
      } == ["panic.yaml:2: panic.http.host: must ", "panic.yaml:3: panic.http.allowlist: "])
    #expect(
      try problems("backoff:\n  initial_ms: 3000\n  max_ms: 2000\n") == [
        "panic.yaml:3: panic.backoff.max_ms: must not be below initial_ms"
      ])
    #expect(
      try problems("", ["QUARTERDECK_PANIC__HTTP__PROT": "1"]).first?.contains("panic.http.port")
        == true)
  }

  @Test func `the token of the environment wins, and what needs one is refused without`() throws {
    let open = try load("http:\n  host: 0.0.0.0\n  allowlist: [127.0.0.1, 192.168.1.7]\n")
    let bare = try Secrets(environment: [:], envFile: "/nowhere/.env")
    let failure = #expect(throws: SettingsLoader.Failure.self) { try bare.filling(open.control) }
    #expect(failure?.problems.first?.place == "panic.http.host")
    #expect(failure?.problems.first?.text.contains("PANIC_TOKEN") == true)

    let secrets = try Secrets(
      environment: ["PANIC_TOKEN": "correct-horse-battery-staple"], envFile: "/nowhere/.env")
    let filled = try secrets.filling(open.control)
    #expect(filled.token?.admits("correct-horse-battery-staple") == true)

    let short = try Secrets(environment: ["PANIC_TOKEN": "short"], envFile: "/nowhere/.env")
    let guessable = #expect(throws: SettingsLoader.Failure.self) {
      try short.filling(ControlSettings())
    }
    #expect(guessable?.problems.map(\.place) == ["PANIC_TOKEN"])
    #expect(guessable.map { "\($0.problems)".contains("short") } == false)
  }

  @Test func `a server that is off needs nothing`() throws {
    let settings = try load("http:\n  enabled: no\n  host: 0.0.0.0\n")
    let bare = try Secrets(environment: [:], envFile: "/nowhere/.env")
    #expect(try !bare.filling(settings.control).isOn)
  }
}
