import Synchronization
import TradingModel

/// How long orders take from the decision to the venue's connection. Shared by the loop, which
/// decides, and the desk, which hands over; both run on one thread.
final class SendTimes: Sendable {
  private struct State {
    var decided: [ClientOrderID: Timestamp] = [:]
    var histogram = LatencyHistogram()
  }

  /// Orders that wait for their turn, at most.
  private static let limit = 1000
  private let state = Mutex(State())

  func decided(_ id: ClientOrderID, at time: Timestamp) {
    state.withLock { if $0.decided.count < Self.limit { $0.decided[id] = time } }
  }

  /// The first time counts: what is sent again was late for the venue's sake.
  func sent(_ id: ClientOrderID, at time: Timestamp) {
    state.withLock { state in
      guard let decided = state.decided.removeValue(forKey: id) else { return }
      state.histogram.note(time - decided)
    }
  }

  /// It has ended, sent or not.
  func ended(_ id: ClientOrderID) { state.withLock { $0.decided[id] = nil } }

  var histogram: LatencyHistogram { state.withLock { $0.histogram } }
}
