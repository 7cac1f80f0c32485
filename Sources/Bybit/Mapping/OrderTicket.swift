import TradingModel

/// An order with everything that Bybit takes beyond the model's request.
///
/// Source: https://bybit-exchange.github.io/docs/v5/order/create-order
public struct OrderTicket: Sendable, Hashable {
  public var order: OrderRequest
  /// Waits for this before it goes to the book; nil for at once.
  public var trigger: OrderTrigger?
  /// When triggered, other orders of the position give way so that it always closes.
  public var closesOnTrigger: Bool
  /// How the stop and the target of `order` work.
  public var exits: AttachedExits
  public var selfMatch: SelfMatch?
  /// How far a market order may go from the price that it met.
  public var slippage: Slippage?

  /// - Parameter exits: Nil for one pair for the whole position, moved by the price `order` names.
  public init(
    _ order: OrderRequest, trigger: OrderTrigger? = nil, closesOnTrigger: Bool = false,
    exits: AttachedExits? = nil, selfMatch: SelfMatch? = nil,
    slippage: Slippage? = nil
  ) {
    self.order = order
    self.trigger = trigger
    self.closesOnTrigger = closesOnTrigger
    let source = BybitTrigger(order.trigger)
    self.exits = exits ?? AttachedExits(stopSource: source, targetSource: source)
    self.selfMatch = selfMatch
    self.slippage = slippage
  }

  /// What happens when an order would meet one of our own.
  public enum SelfMatch: String, Sendable, Hashable {
    case cancelMaker = "CancelMaker"
    case cancelTaker = "CancelTaker"
    case cancelBoth = "CancelBoth"
  }

  public enum Slippage: Sendable, Hashable {
    /// 1 to 10,000 ticks.
    case ticks(Int)
    /// 0.0001 to 0.1: 0.01 to 10 percent, in hundredths of a percent.
    case share(Ratio)
  }
}

/// What a conditional order waits for.
public struct OrderTrigger: Sendable, Hashable {
  public enum Direction: Int, Sendable, Hashable {
    case rises = 1
    case falls = 2
  }

  public var price: Price
  public var direction: Direction
  public var source: BybitTrigger

  public init(_ price: Price, _ direction: Direction, by source: BybitTrigger = .last) {
    self.price = price
    self.direction = direction
    self.source = source
  }
}

/// Which price moves a trigger.
public enum BybitTrigger: String, Sendable, Hashable {
  case last = "LastPrice"
  case mark = "MarkPrice"
  case index = "IndexPrice"

  init(_ source: TriggerSource) {
    switch source {
    case .last: self = .last
    case .mark: self = .mark
    case .index: self = .index
    }
  }
}

/// How stop and target of an order work once it fills.
public struct AttachedExits: Sendable, Hashable {
  public enum Scope: Sendable, Hashable {
    /// One pair for the whole position, at market.
    case full
    /// A pair of its own for what this order fills; limit prices where they are given.
    case partial(stopLimit: Price? = nil, targetLimit: Price? = nil)
  }

  public var scope: Scope
  public var stopSource: BybitTrigger
  public var targetSource: BybitTrigger

  public init(
    _ scope: Scope = .full, stopSource: BybitTrigger = .last, targetSource: BybitTrigger = .last
  ) {
    self.scope = scope
    self.stopSource = stopSource
    self.targetSource = targetSource
  }
}

/// A change of an open order; nil leaves things as they are.
public struct OrderChange: Sendable, Hashable {
  /// A level that is set or taken away.
  public enum Level: Sendable, Hashable {
    case set(Price)
    case remove

    var text: String {
      switch self {
      case .set(let price): price.description
      case .remove: "0"
      }
    }
  }

  public var order: OrderReference
  /// The new total, above what is filled.
  public var quantity: Quantity?
  public var price: Price?
  public var triggerPrice: Price?
  public var stop: Level?
  public var target: Level?

  public init(
    _ order: OrderReference, quantity: Quantity? = nil, price: Price? = nil,
    triggerPrice: Price? = nil, stop: Level? = nil, target: Level? = nil
  ) {
    self.order = order
    self.quantity = quantity
    self.price = price
    self.triggerPrice = triggerPrice
    self.stop = stop
    self.target = target
  }
}
