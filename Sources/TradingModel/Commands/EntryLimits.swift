/// The limits of entries, as the chat shows them.
public struct EntryLimits: Sendable, Hashable {
  /// `margin` or `notional`: what counts as a position's weight.
  public var exposureBase: String
  /// As shares of equity: all positions together, and one position of each engine that runs.
  public var maxExposure: Ratio
  public var maxPosition: [EngineShare]
  public var maxPositions: Int
  public var maxPositionsPerEngine: Int
  /// How far a stop may be from the entry.
  public var maxStop: Ratio
  /// Under it nothing is entered, in USDT.
  public var minimumBalance: Notional
  /// Entries per symbol and in all, in `window`.
  public var entriesPerSymbol: Int
  public var entriesPerAccount: Int
  public var window: Duration
  /// The loss since the start at which everything is closed, as a share of the equity then; nil is off.
  public var startLoss: Ratio?

  public struct EngineShare: Sendable, Hashable {
    public var engine: EngineName
    public var share: Ratio

    public init(_ engine: EngineName, _ share: Ratio) {
      self.engine = engine
      self.share = share
    }
  }

  public init(
    exposureBase: String = "margin", maxExposure: Ratio = .percent(50),
    maxPosition: [EngineShare] = [], maxPositions: Int = 10, maxPositionsPerEngine: Int = 5,
    maxStop: Ratio = .percent(10), minimumBalance: Notional = .usdt(10),
    entriesPerSymbol: Int = 2, entriesPerAccount: Int = 20, window: Duration = .seconds(60),
    startLoss: Ratio? = nil
  ) {
    self.exposureBase = exposureBase
    self.maxExposure = maxExposure
    self.maxPosition = maxPosition
    self.maxPositions = maxPositions
    self.maxPositionsPerEngine = maxPositionsPerEngine
    self.maxStop = maxStop
    self.minimumBalance = minimumBalance
    self.entriesPerSymbol = entriesPerSymbol
    self.entriesPerAccount = entriesPerAccount
    self.window = window
    self.startLoss = startLoss
  }
}

/// A symbol that is not entered before a time.
public struct Cooldown: Sendable, Hashable {
  public var symbol: Symbol
  /// `a loss`, `an entry`.
  public var after: String
  public var until: Timestamp

  public init(_ symbol: Symbol, after: String, until: Timestamp) {
    self.symbol = symbol
    self.after = after
    self.until = until
  }
}
