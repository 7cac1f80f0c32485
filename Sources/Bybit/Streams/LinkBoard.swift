import Synchronization
import TradingModel

/// Whether the public connections are up, as one: a link is down while any connection is lost.
final class LinkBoard: Sendable {
  private struct State {
    var isUp = false
    var lost: Set<Int> = []
  }

  let names: [LinkName]
  private let publish: @Sendable (VenueEvent) -> Void
  private let state = Mutex(State())

  init(_ names: [LinkName], publish: @escaping @Sendable (VenueEvent) -> Void) {
    self.names = names
    self.publish = publish
  }

  /// A connection has said its first word.
  func spoke(_ connection: Int) {
    let isNews = state.withLock { state in
      state.lost.remove(connection)
      guard !state.isUp, state.lost.isEmpty else { return false }
      state.isUp = true
      return true
    }
    if isNews { for name in names { publish(.link(name, of: .bybit, isUp: true, detail: "")) } }
  }

  func lost(_ connection: Int, _ detail: String) {
    state.withLock { state in
      state.lost.insert(connection)
      state.isUp = false
    }
    for name in names { publish(.link(name, of: .bybit, isUp: false, detail: detail)) }
  }
}
