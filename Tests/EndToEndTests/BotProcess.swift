import Foundation
import Loopback
import Synchronization
import TradingModel

/// The built program as a child process, which never outlives this object.
final class BotProcess: Sendable {
  enum Ending: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  let output = ProcessLines()
  let errors = ProcessLines()
  private let process = Process()
  private let ending = Mutex<Ending?>(nil)
  private let ended = ChangeSignal()

  /// Starts it with an environment of its own, so that nothing of the host's leaks in.
  ///
  /// - Parameters:
  ///   - environment: Put over `PATH` and `HOME`, which are all there is.
  ///   - program: Another one than ours.
  init(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    program: URL = BotProcess.program
  ) throws {
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output.pipe
    process.standardError = errors.pipe
    process.terminationHandler = { [weak self] process in self?.noteEnd(of: process) }
    try process.run()
  }

  deinit { kill() }

  /// SwiftPM puts the program beside the bundle of the tests that depend on it.
  static var program: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "quarterdeck")
  }

  /// Asks it to stop: SIGTERM.
  func terminate() { send(SIGTERM) }

  /// Ends it in the middle of whatever it does: SIGKILL.
  func kill() { send(SIGKILL) }

  /// Holds it still, as if it hung: SIGSTOP.
  func freeze() { send(SIGSTOP) }

  var number: Int32 { process.processIdentifier }

  /// How it ended, whether or not all that it wrote is read by now.
  @discardableResult
  func death(within limit: Duration) async throws -> Ending {
    try await eventually("the process ends", on: ended, within: limit) {
      self.ending.withLock { $0 }
    }
  }

  /// How it ended, with all that it wrote read.
  func end(within limit: Duration) async throws -> Ending {
    let ending = try await death(within: limit)
    for lines in [output, errors] { lines.drain() }
    return ending
  }

  /// The code that the console shows to whoever is to own the bot.
  func pairingCode(within limit: Duration = .seconds(20)) async throws -> String {
    let line = try await errors.line(containing: "/pair ", within: limit)
    return line.replacing("/pair ", with: "").trimmingCharacters(in: .whitespaces)
  }

  /// Hangs it where it stands: SIGSTOP.
  func suspend() { send(SIGSTOP) }
  func resume() { send(SIGCONT) }

  private func send(_ signal: Int32) {
    if process.isRunning { Foundation.kill(process.processIdentifier, signal) }
  }

  private func noteEnd(of process: Process) {
    let status = process.terminationStatus
    ending.withLock {
      $0 = process.terminationReason == .exit ? .exited(status) : .killed(signal: status)
    }
    ended.bump()
  }
}
