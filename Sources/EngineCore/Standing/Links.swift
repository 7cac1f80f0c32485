import Risk
import TradingModel

/// A connection that is judged by itself.
struct Link: Sendable, Hashable, Comparable {
  let name: LinkName
  /// Whose it is, where the settings listen to such a link of several venues.
  let venue: Venue?

  init(_ name: LinkName, of venue: Venue? = nil) {
    self.name = name
    self.venue = venue
  }

  static func < (left: Link, right: Link) -> Bool {
    (left.name, left.venue?.rawValue ?? "") < (right.name, right.venue?.rawValue ?? "")
  }
}

/// The connections that trading lives on, each judged by its own silence.
struct Links: Sendable {
  /// What became of a link.
  enum Change: Sendable, Hashable {
    case down(Link, silentFor: Duration, isUrgent: Bool)
    case up(Link, after: Duration)
  }

  private struct State: Sendable {
    var isConnected = true
    var detail = ""
    var heardAt: Timestamp?
    /// Since when it is known to be bad, and how much of that was told.
    var badSince: Timestamp?
    var goodSince: Timestamp?
    var isTold = false
    var isToldUrgently = false
  }

  private let timings: EngineTimings
  private var states: [Link: State] = [:]
  private var startedAt: Timestamp?

  init(timings: EngineTimings) { self.timings = timings }

  func heardAt(_ link: Link) -> Timestamp? { states[link]?.heardAt }

  mutating func hear(_ link: Link, at now: Timestamp) {
    states[link, default: State()].heardAt = now
    states[link]?.isConnected = true
  }

  mutating func set(_ link: Link, isUp: Bool, detail: String, at now: Timestamp) {
    if isUp { states[link, default: State()].heardAt = now }
    states[link, default: State()].isConnected = isUp
    states[link]?.detail = detail
  }

  /// Connected, and heard within its limit.
  func isUp(_ link: Link, at now: Timestamp) -> Bool {
    guard let state = states[link], state.isConnected, let heard = state.heardAt else {
      return false
    }
    return now - heard < limit(of: link)
  }

  func state(of link: Link, at now: Timestamp) -> LinkState {
    guard !isUp(link, at: now) else { return LinkState(link.name, of: link.venue, isHealthy: true) }
    guard let state = states[link], let heard = state.heardAt else {
      return LinkState(
        link.name, of: link.venue, isHealthy: false, detail: "never heard of")
    }
    let silence = "silent for \((now - heard).wholeSeconds) s"
    return LinkState(
      link.name, of: link.venue, isHealthy: false,
      detail: state.isConnected || state.detail.isEmpty ? silence : state.detail)
  }

  /// Judges the silence. A link that is back must stay good for a while before that is told.
  mutating func judge(
    _ used: [Link], at now: Timestamp, hasPositions: Bool
  ) -> [Change] {
    let begin = startedAt ?? now
    startedAt = begin
    var changes: [Change] = []
    for link in used {
      var state = states[link] ?? State()
      if isUp(link, at: now) {
        let good = state.goodSince ?? now
        state.goodSince = good
        if state.isTold, now - good >= recovery(of: link) {
          changes.append(.up(link, after: now - (state.badSince ?? good)))
          state.isTold = false
          state.isToldUrgently = false
        }
        if !state.isTold { state.badSince = nil }
      } else {
        state.goodSince = nil
        let bad = state.badSince ?? state.heardAt ?? begin
        state.badSince = bad
        let silence = now - bad
        let isUrgent =
          link.name == .account && hasPositions && silence >= timings.accountSilenceUrgent
        if isUrgent && !state.isToldUrgently || !state.isTold && silence >= limit(of: link) {
          changes.append(.down(link, silentFor: silence, isUrgent: isUrgent))
          state.isTold = true
          state.isToldUrgently = isUrgent
        }
      }
      states[link] = state
    }
    return changes
  }

  private func limit(of link: Link) -> Duration {
    link.name == .account ? timings.accountSilence : timings.feedSilence
  }

  private func recovery(of link: Link) -> Duration {
    link.name == .account ? .seconds(10) : .seconds(5)
  }
}
