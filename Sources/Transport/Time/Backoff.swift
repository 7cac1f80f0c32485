import TradingModel

/// How long to wait before the next attempt: doubling up to a cap, with jitter so that many clients
/// of one server do not come back together.
public struct Backoff: Sendable {
  public struct Policy: Sendable, Hashable {
    public enum Jitter: Sendable, Hashable {
      /// Anywhere between `first` and the current ceiling, which starts at twice `first`.
      case full
      /// The current step, up to so many percent more or less.
      case percent(UInt8)
    }

    public var first: Duration
    public var cap: Duration
    public var jitter: Jitter

    public init(first: Duration, cap: Duration, jitter: Jitter) {
      precondition(first > .zero && first <= cap, "a back-off grows from above zero to its cap")
      self.first = first
      self.cap = cap
      self.jitter = jitter
    }

    /// Market and account streams: 0.5 s to 30 s, full jitter.
    public static let streams = Policy(first: .milliseconds(500), cap: .seconds(30), jitter: .full)
    /// The long poll of a chat: 1 s to 30 s, ± 20 %.
    public static let polling = Policy(first: .seconds(1), cap: .seconds(30), jitter: .percent(20))
  }

  public let policy: Policy
  /// Attempts since the last success.
  public private(set) var attempts = 0

  public init(_ policy: Policy) { self.policy = policy }

  /// The wait before the next attempt.
  public mutating func next(by chance: any RandomSource) -> Duration {
    let step = self.step(attempts)
    let ceiling = self.step(attempts + 1)
    attempts += 1
    switch policy.jitter {
    case .full: return policy.first + Self.part(of: ceiling - policy.first, chance)
    case .percent(let percent):
      let spread = step * Int(percent) / 100
      return step - spread + Self.part(of: spread * 2, chance)
    }
  }

  /// After a success that has lasted.
  public mutating func reset() { attempts = 0 }

  /// `first` doubled so many times, up to the cap.
  private func step(_ doublings: Int) -> Duration {
    var step = policy.first
    for _ in 0..<min(doublings, 62) where step < policy.cap { step *= 2 }
    return min(step, policy.cap)
  }

  /// Zero to all of it, to the nanosecond.
  private static func part(of duration: Duration, _ chance: any RandomSource) -> Duration {
    .nanoseconds(Int64(chance.next(below: UInt64(duration.wholeNanoseconds) + 1)))
  }
}
