/// Everything that the chat may show, copied out of the engine at one moment.
public struct EngineSnapshot: Sendable, Hashable {
  public var time: Timestamp
  public var venue: Venue
  public var environment: VenueEnvironment
  public var isLive: Bool
  public var state: TradingState
  /// What made it degraded, in words; empty otherwise.
  public var troubles: [String]
  public var locks: [Lock]
  public var wallet: Reading<Wallet>
  public var day: DayView?
  public var margin: MarginView?
  /// Nil while it can't be computed.
  public var worstCase: WorstCase?
  public var positions: [PositionView]
  /// Open orders that are no protection, and those that are.
  public var entryOrders: Int
  public var protectiveOrders: Int
  public var modules: [ModuleView]
  public var links: [LinkView]
  public var allowlist: [Symbol]
  public var limits: RiskLimits
  public var entryLimits: EntryLimits
  /// Symbols that rest after an entry, a loss or failures.
  public var cooldowns: [Cooldown]
  public var isReconciled: Bool
  public var isRecording: Bool
  /// The guard's engine, while the bot is not there: it enters nothing.
  public var isStandIn: Bool

  public init(
    time: Timestamp, venue: Venue, environment: VenueEnvironment, isLive: Bool,
    state: TradingState, troubles: [String] = [], locks: [Lock] = [], wallet: Reading<Wallet>,
    day: DayView? = nil, margin: MarginView? = nil, worstCase: WorstCase? = nil,
    positions: [PositionView] = [],
    entryOrders: Int = 0, protectiveOrders: Int = 0, modules: [ModuleView] = [],
    links: [LinkView] = [], allowlist: [Symbol] = [], limits: RiskLimits = RiskLimits(),
    entryLimits: EntryLimits = EntryLimits(), cooldowns: [Cooldown] = [], isReconciled: Bool = true,
    isRecording: Bool = true, isStandIn: Bool = false
  ) {
    self.time = time
    self.venue = venue
    self.environment = environment
    self.isLive = isLive
    self.state = state
    self.troubles = troubles
    self.locks = locks
    self.wallet = wallet
    self.day = day
    self.margin = margin
    self.worstCase = worstCase
    self.positions = positions
    self.entryOrders = entryOrders
    self.protectiveOrders = protectiveOrders
    self.modules = modules
    self.links = links
    self.allowlist = allowlist
    self.limits = limits
    self.entryLimits = entryLimits
    self.cooldowns = cooldowns
    self.isReconciled = isReconciled
    self.isRecording = isRecording
    self.isStandIn = isStandIn
  }
}

public struct PositionView: Sendable, Hashable, Codable {
  public var position: Position
  public var owner: Owner
  /// The best price known: mark, else last; nil when neither is fresh.
  public var price: Price?
  public var profit: Notional?
  /// The stop was seen resting on the venue.
  public var isStopConfirmed: Bool
  public var openedAt: Timestamp?
  /// Whether a flatten has to close it: neither dust nor long-term.
  public var isToBeClosed: Bool
  /// Never touched, but by a panic that is told to.
  public var isLongterm: Bool
  /// The average entry that stop and target were set for; nil while they are those of the order.
  public var protectedEntry: Price?

  public init(
    position: Position, owner: Owner, price: Price?, profit: Notional?, isStopConfirmed: Bool,
    openedAt: Timestamp?, isToBeClosed: Bool = true, isLongterm: Bool = false,
    protectedEntry: Price? = nil
  ) {
    self.position = position
    self.owner = owner
    self.price = price
    self.profit = profit
    self.isStopConfirmed = isStopConfirmed
    self.openedAt = openedAt
    self.isToBeClosed = isToBeClosed
    self.isLongterm = isLongterm
    self.protectedEntry = protectedEntry
  }
}

/// The UTC day in figures, all in USDT.
public struct DayView: Sendable, Hashable, Codable {
  public var baseline: DayBaseline
  public var equity: Notional
  /// Equity less baseline: realised and unrealised, fees and funding inside.
  public var net: Notional
  /// `net` ÷ baseline.
  public var result: Ratio
  public var realised: Notional
  public var unrealised: Notional
  public var fees: Notional
  public var funding: Notional
  public var won: Int
  public var lost: Int
  public var best: RoundTrip?
  public var worst: RoundTrip?
  /// Net of closed trades by owner, sorted by owner.
  public var byOwner: [OwnerResult]

