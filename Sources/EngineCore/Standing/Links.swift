import Risk
import TradingModel

/// The connections that trading lives on, each judged by its own silence.
struct Links: Sendable {
  /// What became of a link.
  enum Change: Sendable, Hashable {
    case down(LinkName, silentFor: Duration, isUrgent: Bool)
    case up(LinkName, after: Duration)
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
  private var states: [LinkName: State] = [:]
  private var startedAt: Timestamp?

  init(timings: EngineTimings) { self.timings = timings }

  func heardAt(_ name: LinkName) -> Timestamp? { states[name]?.heardAt }

  mutating func hear(_ name: LinkName, at now: Timestamp) {
    states[name, default: State()].heardAt = now
    states[name]?.isConnected = true
  }

  mutating func set(_ name: LinkName, isUp: Bool, detail: String, at now: Timestamp) {
    if isUp { states[name, default: State()].heardAt = now }
    states[name, default: State()].isConnected = isUp
    states[name]?.detail = detail
  }

  /// Connected, and heard within its limit.
  func isUp(_ name: LinkName, at now: Timestamp) -> Bool {
    guard let state = states[name], state.isConnected, let heard = state.heardAt else {
      return false
    }
    return now - heard < limit(of: name)
  }

  func state(of name: LinkName, at now: Timestamp) -> LinkState {
    guard !isUp(name, at: now) else { return LinkState(name, isHealthy: true) }
    guard let state = states[name], let heard = state.heardAt else {
      return LinkState(name, isHealthy: false, detail: "never heard of")
    }
    let silence = "silent for \((now - heard).wholeSeconds) s"
    return LinkState(
      name, isHealthy: false,
      detail: state.isConnected || state.detail.isEmpty ? silence : state.detail)
  }

  /// Judges the silence. A link that is back must stay good for a while before that is told.
  mutating func judge(
    _ names: [LinkName], at now: Timestamp, hasPositions: Bool
  ) -> [Change] {
    let begin = startedAt ?? now
    startedAt = begin
    var changes: [Change] = []
    for name in names {
      var state = states[name] ?? State()
      if isUp(name, at: now) {
        let good = state.goodSince ?? now
        state.goodSince = good
        if state.isTold, now - good >= recovery(of: name) {
          changes.append(.up(name, after: now - (state.badSince ?? good)))
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
          name == .account && hasPositions && silence >= timings.accountSilenceUrgent
        if isUrgent && !state.isToldUrgently || !state.isTold && silence >= limit(of: name) {
          changes.append(.down(name, silentFor: silence, isUrgent: isUrgent))
          state.isTold = true
          state.isToldUrgently = isUrgent
        }
      }
      states[name] = state
    }
    return changes
  }

  private func limit(of name: LinkName) -> Duration {
    name == .account ? timings.accountSilence : timings.feedSilence
  }

  private func recovery(of name: LinkName) -> Duration {
    name == .account ? .seconds(10) : .seconds(5)
  }
}
