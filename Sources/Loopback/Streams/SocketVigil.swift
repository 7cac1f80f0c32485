import Synchronization
import TradingModel

/// Watches a socket whose client must be heard of from time to time.
final class SocketVigil: Sendable {
  private let lastHeard: Mutex<Timestamp>
  private let clock: any WallClock

  init(clock: any WallClock) {
    self.clock = clock
    lastHeard = Mutex(clock.now)
  }

  /// The client gave a sign of life.
  func noteLife() { lastHeard.withLock { $0 = clock.now } }

  /// Serves the socket until `body` returns, or until nothing was heard for `limit`.
  func serve(silence limit: Duration, _ body: @Sendable @escaping () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask(operation: body)
      group.addTask { await self.waitForSilence(of: limit) }
      await group.next()
      group.cancelAll()
    }
  }

  private func waitForSilence(of limit: Duration) async {
    do {
      while true {
        let deadline = lastHeard.withLock { $0 } + limit
        if clock.now >= deadline { return }
        try await clock.sleep(until: deadline)
      }
    } catch {
      // The socket is gone.
    }
  }
}