  public struct OwnerResult: Sendable, Hashable, Codable {
    public var owner: Owner
    public var net: Notional

    public init(owner: Owner, net: Notional) {
      self.owner = owner
      self.net = net
    }
  }

  public init(
    baseline: DayBaseline, equity: Notional, net: Notional, result: Ratio,
    realised: Notional = .zero, unrealised: Notional = .zero, fees: Notional = .zero,
    funding: Notional = .zero, won: Int = 0, lost: Int = 0, best: RoundTrip? = nil,
    worst: RoundTrip? = nil, byOwner: [OwnerResult] = []
  ) {
    self.baseline = baseline
    self.equity = equity
    self.net = net
    self.result = result
    self.realised = realised
    self.unrealised = unrealised
    self.fees = fees
    self.funding = funding
    self.won = won
    self.lost = lost
    self.best = best
    self.worst = worst
    self.byOwner = byOwner
  }
}

/// What today would come to if every open stop filled now, with slippage and fees, in USDT.
public struct WorstCase: Sendable, Hashable, Codable {
  public var equity: Notional
  /// Against the day's baseline.
  public var net: Notional
  /// `net` ÷ baseline.
  public var result: Ratio
  /// Positions opened by hand without a stop: not in it.
  public var unstopped: [Symbol]

  public init(equity: Notional, net: Notional, result: Ratio, unstopped: [Symbol] = []) {
    self.equity = equity
    self.net = net
    self.result = result
    self.unstopped = unstopped
  }
}

public struct MarginView: Sendable, Hashable, Codable {
  /// Where the figure comes from.
  public enum Source: String, Sendable, Hashable, Codable {
    /// The venue's account-wide rate (cross and portfolio margin).
    case accountRate
    /// Σ initial margin of positions and orders ÷ equity.
    case sum
  }

  /// Initial margin in use ÷ equity.
  public var initialUse: Ratio
  public var maintenanceUse: Ratio?
  public var source: Source
  /// Notional of all positions ÷ equity.
  public var exposure: Ratio

  public init(initialUse: Ratio, maintenanceUse: Ratio?, source: Source, exposure: Ratio) {
    self.initialUse = initialUse
    self.maintenanceUse = maintenanceUse
    self.source = source
    self.exposure = exposure
  }
}

public struct ModuleView: Sendable, Hashable, Codable {
  public enum State: Sendable, Hashable, Codable {
    case on
    case paused(until: Timestamp?)
    case off
    /// What it lives on is silent.
    case idle(why: String)
  }

  public var name: EngineName
  public var state: State
  public var lastSignalAt: Timestamp?
  public var signals: Int
  public var refused: Int

  public init(
    name: EngineName, state: State, lastSignalAt: Timestamp? = nil, signals: Int = 0,
    refused: Int = 0
  ) {
    self.name = name
    self.state = state
    self.lastSignalAt = lastSignalAt
    self.signals = signals
    self.refused = refused
  }
}

public struct LinkView: Sendable, Hashable, Codable {
  public var name: LinkName
  public var venue: Venue
  public var isUp: Bool
  /// When something was heard last.
  public var heardAt: Timestamp?

  public init(name: LinkName, venue: Venue, isUp: Bool, heardAt: Timestamp?) {
    self.name = name
    self.venue = venue
    self.isUp = isUp
    self.heardAt = heardAt
  }
}

/// The account-wide limits that the chat shows beside the figures.
public struct RiskLimits: Sendable, Hashable, Codable {
  public var dayTarget: Ratio
  /// Negative.
  public var dayStop: Ratio
  public var marginWarn: Ratio
  /// From here on positions are reduced, each time by `marginCut` of their size.
  public var marginBlock: Ratio
  public var marginCut: Ratio

  public init(
    dayTarget: Ratio = .percent(10), dayStop: Ratio = .percent(-5),
    marginWarn: Ratio = .percent(80), marginBlock: Ratio = .percent(100),
    marginCut: Ratio = .percent(20)
  ) {
    self.dayTarget = dayTarget
    self.dayStop = dayStop
    self.marginWarn = marginWarn
    self.marginBlock = marginBlock
    self.marginCut = marginCut
  }
}
