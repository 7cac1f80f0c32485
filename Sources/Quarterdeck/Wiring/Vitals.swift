import ChatOps
import Foundation
import Journal
import Synchronization
import TradingModel

/// Figures for `/health` that the engine does not hold.
final class Vitals: Sendable {
  private struct State {
    var polledAt: Timestamp?
    var clockSkew: Duration?
  }

  private let startedAt: Timestamp
  private let clock: any WallClock
  private let state = Mutex(State())

  init(clock: any WallClock) {
    startedAt = clock.now
    self.clock = clock
  }

  func notePoll() {
    let now = clock.now
    state.withLock { $0.polledAt = now }
  }

  func note(clockSkew: Duration) { state.withLock { $0.clockSkew = clockSkew } }

  /// What is asked of the journal may fail; then it is unknown.
  func figures(of journal: Journal) async -> HealthFigures {
    let (polledAt, clockSkew) = state.withLock { ($0.polledAt, $0.clockSkew) }
    var figures = HealthFigures(
      startedAt: startedAt, clockSkew: clockSkew, pollAge: polledAt.map { clock.now - $0 })
    let attributes = try? FileManager.default.attributesOfItem(atPath: journal.settings.path)
    figures.storeBytes = (attributes?[.size] as? NSNumber)?.int64Value
    figures.queued = try? await journal.pending().count
    return figures
  }
}
