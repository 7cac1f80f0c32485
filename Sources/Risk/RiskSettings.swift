import TradingModel

/// What counts as a position's weight in the account.
public enum ExposureBase: String, Sendable, Hashable, Codable, CaseIterable {
  /// The margin that is tied up.
  case margin
  /// The full size at market.
  case notional
}

/// At most `count` in any `window`.
public struct Pace: Sendable, Hashable {
  public var count: Int
  public var window: Duration

  public init(_ count: Int, per window: Duration) {
    self.count = count
    self.window = window
  }
}

/// Every limit between a signal and the money.
public struct RiskSettings: Sendable, Hashable {
  /// Day limits and margin thresholds: those the chat shows, too.
  public var limits = RiskLimits()
  /// Where the warning before the day stop begins and where it ends; negative.
  public var dayNear: Ratio = .percent(-4)
  public var dayNearClear: Ratio = .basisPoints(-350)
  public var margin = MarginSettings()

  /// Under this balance nothing is entered, in USDT.
  public var minimumBalance: Notional = .usdt(10)
  /// A loss since the start of this share of the equity is an emergency; nil is off.
  public var startLoss: Ratio?
  /// The cap of the balance that sizing may use, in USDT; nil is all of it.
  public var equityCap: Notional?
  public var exposureBase = ExposureBase.margin
  /// All positions together, as a share of equity.
  public var maxExposure: Ratio = .percent(50)
  /// One position of an engine, as a share of equity; see `maxPositionShare(of:)`.
  public var maxPositionShare: [EngineName: Ratio] = [.liquidation: .percent(15)]
  public var maxPositions = 10
  public var maxPositionsPerEngine = 5

  public var signalMaxAge: Duration = .seconds(60)
  /// How far the stop may be from the entry, as a share of the price.
  public var minStopDistance: Ratio = .basisPoints(5)
  public var maxStopDistance: Ratio = .percent(10)
  /// How much worse than its trigger a stop is taken to fill, as a share of the price; the spread
  /// comes on top.
  public var stopSlippage: Ratio = .basisPoints(10)
  /// How far the market may have moved away from the price that the engine saw.
  public var maxPriceDeviation: Ratio = .percent(1)
  /// What the venue takes of each fill.
  public var takerFee = Ratio(uncheckedCount: 55_000)
  /// What a target must leave after the round trip's fees and the spread (`min_edge_bps`): more
  /// than this share of the price.
  public var minimumEdge: Ratio = .zero

  /// Entry orders; protective and closing ones are never throttled.
  public var throttlePerSymbol = Pace(2, per: .seconds(60))
  public var throttlePerAccount = Pace(20, per: .seconds(60))
  /// Per symbol, after an entry and after `failuresInARow` failed ones.
  public var entryCooldown: Duration = .seconds(60)
  public var failuresInARow = 3
  /// Per symbol, after a trade that lost.
  public var lossCooldown: Duration = .seconds(300)

  /// An account not heard of for longer is unknown.
  public var accountMaxAge: Duration = .seconds(15)
  /// From this difference on it is told.
  public var tellClockSkew: Duration = .milliseconds(500)
  /// Half the venue's window for timestamps: beyond it entries stop.
  public var maxClockSkew: Duration = .milliseconds(2500)

  public init() {}

  /// Margin in use, an entry included, stays under this: of the tiers the first only tells.
  public var marginEntryLimit: Ratio {
    margin.mode == .tiers ? limits.marginBlock : limits.marginWarn
  }

  /// What one position of `engine` may weigh, as a share of equity.
  public func maxPositionShare(of engine: EngineName) -> Ratio {
    maxPositionShare[engine] ?? .percent(5)
  }
}
