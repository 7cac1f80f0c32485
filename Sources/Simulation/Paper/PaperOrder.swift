import TradingModel

/// An order as the venue holds it. The words of its states are Bybit's.
///
/// Source: Bybit V5 `GET /v5/order/realtime` and the enums of `orderStatus`, `createType`,
/// `cancelType`, `rejectReason` and `stopOrderType`.
public struct PaperOrder: Sendable, Hashable, Codable {
  public enum Status: String, Sendable, Hashable, Codable {
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
  public enum Origin: String, Sendable, Hashable, Codable {
    case user = "CreateByUser"
    case stopOrder = "CreateByStopOrder"
    case stopLoss = "CreateByStopLoss"
    case takeProfit = "CreateByTakeProfit"
    case partialStopLoss = "CreateByPartialStopLoss"
    case partialTakeProfit = "CreateByPartialTakeProfit"
    case trailingStop = "CreateByTrailingStop"
    case liquidation = "CreateByLiq"
  }

  /// `cancelType`.
  public enum CancelKind: String, Sendable, Hashable, Codable {
    case none = "UNKNOWN"
    case user = "CancelByUser"
    case reduceOnly = "CancelByReduceOnly"
    case beforeLiquidation = "CancelAllBeforeLiq"
    case positionClosed = "CancelByTpSlTsClear"
  }

  /// `rejectReason`.
  public enum RejectReason: String, Sendable, Hashable, Codable {
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
  public enum StopKind: String, Sendable, Hashable, Codable {
    case none = ""
    case conditional = "Stop"
    case stopLoss = "StopLoss"
    case takeProfit = "TakeProfit"
    case partialStopLoss = "PartialStopLoss"
    case partialTakeProfit = "PartialTakeProfit"
    case trailingStop = "TrailingStop"

    /// A child of a position, made by the venue.
    public var isChild: Bool { self != .none && self != .conditional }
    /// It guards a part of a position, and stays what it is when the position grows.
    public var isPartial: Bool { self == .partialStopLoss || self == .partialTakeProfit }
  }

  /// In the form of a UUID.
  public let id: String
  /// The same as a number: it rises with every order of the account.
  public let number: UInt64
  public let link: ClientOrderID?
  public let symbol: Symbol
  public let slot: PositionSlot
  public let side: Side
  public internal(set) var quantity: Quantity
  public internal(set) var kind: OrderKind
  public let reduceOnly: Bool
  public let closeOnTrigger: Bool
  /// It closes whatever the slot holds when it goes off: its quantity is zero until then.
  public let closesPosition: Bool
  public internal(set) var trigger: PaperTrigger?
  public internal(set) var trailing: PaperTrailing?
  /// When its trigger was reached.
  public internal(set) var triggeredAt: Timestamp?
  public internal(set) var stop: Price?
  public internal(set) var target: Price?
  public let stopSource: TriggerSource
  public let targetSource: TriggerSource
  /// Whether its stop and target guard the whole position or what it fills, and, for the latter, the
  /// limits they are placed at.
  public let protection: PaperProtectionMode
  public let stopLimit: Price?
  public let targetLimit: Price?
  /// The other leg of a partial stop and target: when one goes off, the other ends.
  public internal(set) var sibling: String?

  public let origin: Origin
  public let stopKind: StopKind
  public internal(set) var status: Status
  public internal(set) var cancelKind: CancelKind = .none
  public internal(set) var rejectReason: RejectReason = .none
  /// `cumExecQty`, `cumExecValue`, `cumExecFee`.
  public internal(set) var filled: Quantity = .zero
  public internal(set) var filledValue: Notional = .zero
  public internal(set) var fees: Notional = .zero
  /// What stood before it at its price when it came to rest, less what traded there since; nil where
  /// no book was told.
  public internal(set) var queueAhead: Quantity?
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
  public var isReducing: Bool {
    reduceOnly || closeOnTrigger || closesPosition || slot.isClosed(by: side)
  }

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
    _ request: PaperOrderRequest, number: UInt64, id: String, origin: Origin,
    stopKind: StopKind = .none,
    lastPrice: Price?, at time: Timestamp
  ) {
    self.id = id
    self.number = number
    link = request.link
    symbol = request.symbol
    slot = request.slot
    side = request.side
    quantity = request.quantity
    kind = request.kind
    reduceOnly = request.reduceOnly
    closeOnTrigger = request.closeOnTrigger
    closesPosition = request.closesPosition
    trigger = request.trigger
    trailing = request.trailing
    stop = request.stop
    target = request.target
    stopSource = request.stopSource
    targetSource = request.targetSource
    protection = request.protection
    stopLimit = request.stopLimit
    targetLimit = request.targetLimit
    self.origin = origin
    self.stopKind = stopKind
    status = request.isConditional ? .untriggered : .new
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
