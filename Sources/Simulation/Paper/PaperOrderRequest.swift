import TradingModel

/// An order as a client asks for it.
public struct PaperOrderRequest: Sendable, Hashable {
  /// The client's id (Bybit: `orderLinkId`); nil when it gives none, as orders by hand do.
  public var link: ClientOrderID?
  public var symbol: Symbol
  public var slot: PositionSlot
  public var side: Side
  /// Zero together with `reduceOnly` and `closeOnTrigger` means the whole position.
  public var quantity: Quantity
  public var kind: OrderKind
  public var reduceOnly: Bool
  public var closeOnTrigger: Bool
  /// Closes whatever the slot holds when it goes off (Binance: `closePosition`). It is conditional,
  /// its quantity zero, and it ends with the position.
  public var closesPosition: Bool
  /// Makes it a conditional order; so does `trailing`, in its place.
  public var trigger: PaperTrigger?
  public var trailing: PaperTrailing?
  /// Set as soon as the order fills: on the whole position, or with `protection` partial on what has
  /// filled.
  public var stop: Price?
  public var target: Price?
  public var stopSource: TriggerSource
  public var targetSource: TriggerSource
  public var protection: PaperProtectionMode
  /// Partial legs may be limit orders once they go off; nil is at market.
  public var stopLimit: Price?
  public var targetLimit: Price?

  public init(
    link: ClientOrderID? = nil, symbol: Symbol, slot: PositionSlot = .oneWay, side: Side,
    quantity: Quantity, kind: OrderKind = .market, reduceOnly: Bool = false,
    closeOnTrigger: Bool = false, trigger: PaperTrigger? = nil, stop: Price? = nil,
    target: Price? = nil, stopSource: TriggerSource = .last, targetSource: TriggerSource = .last,
    protection: PaperProtectionMode = .full, stopLimit: Price? = nil, targetLimit: Price? = nil,
    closesPosition: Bool = false, trailing: PaperTrailing? = nil
  ) {
    self.link = link
    self.symbol = symbol
    self.slot = slot
    self.side = side
    self.quantity = quantity
    self.kind = kind
    self.reduceOnly = reduceOnly
    self.closeOnTrigger = closeOnTrigger
    self.trigger = trigger
    self.stop = stop
    self.target = target
    self.stopSource = stopSource
    self.targetSource = targetSource
    self.protection = protection
    self.stopLimit = stopLimit
    self.targetLimit = targetLimit
    self.closesPosition = closesPosition
    self.trailing = trailing
  }

  /// An order of the bot.
  public init(_ order: OrderRequest) {
    self.init(
      link: order.id, symbol: order.symbol, slot: order.slot, side: order.side,
      quantity: order.quantity, kind: order.kind, reduceOnly: order.reduceOnly,
      stop: order.stop, target: order.target, stopSource: order.trigger,
      targetSource: order.trigger)
  }

  var limitPrice: Price? {
    if case .limit(let price, _) = kind { price } else { nil }
  }

  var isReducing: Bool {
    reduceOnly || closeOnTrigger || closesPosition || slot.isClosed(by: side)
  }

  /// It waits for the market before it does anything.
  public var isConditional: Bool { trigger != nil || trailing != nil }
}

/// How much of a position a stop and a target guard. Bybit: `tpslMode`.
public enum PaperProtectionMode: String, Sendable, Hashable, Codable {
  /// One stop and one target for the whole position, whatever its size becomes.
  case full = "Full"
  /// Pairs of their own size; there may be several.
  case partial = "Partial"
}

/// What sets a conditional order off.
public struct PaperTrigger: Sendable, Hashable, Codable {
  /// Bybit's `triggerDirection`: 1 is rising, 2 is falling.
  public enum Direction: Int, Sendable, Hashable, Codable {
    case rising = 1
    case falling = 2
  }

  public var price: Price
  public var direction: Direction
  public var source: TriggerSource

  public init(price: Price, direction: Direction, source: TriggerSource = .last) {
    self.price = price
    self.direction = direction
    self.source = source
  }

  /// The trigger of a stop or a target of a position.
  init(closing side: PositionSide, isStop: Bool, at price: Price, source: TriggerSource) {
    self.init(
      price: price, direction: (side == .long) == isStop ? .falling : .rising, source: source)
  }

  func isReached(at price: Price) -> Bool {
    direction == .rising ? price >= self.price : price <= self.price
  }
}

extension PositionSlot {
  /// In hedge mode an order against the side of its slot can only close.
  func isClosed(by side: Side) -> Bool {
    switch self {
    case .oneWay: false
    case .hedgeLong: side == .sell
    case .hedgeShort: side == .buy
    }
  }
}
