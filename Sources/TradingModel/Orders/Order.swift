/// When a limit order rests and when it goes.
public enum TimeInForce: String, Sendable, Hashable, Codable {
  case goodTillCancelled, immediateOrCancel, fillOrKill, postOnly
}

/// Market, or limit at a price.
public enum OrderKind: Sendable, Hashable, Codable {
  case market
  case limit(Price, TimeInForce)
}

/// What moves a stop: the last trade, the mark price, or (on Bybit alone) the price of the index.
public enum TriggerSource: String, Sendable, Hashable, Codable, CaseIterable {
  case last, mark, index
}

/// An order as it is sent to a venue.
public struct OrderRequest: Sendable, Hashable, Codable {
  public var id: ClientOrderID
  public var symbol: Symbol
  public var slot: PositionSlot
  public var side: Side
  public var quantity: Quantity
  public var kind: OrderKind
  public var reduceOnly: Bool
  /// Attached to an entry: they rest on the venue as soon as it fills, for the whole position.
  public var stop: Price?
  public var target: Price?
  /// Which price moves `stop` and `target`.
  public var trigger: TriggerSource

  public init(
    id: ClientOrderID, symbol: Symbol, slot: PositionSlot = .oneWay, side: Side,
    quantity: Quantity, kind: OrderKind = .market, reduceOnly: Bool = false, stop: Price? = nil,
    target: Price? = nil, trigger: TriggerSource = .last
  ) {
    self.id = id
    self.symbol = symbol
    self.slot = slot
    self.side = side
    self.quantity = quantity
    self.kind = kind
    self.reduceOnly = reduceOnly
    self.stop = stop
    self.target = target
    self.trigger = trigger
  }
}

/// An order as the venue reports it.
public struct Order: Sendable, Hashable, Codable {
  public enum Status: String, Sendable, Hashable, Codable {
    /// Conditional, waiting for its trigger.
    case untriggered
    case new, partiallyFilled, filled, cancelled, rejected, expired

    public var isOpen: Bool {
      switch self {
      case .untriggered, .new, .partiallyFilled: true
      case .filled, .cancelled, .rejected, .expired: false
      }
    }
  }

  /// Why the venue made it.
  public enum Role: String, Sendable, Hashable, Codable {
    /// Placed by us or by hand.
    case placed
    /// The venue's own child of a position or an entry.
    case stop, target, trailing
    /// The venue closed the position by force: liquidation, takeover or auto-deleveraging.
    case liquidation
  }

  /// Empty when the venue made the order itself.
  public var id: ClientOrderID
  public var venueID: String
  public var symbol: Symbol
  public var slot: PositionSlot
  public var side: Side
  public var quantity: Quantity
  public var filled: Quantity
  /// Nil while unfilled.
  public var averagePrice: Price?
  public var kind: OrderKind
  public var reduceOnly: Bool
  public var triggerPrice: Price?
  public var role: Role
  public var status: Status
  /// The venue's words for a rejection or a cancellation; empty when there are none.
  public var reason: String
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    id: ClientOrderID, venueID: String, symbol: Symbol, slot: PositionSlot = .oneWay, side: Side,
    quantity: Quantity, filled: Quantity = .zero, averagePrice: Price? = nil, kind: OrderKind,
    reduceOnly: Bool = false, triggerPrice: Price? = nil, role: Role = .placed, status: Status,
    reason: String = "", createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.venueID = venueID
    self.symbol = symbol
    self.slot = slot
    self.side = side
    self.quantity = quantity
    self.filled = filled
    self.averagePrice = averagePrice
    self.kind = kind
    self.reduceOnly = reduceOnly
    self.triggerPrice = triggerPrice
    self.role = role
    self.status = status
    self.reason = reason
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Guards a position: a stop, a target or a trailing stop, resting on the venue.
  public var isProtective: Bool {
    switch role {
    case .placed: reduceOnly && triggerPrice != nil
    case .stop, .target, .trailing: true
    case .liquidation: false
    }
  }

  /// Could open a position or make one larger.
  public var mayOpen: Bool {
    guard role == .placed, !reduceOnly else { return false }
    switch slot {
    case .oneWay: return true
    case .hedgeLong: return side == .buy
    case .hedgeShort: return side == .sell
    }
  }

  /// Names it on the venue.
  public var reference: OrderReference {
    OrderReference(symbol: symbol, id: id.text.isEmpty ? nil : id, venueID: venueID)
  }
}

/// One execution. Keyed by `executionID`: it may be told twice.
public struct Fill: Sendable, Hashable, Codable {
  public var executionID: String
  public var orderID: ClientOrderID
  public var venueOrderID: String
  public var symbol: Symbol
  /// One-way also where the venue does not say: Bybit's executions never do.
  public var slot: PositionSlot
  public var side: Side
  public var price: Price
  public var quantity: Quantity
  /// Paid is positive, a rebate negative, in USDT.
  public var fee: Notional
  public var isMaker: Bool
  /// How much of it closed a position.
  public var closedQuantity: Quantity
  /// The kind of order that filled, so that a stop can be told from a close by hand.
  public var role: Order.Role
  public var time: Timestamp

  public init(
    executionID: String, orderID: ClientOrderID, venueOrderID: String, symbol: Symbol,
    slot: PositionSlot = .oneWay, side: Side, price: Price, quantity: Quantity, fee: Notional,
    isMaker: Bool = false, closedQuantity: Quantity = .zero, role: Order.Role = .placed,
    time: Timestamp
  ) {
    self.executionID = executionID
    self.orderID = orderID
    self.venueOrderID = venueOrderID
    self.symbol = symbol
    self.slot = slot
    self.side = side
    self.price = price
    self.quantity = quantity
    self.fee = fee
    self.isMaker = isMaker
    self.closedQuantity = closedQuantity
    self.role = role
    self.time = time
  }
}
