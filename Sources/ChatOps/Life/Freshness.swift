import TradingModel

/// Whether a typed command is still meant. Judged by the chat service's date; when that runs ahead
/// of our clock, our clock is the one that is behind.
struct Freshness {
  enum Verdict: Sendable, Hashable {
    case fresh
    /// An emergency that came late: its preview is shown, with sound.
    case late
    case stale(age: Duration)
  }

  static let reading: Duration = .minutes(10)
  static let changing: Duration = .seconds(60)
  static let emergency: Duration = .minutes(15)

  /// How far the service's clock was seen ahead of ours.
  private var ahead: Duration = .zero

  mutating func judge(sentAt: Timestamp, now: Timestamp, pace: Pace) -> Verdict {
    ahead = max(ahead, sentAt - now)
    let age = max(.zero, now + ahead - sentAt)
    return switch pace {
    case .reading: age > Self.reading ? .stale(age: age) : .fresh
    case .changing: age > Self.changing ? .stale(age: age) : .fresh
    case .emergency:
      age > Self.emergency ? .stale(age: age) : age > Self.changing ? .late : .fresh
    }
  }
}
