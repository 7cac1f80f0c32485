import TradingModel

extension PaperRejection {
  /// The refusal in Bybit's code and words.
  ///
  /// Source: Bybit V5 error codes, and texts seen in captures. Numbers inside texts are scaled as the
  /// venue scales them: prices by 10⁴, quantities by 10⁸, leverage by 10².
  public var bybit: Rejection {
    let (code, reason) = bybitAnswer
    return Rejection(code: code, reason: reason, meaning: meaning)
  }

  private var bybitAnswer: (Int, String) {
    switch self {
    case .unknownSymbol: (10001, "params error: symbol invalid")
    case .notTrading: (110074, "This contract is not live")
    case .marketUnknown: (110118, "Market price is not available")
    case .badQuantity, .quantityNotAboveZero: (10001, "Qty invalid")
    case .quantityTooSmall: (10001, "The number of contracts exceeds minimum limit allowed")
    case .quantityTooLarge(let quantity, let maximum):
      (
        10001,
        "The number of contracts exceeds maximum limit allowed: too large, "
          + "order_qty:\(quantity.count) > max_qty:\(maximum.count)"
      )
    case .priceOutOfRange, .priceTooLow: (110003, "Order price is out of permissible range")
    case .priceAboveBand(_, let limit):
      (110121, "Order price is higher than the price limit \(limit)")
    case .priceBelowBand(_, let limit):
      (110120, "Order price is lower than the price limit \(limit)")
    case .priceOffTick: (110003, "price is invalid")
    case .badLink: (10001, "params error: OrderLinkId invalid")
    case .missingID: (10001, "params error: OrderId or orderLinkId is required")
    case .duplicateLink: (110072, "OrderLinkedID is duplicate")
    case .wrongSlot: (10001, "position idx not match position mode")
    case .protectionOnReduceOnly:
      (10001, "params error: TP/SL not allowed on reduce-only order")
    case .badClosePosition: (10001, "Qty invalid")
    case .badTrailing: (10001, "params error: trailingStop invalid")
    case .badProtectionSize: (10001, "params error: tpSize or slSize invalid")
    case .reduceOnlyFlat:
      (110017, "current position is zero, cannot fix reduce-only order qty")
    case .reduceOnlySameSide:
      (110017, "reduce-only order has same side with current position")
    case .reducesTooMuch:
      (110017, "orderQty will be truncated to zero")
    case .belowMinimumValue(let minimum):
      (110094, "Order does not meet minimum order value \(minimum)USDT")
    case .triggerPassed(let trigger, let current): Self.passed(trigger, current)
    case .activationPassed(let price, let current):
      (10001, "activePrice:\(price.bybitText) is beyond LastPrice:\(current.bybitText)")
    case .protectionPassed(let price, let isStop, let side, let base):
      (10001, Self.passed(price, isStop: isStop, side: side, base: base))
    case .postOnlyWouldTake: (10001, "EC_PostOnlyWillTakeLiquidity")
    case .insufficientBalance: (110007, "ab not enough for new order")
    case .tooManyOrders: (110020, "Not allowed to have more than 500 active orders")
    case .tooManyConditionalOrders:
      (110009, "The number of stop orders exceeds the maximum allowable limit")
    case .tooManyPartialProtections:
      (110061, "Not allowed to have more than 20 TP/SLs under Partial tpSlMode")
    case .positionLimit:
      (110090, "Your position after this order would exceed the maximum position limit")
    case .orderGoneToCancel: (110001, "order not exists or too late to cancel")
    case .orderGoneToReplace: (110001, "order not exists or too late to replace")
    case .notAboveFilled:
      (110064, "The new order quantity should be larger than the filled quantity")
    case .orderUnchanged:
      (10001, "The order remains unchanged as the parameters entered match the existing ones.")
    case .notAmendable: (10001, "params error: the order has no such value")
    case .leverageUnchanged: (110043, "leverage not modified")
    case .badLeverage: (10001, "params error: leverage invalid")
    case .leverageTooHigh(let leverage, let maximum):
      (
        110013,
        "cannot set leverage [\(leverage.count / 1_000_000)] gt maxLeverage "
          + "[\(maximum.count / 1_000_000)] by risk limit"
      )
    case .leverageReductionBlocked: (110013, "cannot lower the leverage of an isolated position")
    case .positionModeUnchanged: (110025, "Position mode is not modified")
    case .positionModeBlockedByPosition:
      (110024, "You have an existing position, so position mode cannot be switched")
    case .positionModeBlockedByOrders:
      (110028, "You have existing open orders, so position mode cannot be switched")
    case .marginModeUnchanged: (110026, "Cross/isolated margin mode is not modified")
    case .marginModeBlockedByPosition, .marginModeBlockedByOrders:
      (3_400_045, "Set margin mode failed")
    case .marginModeScope: (100_028, "The API cannot be accessed by unified account users.")
    case .notIsolated: (110015, "Position is in cross_margin")
    case .badMargin: (110014, "add margin: the amount is out of range")
    case .stopUnchanged: (34040, "not modified")
    case .stopOnFlat: (10001, "can not set tp/sl/ts for zero position")
    case .badTransfer: (10001, "params error: amount invalid")
    case .transferTooLarge: (110004, "Wallet balance is insufficient")
    }
  }

