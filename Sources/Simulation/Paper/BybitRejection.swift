import TradingModel

/// The venue's refusals: Bybit's codes with its words.
///
/// Source: Bybit V5 error codes, and texts seen in captures. Numbers inside texts are scaled as the
/// venue scales them: prices by 10⁴, quantities by 10⁸, leverage by 10².
extension Rejection {
  static let unknownSymbol = Rejection(
    code: 10001, reason: "params error: symbol invalid", meaning: .unknownSymbol)
  static let notTrading = Rejection(
    code: 110074, reason: "This contract is not live", meaning: .notTrading)
  static let badQuantity = Rejection(code: 10001, reason: "Qty invalid", meaning: .badQuantity)
  static let quantityTooSmall = Rejection(
    code: 10001, reason: "The number of contracts exceeds minimum limit allowed",
    meaning: .badQuantity)
  static let badLink = Rejection(
    code: 10001, reason: "params error: OrderLinkId invalid", meaning: .other)
  static let missingID = Rejection(
    code: 10001, reason: "params error: OrderId or orderLinkId is required", meaning: .other)
  static let protectionOnReduceOnly = Rejection(
    code: 10001, reason: "params error: TP/SL not allowed on reduce-only order", meaning: .other)
  static let wrongSlot = Rejection(
    code: 10001, reason: "position idx not match position mode", meaning: .wrongPositionMode)
  static let priceOutOfRange = Rejection(
    code: 110003, reason: "Order price is out of permissible range", meaning: .badPrice)
  static let priceOffTick = Rejection(
    code: 110003, reason: "price is invalid", meaning: .badPrice)
  static let duplicateLink = Rejection(
    code: 110072, reason: "OrderLinkedID is duplicate", meaning: .duplicateID)
  static let reduceOnlyFlat = Rejection(
    code: 110017, reason: "current position is zero, cannot fix reduce-only order qty",
    meaning: .reduceOnlyRefused)
  static let reduceOnlySameSide = Rejection(
    code: 110017, reason: "reduce-only order has same side with current position",
    meaning: .reduceOnlyRefused)
  static let insufficientBalance = Rejection(
    code: 110007, reason: "ab not enough for new order", meaning: .insufficientBalance)
  static let marketUnknown = Rejection(
    code: 110118, reason: "Market price is not available", meaning: .other)
  static let tooManyOrders = Rejection(
    code: 110020, reason: "Not allowed to have more than 500 active orders",
    meaning: .tooManyOrders)
  static let tooManyStops = Rejection(
    code: 110009, reason: "The number of stop orders exceeds the maximum allowable limit",
    meaning: .tooManyOrders)
  static let positionLimit = Rejection(
    code: 110090, reason: "Your position after this order would exceed the maximum position limit",
    meaning: .positionLimit)
  static let orderGoneToCancel = Rejection(
    code: 110001, reason: "order not exists or too late to cancel", meaning: .orderNotFound)
  static let orderGoneToReplace = Rejection(
    code: 110001, reason: "order not exists or too late to replace", meaning: .orderNotFound)
  static let notAboveFilled = Rejection(
    code: 110064, reason: "The new order quantity should be larger than the filled quantity",
    meaning: .badQuantity)
  static let leverageUnchanged = Rejection(
    code: 110043, reason: "leverage not modified", meaning: .notModified)
  static let badLeverage = Rejection(
    code: 10001, reason: "params error: leverage invalid", meaning: .leverage)
  static let stopUnchanged = Rejection(
    code: 34040, reason: "not modified", meaning: .notModified)
  static let stopOnFlat = Rejection(
    code: 10001, reason: "can not set tp/sl/ts for zero position", meaning: .reduceOnlyRefused)
  static let positionModeUnchanged = Rejection(
    code: 110025, reason: "Position mode is not modified", meaning: .notModified)
  static let positionModeBlockedByPosition = Rejection(
    code: 110024, reason: "You have an existing position, so position mode cannot be switched",
    meaning: .wrongPositionMode)
  static let positionModeBlockedByOrders = Rejection(
    code: 110028, reason: "You have existing open orders, so position mode cannot be switched",
    meaning: .wrongPositionMode)
  static let marginModeUnchanged = Rejection(
    code: 110026, reason: "Cross/isolated margin mode is not modified", meaning: .notModified)
  static let marginModeBlocked = Rejection(
    code: 3_400_045, reason: "Set margin mode failed", meaning: .marginModeBlocked)
  static let transferTooLarge = Rejection(
    code: 110004, reason: "Wallet balance is insufficient", meaning: .insufficientBalance)
  static let badTransfer = Rejection(
    code: 10001, reason: "params error: amount invalid", meaning: .other)

  static func quantityTooLarge(_ quantity: Quantity, maximum: Quantity) -> Rejection {
    Rejection(
      code: 10001,
      reason: "The number of contracts exceeds maximum limit allowed: too large, "
        + "order_qty:\(quantity.count) > max_qty:\(maximum.count)",
      meaning: .badQuantity)
  }

  static func belowMinimumValue(_ minimum: Notional) -> Rejection {
    Rejection(
      code: 110094, reason: "Order does not meet minimum order value \(minimum)USDT",
      meaning: .notionalTooSmall)
  }

  static func triggerPassed(_ trigger: PaperTrigger, current: Price) -> Rejection {
    let isRising = trigger.direction == .rising
    let source = trigger.source == .last ? "LastPrice" : "MarkPrice"
    return Rejection(
      code: isRising ? 110092 : 110093,
      reason: "expect \(isRising ? "Rising" : "Falling"), but trigger_price["
        + "\(trigger.price.count / 10_000)] \(isRising ? "<=" : ">=") current["
        + "\(current.count / 10_000)]??\(source)",
      meaning: .triggerPassed)
  }

  /// A stop or target on the wrong side of the market.
  static func protectionPassed(
    _ price: Price, isStop: Bool, side: PositionSide, base: Price
  ) -> Rejection {
    let relation = (side == .long) == isStop ? "lower" : "higher"
    return Rejection(
      code: 10001,
      reason: "\(isStop ? "StopLoss" : "TakeProfit"):\(price.count / 10_000) set for "
        + "\(side == .long ? "Buy" : "Sell") position should be \(relation) than base_price:"
        + "\(base.count / 10_000)??LastPrice",
      meaning: .triggerPassed)
  }

  static func leverageTooHigh(_ leverage: Ratio, maximum: Ratio) -> Rejection {
    Rejection(
      code: 110013,
      reason: "cannot set leverage [\(leverage.count / 1_000_000)] gt maxLeverage "
        + "[\(maximum.count / 1_000_000)] by risk limit",
      meaning: .leverage)
  }
}
