import Foundation
import Logging
import Synchronization
import TradingModel

/// Starts the main process, and starts it again when it ends otherwise than as asked.
final class Supervisor: Sendable {
  static let pace = Duration.milliseconds(100)
  /// A stop takes the main process nine seconds at most.
  static let patience = Duration.seconds(9)

  private let folder: String
  /// What follows the program's name: `run --config config`.
  private let arguments: [String]
  private let clock: any WallClock
  private let log = Logger(label: "supervisor")
  private let gaveUp = Atomic(false)

  init(folder: String, arguments: [String], clock: any WallClock) {
    self.folder = folder
    self.arguments = arguments
    self.clock = clock
  }

  /// Whether the main process will be there again.
  var isRestarting: Bool { !gaveUp.load(ordering: .acquiring) }

  /// Until the stop is asked for, or the main process ended as somebody asked it to.
  func run(until stop: StopRequest) async {
    defer { gaveUp.store(true, ordering: .releasing) }
    var plan = RestartPlan()
    while !stop.isMade {
      if let other = StateFolder.liveHolder(in: folder), !other.isStandIn {
        // Started by somebody else, or by a supervisor that died: it is left alone.
        guard await pause(.seconds(1), stop) else { return }
        continue
      }
      let looping = plan.start(at: Uptime.now)
      let ending = await runOnce(looping: looping, until: stop)
      if stop.isMade { return }
      if ending == 0 {
        log.notice("the bot was stopped as asked and is not started again")
        return
      }
      let wait = plan.ended(at: Uptime.now)
      log.error(
        "the bot ended, starting it again",
        metadata: ["status": "\(ending.map(String.init) ?? "not started")", "in": "\(wait)"])
      guard await pause(wait, stop) else { return }
    }
  }

  /// - Returns: The exit code, or the signal's number above 128; nil when it could not be started.
  private func runOnce(looping: Int?, until stop: StopRequest) async -> Int32? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program)
    process.arguments = arguments + (looping.map { ["--looping-starts", "\($0)"] } ?? [])
    do { try process.run() } catch {
      log.error("the bot can't be started", metadata: ["error": "\(error)"])
      return nil
    }
    log.notice("the bot is started", metadata: ["process": "\(process.processIdentifier)"])
    var askedAt: Duration?
    while process.isRunning {
      if stop.isMade {
        if askedAt == nil { process.terminate() }
        let asked = askedAt ?? Uptime.now
        askedAt = asked
        if Uptime.now - asked >= Self.patience { break }
      }
      do { try await clock.sleep(for: Self.pace) } catch { stop.make() }
    }
    guard !process.isRunning else { return nil }
    let status = process.terminationStatus
    return process.terminationReason == .exit ? status : 128 + status
  }

  /// False when the stop is asked for meanwhile.
  private func pause(_ duration: Duration, _ stop: StopRequest) async -> Bool {
    let end = Uptime.now + duration
    while Uptime.now < end, !stop.isMade {
      do { try await clock.sleep(for: Self.pace) } catch { return false }
    }
    return !stop.isMade
  }

  /// This program, wherever it was started from; a newer one that lies there now is as good.
  static let program: String = {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &bytes, bytes.count - 1)
    guard count > 0 else { return CommandLine.arguments.first ?? "quarterdeck" }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
}
