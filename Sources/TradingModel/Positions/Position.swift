/// An open position as the venue reports it.
public struct Position: Sendable, Hashable, Codable {
  public var key: PositionKey
  public var side: PositionSide
  /// Above zero: a flat slot is no position.
  public var quantity: Quantity
  public var entryPrice: Price
  public var markPrice: Price?
  /// Nil when the venue names none.
  public var liquidationPrice: Price?
  /// Nil when it is not known.
  public var leverage: Ratio?
  public var unrealised: Notional?
  /// Initial and maintenance margin in USDT; nil when the venue does not say.
  public var initialMargin: Notional?
  public var maintenanceMargin: Notional?
  /// The stop and the target that rest on the venue for the whole position.
  public var stop: Price?
  public var target: Price?
  public var createdAt: Timestamp?
  public var updatedAt: Timestamp

  public init(
    key: PositionKey, side: PositionSide, quantity: Quantity, entryPrice: Price,
    markPrice: Price? = nil, liquidationPrice: Price? = nil, leverage: Ratio? = nil,
    unrealised: Notional? = nil, initialMargin: Notional? = nil,
    maintenanceMargin: Notional? = nil, stop: Price? = nil, target: Price? = nil,
    createdAt: Timestamp? = nil, updatedAt: Timestamp
  ) {
    self.key = key
    self.side = side
    self.quantity = quantity
    self.entryPrice = entryPrice
    self.markPrice = markPrice
    self.liquidationPrice = liquidationPrice
    self.leverage = leverage
    self.unrealised = unrealised
    self.initialMargin = initialMargin
    self.maintenanceMargin = maintenanceMargin
    self.stop = stop
    self.target = target
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  public var symbol: Symbol { key.symbol }

  /// Profit (positive) or loss at `price`, before fees.
  public func profit(at price: Price) -> Notional {
    let now = price * quantity
    let then = entryPrice * quantity
    return side == .long ? now - then : then - now
  }

  /// Size at the mark price, or at the entry price while no mark is known.
  public var notional: Notional { (markPrice ?? entryPrice) * quantity }
}

/// Stop and target for a whole position, set on the venue. Nil leaves that leg as it is.
public struct ProtectionChange: Sendable, Hashable, Codable {
  public var key: PositionKey
  public var side: PositionSide
  public var stop: Price?
  public var target: Price?
  public var trigger: TriggerSource

  public init(
    key: PositionKey, side: PositionSide, stop: Price?, target: Price?,
    trigger: TriggerSource = .last
  ) {
    self.key = key
    self.side = side
    self.stop = stop
    self.target = target
    self.trigger = trigger
  }
}

/// What of a round trip is still under way: from this a restart goes on exactly.
public struct OpenPart: Sendable, Hashable, Codable {
  /// Still held.
  public var quantity: Quantity
  /// What that cost to enter, in USDT before fees.
  public var cost: Notional
  /// What was entered and left in all: with entries after exits, entered is more than was ever held.
  public var entered: Quantity
  public var exited: Quantity

  public init(quantity: Quantity, cost: Notional, entered: Quantity, exited: Quantity) {
    self.quantity = quantity
    self.cost = cost
    self.entered = entered
    self.exited = exited
  }
}

/// One round trip, open or closed, kept from executions.
public struct RoundTrip: Sendable, Hashable, Codable {
  /// The client order id of the first entry, or the venue's order id for positions found.
  public var id: String
  public var key: PositionKey
  public var side: PositionSide
  public var owner: Owner
  public var signal: SignalID?
  public var openedAt: Timestamp
  public var closedAt: Timestamp?
  /// The largest size held.
  public var quantity: Quantity
  public var averageEntry: Price
  public var averageExit: Price?
  /// Price result of what is closed, before fees and funding.
  public var realised: Notional
  public var fees: Notional
  /// What the venue booked for holding it: paid is positive.
  public var funding: Notional
  public var entries: Int
  public var exits: Int
  public var reasonIn: String
  public var reasonOut: String
  /// Nil once it is closed, and where it was written down before this was kept.
  public var open: OpenPart?

  public init(
    id: String, key: PositionKey, side: PositionSide, owner: Owner, signal: SignalID? = nil,
    openedAt: Timestamp, closedAt: Timestamp? = nil, quantity: Quantity, averageEntry: Price,
    averageExit: Price? = nil, realised: Notional = .zero, fees: Notional = .zero,
    funding: Notional = .zero, entries: Int = 0, exits: Int = 0, reasonIn: String = "",
    reasonOut: String = "", open: OpenPart? = nil
  ) {
    self.id = id
    self.key = key
    self.side = side
    self.owner = owner
    self.signal = signal
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.quantity = quantity
    self.averageEntry = averageEntry
    self.averageExit = averageExit
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.entries = entries
    self.exits = exits
    self.reasonIn = reasonIn
    self.reasonOut = reasonOut
    self.open = open
  }

  /// What it earned, fees and funding inside, in USDT.
  public var net: Notional { realised - fees - funding }

  /// The reason of an exit that the venue forced.
  public static let liquidated = "liquidated by the venue"

  /// The venue's own liquidation ended it.
  public var isLiquidated: Bool { reasonOut == Self.liquidated }
}
