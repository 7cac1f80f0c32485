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
  /// Makes it a conditional order.
  public var trigger: PaperTrigger?
  /// Set on the whole position as soon as the order fills.
  public var stop: Price?
  public var target: Price?
  public var stopSource: TriggerSource
  public var targetSource: TriggerSource

  public init(
    link: ClientOrderID? = nil, symbol: Symbol, slot: PositionSlot = .oneWay, side: Side,
    quantity: Quantity, kind: OrderKind = .market, reduceOnly: Bool = false,
    closeOnTrigger: Bool = false, trigger: PaperTrigger? = nil, stop: Price? = nil,
    target: Price? = nil, stopSource: TriggerSource = .last, targetSource: TriggerSource = .last
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
  }

  /// An order of the bot.
  public init(_ order: OrderRequest) {
    self.init(
      link: order.id, symbol: order.symbol, slot: order.slot, side: order.side,
      quantity: order.quantity, kind: order.kind, reduceOnly: order.reduceOnly,
      stop: order.stop, target: order.target)
  }

  var limitPrice: Price? {
    if case .limit(let price, _) = kind { price } else { nil }
  }

  var isReducing: Bool {
    reduceOnly || closeOnTrigger || slot.isClosed(by: side)
  }
}

/// What sets a conditional order off.
public struct PaperTrigger: Sendable, Hashable {
  /// Bybit's `triggerDirection`: 1 is rising, 2 is falling.
  public enum Direction: Int, Sendable, Hashable {
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
