import ChatOps
import Synchronization
import Telegram
import TradingModel

/// Figures for `/health` that the engine does not hold.
final class Vitals: Sendable {
  private struct State {
    var polledAt: Timestamp?
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

  var figures: HealthFigures {
    let polledAt = state.withLock { $0.polledAt }
    return HealthFigures(startedAt: startedAt, pollAge: polledAt.map { clock.now - $0 })
  }
}
