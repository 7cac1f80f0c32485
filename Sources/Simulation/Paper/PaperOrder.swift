import TradingModel

/// An order as the venue holds it. The words of its states are Bybit's.
///
/// Source: Bybit V5 `GET /v5/order/realtime` and the enums of `orderStatus`, `createType`,
/// `cancelType`, `rejectReason` and `stopOrderType`.
public struct PaperOrder: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable {
    case untriggered = "Untriggered"
    case new = "New"
    case partiallyFilled = "PartiallyFilled"
    case filled = "Filled"
    case cancelled = "Cancelled"
    /// A conditional order that was cancelled before its trigger.
    case deactivated = "Deactivated"

    public var isOpen: Bool { self == .untriggered || self == .new || self == .partiallyFilled }
  }

  /// `createType`: who made it.
  public enum Origin: String, Sendable, Hashable {
    case user = "CreateByUser"
    case stopOrder = "CreateByStopOrder"
    case stopLoss = "CreateByStopLoss"
    case takeProfit = "CreateByTakeProfit"
    case liquidation = "CreateByLiq"
  }

  /// `cancelType`.
  public enum CancelKind: String, Sendable, Hashable {
    case none = "UNKNOWN"
    case user = "CancelByUser"
    case reduceOnly = "CancelByReduceOnly"
    case beforeLiquidation = "CancelAllBeforeLiq"
    case positionClosed = "CancelByTpSlTsClear"
  }

  /// `rejectReason`.
  public enum RejectReason: String, Sendable, Hashable {
    case none = "EC_NoError"
    case postOnlyWouldTake = "EC_PostOnlyWillTakeLiquidity"
    case noImmediateQuantity = "EC_NoImmediateQtyToFill"
    case noFullFill = "EC_CancelForNoFullFill"
    case cancelRequest = "EC_PerCancelRequest"
    case priceUnknown = "EC_ReachMarketPriceLimit"
    case riskLimit = "EC_ReachRiskPriceLimit"
    case others = "EC_Others"
  }

  /// `stopOrderType`.
  public enum StopKind: String, Sendable, Hashable {
    case none = ""
    case conditional = "Stop"
    case stopLoss = "StopLoss"
    case takeProfit = "TakeProfit"

    /// A child of a position, made by the venue.
    public var isChild: Bool { self == .stopLoss || self == .takeProfit }
  }

  public let id: String
  public let link: ClientOrderID?
  public let symbol: Symbol
  public let slot: PositionSlot
  public let side: Side
  public internal(set) var quantity: Quantity
  public internal(set) var kind: OrderKind
  public let reduceOnly: Bool
  public let closeOnTrigger: Bool
  public internal(set) var trigger: PaperTrigger?
  public internal(set) var stop: Price?
  public internal(set) var target: Price?
  public let stopSource: TriggerSource
  public let targetSource: TriggerSource

  public let origin: Origin
  public let stopKind: StopKind
  public internal(set) var status: Status
  public internal(set) var cancelKind: CancelKind = .none
  public internal(set) var rejectReason: RejectReason = .none
  /// `cumExecQty`, `cumExecValue`, `cumExecFee`.
  public internal(set) var filled: Quantity = .zero
  public internal(set) var filledValue: Notional = .zero
  public internal(set) var fees: Notional = .zero
  /// `lastPriceOnCreated`; nil when the market was unknown.
  public let lastPriceOnCreation: Price?
  public let createdAt: Timestamp
  public internal(set) var updatedAt: Timestamp

  /// `avgPrice`; nil while unfilled.
  public var averagePrice: Price? {
    do { return try filledValue.price(per: filled) } catch { return nil }
  }

  /// `leavesQty`: zero once the order has ended.
  public var leaves: Quantity { status.isOpen ? unfilled : .zero }

  /// A conditional order that still waits.
  public var isWaiting: Bool { status == .untriggered }

  /// It can only make a position smaller.
  public var isReducing: Bool { reduceOnly || closeOnTrigger || slot.isClosed(by: side) }

  var key: PositionKey { PositionKey(symbol, slot) }
  var unfilled: Quantity { Quantity(uncheckedCount: quantity.wideCount - filled.wideCount) }

  public var limitPrice: Price? {
    if case .limit(let price, _) = kind { price } else { nil }
  }

  /// `timeInForce`; a market order takes what is there and goes.
  public var timeInForce: TimeInForce {
    if case .limit(_, let timeInForce) = kind { timeInForce } else { .immediateOrCancel }
  }

  init(
    _ request: PaperOrderRequest, id: String, origin: Origin, stopKind: StopKind = .none,
    lastPrice: Price?, at time: Timestamp
  ) {
    self.id = id
    link = request.link
    symbol = request.symbol
    slot = request.slot
    side = request.side
    quantity = request.quantity
    kind = request.kind
    reduceOnly = request.reduceOnly
    closeOnTrigger = request.closeOnTrigger
    trigger = request.trigger
    stop = request.stop
    target = request.target
    stopSource = request.stopSource
    targetSource = request.targetSource
    self.origin = origin
    self.stopKind = stopKind
    status = request.trigger == nil ? .new : .untriggered
    lastPriceOnCreation = lastPrice
    createdAt = time
    updatedAt = time
  }

  mutating func end(
    _ kind: CancelKind, _ reason: RejectReason = .none, at time: Timestamp
  ) {
    status = isWaiting ? .deactivated : .cancelled
    cancelKind = kind
    rejectReason = reason
    updatedAt = time
  }
}
