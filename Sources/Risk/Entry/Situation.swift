import TradingModel

/// An open position with its owner.
public struct HeldPosition: Sendable, Hashable {
  public var position: Position
  public var owner: Owner

  public init(_ position: Position, owner: Owner) {
    self.position = position
    self.owner = owner
  }
}

/// An entry under way: approved, sent or resting, and not in the positions yet.
public struct PendingEntry: Sendable, Hashable {
  public var symbol: Symbol
  public var owner: Owner
  /// What it may still grow to, in USDT.
  public var notional: Notional
  public var leverage: Ratio

  public init(symbol: Symbol, owner: Owner, notional: Notional, leverage: Ratio) {
    self.symbol = symbol
    self.owner = owner
    self.notional = notional
    self.leverage = leverage
  }
}

/// The state of a connection that an entry depends on.
public struct LinkState: Sendable, Hashable {
  public var name: LinkName
  /// Whose it is, where several venues have one.
  public var venue: Venue?
  public var isHealthy: Bool
  /// In words: `silent for 31 s`.
  public var detail: String

  public init(
    _ name: LinkName, of venue: Venue? = nil, isHealthy: Bool, detail: String = ""
  ) {
    self.name = name
    self.venue = venue
    self.isHealthy = isHealthy
    self.detail = detail
  }

  /// `prices`, or `Bybit liquidations`.
  public var title: String {
    venue.map { "\($0.title) \(name.rawValue)" } ?? name.rawValue
  }
}

/// Everything that the gate judges an entry by, copied out at one moment. What is not known is nil
/// or says so, and refuses the entry.
public struct Situation: Sendable, Hashable {
  public var now: Timestamp

  // The account
  /// With the time when the account was last heard of.
  public var wallet: Reading<Wallet>
  /// The positions were compared with the venue's since the start and since the last gap.
  public var isReconciled: Bool
  /// Every open position of the account, whoever owns it.
  public var positions: [HeldPosition]
  public var pendingEntries: [PendingEntry]
  /// Symbols that the venue tells as flat, while the execution that ended their position is still to
  /// come: what it brought, and so the pause after a loss, is not known yet.
  public var untoldEnds: Set<Symbol>
  public var positionMode: PositionMode
  /// Nil when it can't be computed.
  public var margin: MarginView?
  public var marginState: MarginWatch.State
  public var openRisk: OpenRisk
  /// Why isolated margin or the leverage of this symbol could not be set; nil when they stand.
  public var preparationFailure: String?

  // The market of the symbol, on the executing venue
  public var instrument: Instrument?
  /// Fresh, or nil.
  public var marketPrice: Price?
  /// Ask less bid; nil when either is not fresh.
  public var spread: Price?

  // The signal
  /// What it rests on, looked at again.
  public var basis: SignalBasis
  /// The engine's parameters switch the symbol on.
  public var isSymbolEnabled: Bool
  public var allowlist: Set<Symbol>
  public var handledSignals: HandledSignals

  // What may forbid entries
  public var locks: [Lock]
  public var throttle: Throttle
  /// The account's link and those that the engine lives on; none at all counts as down.
  public var links: [LinkState]
  /// The venue's clock less ours; nil while it was never measured.
  public var clockSkew: Duration?
  public var isJournalWorking: Bool
  public var isStopping: Bool

  public init(
    now: Timestamp, wallet: Reading<Wallet>, isReconciled: Bool, positions: [HeldPosition],
    pendingEntries: [PendingEntry], untoldEnds: Set<Symbol> = [], positionMode: PositionMode,
    margin: MarginView?,
    marginState: MarginWatch.State, openRisk: OpenRisk, preparationFailure: String? = nil,
    instrument: Instrument?,
    marketPrice: Price?, spread: Price?, basis: SignalBasis, isSymbolEnabled: Bool,
    allowlist: Set<Symbol>, handledSignals: HandledSignals, locks: [Lock], throttle: Throttle,
    links: [LinkState], clockSkew: Duration?, isJournalWorking: Bool, isStopping: Bool
  ) {
    self.now = now
    self.wallet = wallet
    self.isReconciled = isReconciled
    self.positions = positions
    self.pendingEntries = pendingEntries
    self.untoldEnds = untoldEnds
    self.positionMode = positionMode
    self.margin = margin
    self.marginState = marginState
    self.openRisk = openRisk
    self.preparationFailure = preparationFailure
    self.instrument = instrument
    self.marketPrice = marketPrice
    self.spread = spread
    self.basis = basis
    self.isSymbolEnabled = isSymbolEnabled
    self.allowlist = allowlist
    self.handledSignals = handledSignals
    self.locks = locks
    self.throttle = throttle
    self.links = links
    self.clockSkew = clockSkew
    self.isJournalWorking = isJournalWorking
    self.isStopping = isStopping
  }
}
