import Synchronization
import TradingModel

/// Whether the public connections are up, as one: a link is down while any connection is lost.
final class LinkBoard: Sendable {
  private struct State {
    var isUp = false
    var lost: Set<Int> = []
  }

  private let links: [LinkName]
  private let publish: @Sendable (VenueEvent) -> Void
  private let state = Mutex(State())

  init(_ links: [LinkName], publish: @escaping @Sendable (VenueEvent) -> Void) {
    self.links = links
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
    if isNews { for link in links { publish(.link(link, isUp: true, detail: "")) } }
  }

  func lost(_ connection: Int, _ detail: String) {
    state.withLock { state in
      state.lost.insert(connection)
      state.isUp = false
    }
    for link in links { publish(.link(link, isUp: false, detail: detail)) }
  }

  func heartbeat() { for link in links { publish(.heartbeat(link)) } }
}
