import ChatOps
import Synchronization
import TradingModel

/// The main process looks after its guard.
final class GuardWatch: Sendable {
  static let pace = Duration.seconds(1)

  private let folder: String
  private let clock: any WallClock
  private let absence: Mutex<GuardAbsence>

  /// - Parameter patience: How long it may be away before that is told.
  init(folder: String, patience: Duration, clock: any WallClock) {
    self.folder = folder
    absence = Mutex(GuardAbsence(since: Uptime.now, patience: patience))
    self.clock = clock
  }

  /// As it was seen last.
  var sight: GuardSight { absence.withLock { $0.sight } }

  /// Looks until cancelled.
  func run(tell: @Sendable (Alert) -> Void) async {
    while !Task.isCancelled {
      let isThere = GuardPost.isTaken(in: folder)
      let mark = Heartbeat.mark(in: GuardPost.heartbeatPath(in: folder))
      let news = absence.withLock { $0.look(isThere: isThere, mark: mark, at: Uptime.now) }
      if let news {
        let isBack = if case .guardReady = news { true } else { false }
        tell(Alert(isBack ? .p3 : .p1, news, at: clock.now))
      }
      do { try await clock.sleep(for: Self.pace) } catch { return }
    }
  }
}
