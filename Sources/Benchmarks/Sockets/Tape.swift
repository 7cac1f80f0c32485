import Synchronization

/// What a server saw: the last exchange as it went over the wire, so that the floor sends the same
/// bytes, and when each order was there whole.
final class Tape: Sendable {
  struct Exchange: Sendable {
    var request: [UInt8] = []
    var response: [UInt8] = []
  }

  private struct State {
    var last = Exchange()
    var arrivals: [Int64] = []
  }

  private let state = Mutex(State())

  var last: Exchange { state.withLock { $0.last } }

  /// - Parameter arrival: By `Stopwatch.wall`.
  func note(_ request: [UInt8], _ response: [UInt8], at arrival: Int64) {
    state.withLock { state in
      state.last = Exchange(request: request, response: response)
      state.arrivals.append(arrival)
    }
  }

  /// The arrivals since the last call.
  func takeArrivals() -> [Int64] {
    state.withLock { state in
      defer { state.arrivals = [] }
      return state.arrivals
    }
  }
}
