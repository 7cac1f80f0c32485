import TradingModel

/// The guard's own place in the state folder: one guard a folder, and a heartbeat by which the main
/// process sees it.
final class GuardPost: Sendable {
  static let tries = 10
  static let pause = Duration.milliseconds(100)

  private let lock: FileLock
  private let heartbeat: Heartbeat?

  /// - Throws: `SettingsProblem` when another guard has it.
  init(in folder: String, clock: any WallClock) async throws(SettingsProblem) {
    lock = try StateFolder.openLock(in: folder, named: Self.lockName)
    var left = Self.tries
    // The main process holds it for a blink whenever it looks.
    while !lock.take() {
      left -= 1
      do {
        guard left > 0 else { throw CancellationError() }
        try await clock.sleep(for: Self.pause)
      } catch {
        throw SettingsProblem(
          place: "state.folder", text: "\(folder) has a guard already: one is enough")
      }
    }
    heartbeat = Heartbeat(Self.heartbeatPath(in: folder))
    heartbeat?.beat()
  }

  func beat() { heartbeat?.beat() }

  /// Ends it before the object goes.
  func leave() { lock.release() }

  private static let lockName = "guard.lock"

  static func heartbeatPath(in folder: String) -> String { "\(folder)/guard.heartbeat" }
  static func isTaken(in folder: String) -> Bool { FileLock.isHeld("\(folder)/\(lockName)") }
}