  private static func passed(_ trigger: PaperTrigger, _ current: Price) -> (Int, String) {
    let isRising = trigger.direction == .rising
    let source =
      switch trigger.source {
      case .last: "LastPrice"
      case .mark: "MarkPrice"
      case .index: "IndexPrice"
      }
    return (
      isRising ? 110092 : 110093,
      "expect \(isRising ? "Rising" : "Falling"), but trigger_price[\(trigger.price.bybitText)] "
        + "\(isRising ? "<=" : ">=") current[\(current.bybitText)]??\(source)"
    )
  }

  private static func passed(
    _ price: Price, isStop: Bool, side: PositionSide, base: Price
  ) -> String {
    let relation = (side == .long) == isStop ? "lower" : "higher"
    return "\(isStop ? "StopLoss" : "TakeProfit"):\(price.bybitText) set for "
      + "\(side == .long ? "Buy" : "Sell") position should be \(relation) than base_price:"
      + "\(base.bybitText)??LastPrice"
  }
}

extension PaperRejection {
  /// What it means to the bot, whatever the venue calls it.
  public var meaning: Rejection.Meaning {
    switch self {
    case .unknownSymbol: .unknownSymbol
    case .notTrading: .notTrading
    case .badQuantity, .quantityNotAboveZero, .quantityTooSmall, .quantityTooLarge,
      .badClosePosition,
      .badProtectionSize, .notAboveFilled:
      .badQuantity
    case .priceOutOfRange, .priceTooLow, .priceAboveBand, .priceBelowBand, .priceOffTick:
      .badPrice
    case .duplicateLink: .duplicateID
    case .wrongSlot, .positionModeBlockedByPosition, .positionModeBlockedByOrders:
      .wrongPositionMode
    case .reduceOnlyFlat, .reduceOnlySameSide, .reducesTooMuch, .stopOnFlat: .reduceOnlyRefused
    case .belowMinimumValue: .notionalTooSmall
    case .triggerPassed, .activationPassed, .protectionPassed: .triggerPassed
    case .insufficientBalance, .transferTooLarge: .insufficientBalance
    case .tooManyOrders, .tooManyConditionalOrders, .tooManyPartialProtections: .tooManyOrders
    case .positionLimit: .positionLimit
    case .orderGoneToCancel, .orderGoneToReplace: .orderNotFound
    case .orderUnchanged, .leverageUnchanged, .positionModeUnchanged, .marginModeUnchanged,
      .stopUnchanged:
      .notModified
    case .badLeverage, .leverageTooHigh, .leverageReductionBlocked: .leverage
    case .marginModeBlockedByPosition, .marginModeBlockedByOrders: .marginModeBlocked
    case .marketUnknown, .badLink, .missingID, .protectionOnReduceOnly, .badTrailing,
      .postOnlyWouldTake, .notAmendable, .marginModeScope, .notIsolated, .badMargin, .badTransfer:
      .other
    }
  }
}

extension Price {
  /// As Bybit writes prices into its texts: times 10⁴, without a point.
  fileprivate var bybitText: String { "\(count / 10_000)" }
}
