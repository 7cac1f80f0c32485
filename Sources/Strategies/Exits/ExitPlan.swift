import TradingModel

/// How a position is left again: where its stop and its targets lie, when the stop follows, and when
/// time is up. The same for all engines; settings per symbol.
///
/// It decides nothing by itself: pure functions turn it, a position and a price into what should rest
/// on the venue.
public struct ExitPlan: Sendable, Hashable, Codable {
  /// Every position has one.
  public var stop: ExitDistance
  /// For all that is left; nil is none.
  public var target: ExitDistance?
  /// The nearest first; what they leave open has the stop and the target.
  public var partials: [PartialTarget]
  public var breakEven: BreakEven?
  public var trailing: TrailingStop?
  public var timeLimit: TimeLimit?
  /// Which price moves stop, target and trailing, here and on the venue.
  public var trigger: TriggerSource
  /// Which ATR distances are measured in.
  public var range: RangeSettings

  public init(
    stop: ExitDistance = .share(.percent(3)), target: ExitDistance? = .share(.basisPoints(250)),
    partials: [PartialTarget] = [], breakEven: BreakEven? = nil, trailing: TrailingStop? = nil,
    timeLimit: TimeLimit? = nil, trigger: TriggerSource = .last,
    range: RangeSettings = RangeSettings()
  ) {
    self.stop = stop
    self.target = target
    self.partials = partials
    self.breakEven = breakEven
    self.trailing = trailing
    self.timeLimit = timeLimit
    self.trigger = trigger
    self.range = range
  }

  /// Any of it is measured in ATR.
  public var usesRange: Bool {
    let distances =
      [stop, target, breakEven?.after, trailing?.after, trailing?.callback].compactMap { $0 }
      + partials.map(\.distance)
    return distances.contains(where: \.usesRange)
  }

  /// The stop follows the price.
  public var movesStop: Bool { breakEven != nil || trailing != nil }
}

/// A part of the position is taken off at a limit.
public struct PartialTarget: Sendable, Hashable, Codable {
  public var distance: ExitDistance
  /// How much of the size: 0.3 is thirty percent.
  public var share: Ratio

  public init(_ distance: ExitDistance, _ share: Ratio) {
    self.distance = distance
    self.share = share
  }
}

/// Once the profit has reached `after`, the stop goes to the average entry plus what leaving costs.
public struct BreakEven: Sendable, Hashable, Codable {
  public var after: ExitDistance
  /// What a stop loses to the book, as a share of the price.
  public var slippage: Ratio

  public init(after: ExitDistance, slippage: Ratio = .basisPoints(5)) {
    self.after = after
    self.slippage = slippage
  }
}

/// Once the profit has reached `after`, the stop stays `callback` behind the best price.
public struct TrailingStop: Sendable, Hashable, Codable {
  public var after: ExitDistance
  /// A share of the best price, or a number of ATR.
  public var callback: ExitDistance
  /// The stop is moved when it gains at least this share of the price: each move is a request.
  public var step: Ratio

  public init(
    after: ExitDistance, callback: ExitDistance, step: Ratio = .basisPoints(10)
  ) {
    self.after = after
    self.callback = callback
    self.step = step
  }
}

/// The position is closed at market when it is older than that.
public struct TimeLimit: Sendable, Hashable, Codable {
  public var after: Duration
  /// Winners may stay.
  public var sparesProfit: Bool

  public init(after: Duration, sparesProfit: Bool = false) {
    self.after = after
    self.sparesProfit = sparesProfit
  }
}

/// Which ATR.
public struct RangeSettings: Sendable, Hashable, Codable {
  /// In candles.
  public var length: Int
  public var interval: CandleInterval

  public init(length: Int = 14, interval: CandleInterval = .oneMinute) {
    self.length = length
    self.interval = interval
  }

  /// `ATR(14, 1m)`.
  public var title: String { "ATR(\(length), \(interval.rawValue))" }
}
