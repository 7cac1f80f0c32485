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
    /// The last request to the venue that was answered: how long it took, and when.
    var request: (time: Duration, at: Timestamp)?
  }

  let startedAt: Timestamp
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

  func note(requestTime: Duration) {
    let now = clock.now
    state.withLock { $0.request = (requestTime, now) }
  }

  /// What the process holds in memory; nil where the system does not tell.
  static var residentBytes: Int64? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int64(fields[1]) else { return nil }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// What is asked of the journal may fail; then it is unknown.
  func figures(of journal: Journal) async -> HealthFigures {
    let (polledAt, clockSkew, request) = state.withLock {
      ($0.polledAt, $0.clockSkew, $0.request)
    }
    let now = clock.now
    var figures = HealthFigures(
      startedAt: startedAt, clockSkew: clockSkew, requestTime: request?.time,
      requestAge: request.map { now - $0.at }, pollAge: polledAt.map { now - $0 })
    let attributes = try? FileManager.default.attributesOfItem(atPath: journal.settings.path)
    figures.storeBytes = (attributes?[.size] as? NSNumber)?.int64Value
    figures.queued = try? await journal.pending().count
    return figures
  }
}
