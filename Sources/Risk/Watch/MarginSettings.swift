import TradingModel

/// What is done about the margin in use (`margin.*` in the settings).
public struct MarginSettings: Sendable, Hashable {
  public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
    /// Two levels: warn, and block with reductions of a fixed share.
    case levels
    /// Rising shares from 60 % of utilisation on; see `MarginTier.all`.
    case tiers
  }

  public var mode = Mode.levels
  /// How much of every position one reduction closes; of the mode `levels`.
  public var reduceShare: Ratio = .percent(20)
  /// From the end of one reduction to the next.
  public var cooldown: Duration = .seconds(60)
  /// After so many reductions in a row everything is closed and locked.
  public var maxReductions = 5
  /// How far under a level its end lies, in points of IM%.
  public var hysteresis: Ratio = .percent(5)

  public init() {}
}

/// From a utilisation on: how much is closed, and when it is enough.
///
/// Source: the original's second risk guard (`risk_guard_v2.py`).
public struct MarginTier: Sendable, Hashable {
  /// This utilisation itself counts.
  public let from: Ratio
  /// Of every position; one is everything.
  public let share: Ratio
  /// At or under this it is enough.
  public let downTo: Ratio

  /// Told from here on; nothing is done yet.
  public static let alert: Ratio = .percent(60)

  /// By rising utilisation.
  public static let all = [
    MarginTier(from: .percent(70), share: .percent(25), downTo: .percent(60)),
    MarginTier(from: .percent(80), share: .percent(33), downTo: .percent(58)),
    MarginTier(from: .percent(90), share: .one, downTo: .percent(58)),
  ]

  /// The strictest that this utilisation reaches.
  static func reached(at use: Ratio) -> MarginTier? { all.last { use >= $0.from } }
}
