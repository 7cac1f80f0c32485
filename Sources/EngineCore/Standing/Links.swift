import Risk
import TradingModel

/// A link that is judged by itself.
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
///
/// A link may be several connections, its lines: it is up when all of them are. A lost line is back
/// when that is told of it, and by nothing that another one says.
struct Links: Sendable {
  /// What became of a link.
  enum Change: Sendable, Hashable {
    case down(Link, silentFor: Duration, isUrgent: Bool)
    case up(Link, after: Duration)
  }

  private struct Line: Sendable {
    var isConnected = true
    var detail = ""
    var heardAt: Timestamp?
  }

  private struct State: Sendable {
    var lines: [LinkLine: Line] = [:]
    /// Since when it is known to be bad, and how much of that was told.
    var badSince: Timestamp?
    var goodSince: Timestamp?
    var isTold = false
    var isToldUrgently = false

    var sorted: [(name: LinkLine, line: Line)] {
      lines.keys.sorted().compactMap { name in lines[name].map { (name, $0) } }
    }
  }

  private let timings: EngineTimings
  private var states: [Link: State] = [:]
  private var startedAt: Timestamp?

  init(timings: EngineTimings) { self.timings = timings }

  /// When the line that has been silent longest was heard; nil while one never was.
  func heardAt(_ link: Link) -> Timestamp? {
    guard let lines = states[link]?.lines.values, lines.allSatisfy({ $0.heardAt != nil }) else {
      return nil
    }
    return lines.compactMap(\.heardAt).min()
  }

  /// A sign of life. It does not mend what was told to be lost.
  mutating func hear(_ link: Link, on line: LinkLine = .only, at now: Timestamp) {
    states[link, default: State()].lines[line, default: Line()].heardAt = now
  }

  mutating func set(
    _ link: Link, on line: LinkLine = .only, isUp: Bool, detail: String, at now: Timestamp
  ) {
    var known = states[link]?.lines[line] ?? Line()
    if isUp { known.heardAt = now }
    known.isConnected = isUp
    known.detail = detail
    states[link, default: State()].lines[line] = known
  }

  /// Every line connected, and heard within its limit.
  func isUp(_ link: Link, at now: Timestamp) -> Bool {
    guard let lines = states[link]?.lines, !lines.isEmpty else { return false }
    return lines.values.allSatisfy { isUp($0, of: link, at: now) }
  }

  private func isUp(_ line: Line, of link: Link, at now: Timestamp) -> Bool {
    guard line.isConnected, let heard = line.heardAt else { return false }
    return now - heard < limit(of: link)
  }

  func state(of link: Link, at now: Timestamp) -> LinkState {
    guard !isUp(link, at: now) else { return LinkState(link.name, of: link.venue, isHealthy: true) }
    guard let (line, bad) = states[link]?.sorted.first(where: { !isUp($0.line, of: link, at: now) })
    else { return LinkState(link.name, of: link.venue, isHealthy: false, detail: "never heard of") }
    let words = detail(of: bad, at: now)
    return LinkState(
      link.name, of: link.venue, isHealthy: false,
      detail: line == .only ? words : "(\(line.name)) \(words)")
  }

  private func detail(of line: Line, at now: Timestamp) -> String {
    if !line.isConnected, !line.detail.isEmpty { return line.detail }
    return line.heardAt.map { "silent for \((now - $0).wholeSeconds) s" } ?? "never heard of"
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
        let bad = state.badSince ?? lastGood(of: link, at: now) ?? begin
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

  /// When the line was heard that has been bad longest; nil where none of the bad ones ever was.
  private func lastGood(of link: Link, at now: Timestamp) -> Timestamp? {
    states[link]?.lines.values.filter { !isUp($0, of: link, at: now) }.compactMap(\.heardAt).min()
  }

  private func limit(of link: Link) -> Duration {
    link.name == .account ? timings.accountSilence : timings.feedSilence
  }

  private func recovery(of link: Link) -> Duration {
    link.name == .account ? .seconds(10) : .seconds(5)
  }
}
