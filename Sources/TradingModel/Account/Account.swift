/// How a position's margin is kept.
public enum MarginMode: String, Sendable, Hashable, Codable, CaseIterable {
  case isolated, cross, portfolio
}

/// The account's money, as the venue reports it.
public struct Wallet: Sendable, Hashable, Codable {
  /// Wallet balance plus unrealised profit and loss, in USDT.
  public var equity: Notional
  /// What was paid in and realised, in USDT.
  public var balance: Notional
  /// What new orders may use, in USDT; nil when it can't be told.
  public var available: Notional?
  /// Initial margin of positions and open orders, in USDT; nil when the venue does not say.
  public var initialMargin: Notional?
  public var maintenanceMargin: Notional?
  /// The venue's own account-wide rates: only in cross and portfolio margin.
  public var initialMarginRate: Ratio?
  public var maintenanceMarginRate: Ratio?
  public var marginMode: MarginMode
  public var updatedAt: Timestamp

  public init(
    equity: Notional, balance: Notional, available: Notional?, initialMargin: Notional? = nil,
    maintenanceMargin: Notional? = nil, initialMarginRate: Ratio? = nil,
    maintenanceMarginRate: Ratio? = nil, marginMode: MarginMode = .isolated,
    updatedAt: Timestamp
  ) {
    self.equity = equity
    self.balance = balance
    self.available = available
    self.initialMargin = initialMargin
    self.maintenanceMargin = maintenanceMargin
    self.initialMarginRate = initialMarginRate
    self.maintenanceMarginRate = maintenanceMarginRate
    self.marginMode = marginMode
    self.updatedAt = updatedAt
  }
}

/// The whole account read at one moment.
public struct AccountReading: Sendable, Hashable, Codable {
  /// What does not trade here.
  public struct Foreign: Sendable, Hashable, Codable {
    public var positions: [Position]
    public var orders: [Order]

    public init(positions: [Position] = [], orders: [Order] = []) {
      self.positions = positions
      self.orders = orders
    }
  }

  /// Nil where positions and orders were read, and the wallet could not be: closing needs none.
  public var wallet: Wallet?
  /// Why `wallet` is nil.
  public var walletTrouble: VenueError?
  /// Open positions only, every USDT perpetual of the account.
  public var positions: [Position]
  /// Open orders only, conditional and protective ones included.
  public var orders: [Order]
  /// Contracts of the account that are no USDT perpetuals: other quotes, and such as end on a date.
  /// They are not sized, protected or counted; what flattens the whole account closes them, too.
  public var foreign: Foreign
  /// When the first request of the reading left: what happened after it may be missing.
  public var startedAt: Timestamp
  public var time: Timestamp

  public init(
    wallet: Wallet?, walletTrouble: VenueError? = nil, positions: [Position], orders: [Order],
    foreign: Foreign = Foreign(), startedAt: Timestamp, time: Timestamp
  ) {
    self.wallet = wallet
    self.walletTrouble = walletTrouble
    self.positions = positions
    self.orders = orders
    self.foreign = foreign
    self.startedAt = startedAt
    self.time = time
  }
}

/// What a private stream tells.
public enum AccountEvent: Sendable, Hashable {
  case order(Order)
  case fill(Fill)
  /// The new state of a slot; nil is flat. With the venue's time of it, for it may be told twice and
  /// late.
  case position(PositionKey, Position?, at: Timestamp)
  case wallet(Wallet)
  /// Money moved in (positive) or out: a sign that the transfers are to be read.
  case transfer(Notional, at: Timestamp)
}

/// A value that was read, or is not known and since when. Unknown is never zero.
public enum Reading<Value: Sendable & Hashable>: Sendable, Hashable {
  case known(Value, at: Timestamp)
  case unknown(since: Timestamp, why: String)

  public var value: Value? {
    if case .known(let value, _) = self { value } else { nil }
  }
}

/// The figures by which a UTC day is judged.
public struct DayBaseline: Sendable, Hashable, Codable {
  public var day: UTCDay
  /// Account equity at 00:00 UTC, moved by deposits and withdrawals since, in USDT.
  public var equity: Notional
  /// What came in (positive) or went out since it was taken: in `equity` already.
  public var transferred: Notional
  /// The transfers that make it up, so that each counts once, over restarts too. Fewer than
  /// `transferred` says where a baseline was written down before they were kept.
  public var transfers: [Transfer]
  /// When it was taken.
  public var takenAt: Timestamp
  /// The bot was not running at midnight: it is the first equity seen.
  public var isLate: Bool
  /// The day's stop has fired, and its target: each does once a day, restarts and unlocks or not.
  public var hasStopped: Bool
  public var hasReachedTarget: Bool

  public init(
    day: UTCDay, equity: Notional, transferred: Notional = .zero, transfers: [Transfer] = [],
    takenAt: Timestamp, isLate: Bool, hasStopped: Bool = false, hasReachedTarget: Bool = false
  ) {
    self.day = day
    self.equity = equity
    self.transferred = transferred
    self.transfers = transfers
    self.takenAt = takenAt
    self.isLate = isLate
    self.hasStopped = hasStopped
    self.hasReachedTarget = hasReachedTarget
  }
}
