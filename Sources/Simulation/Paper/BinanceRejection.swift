import TradingModel

extension PaperRejection {
  /// The refusal in Binance's code and words.
  ///
  /// Source: Binance USD-M futures, error codes, and texts seen in captures.
  public var binance: Rejection {
    let (code, reason) = binanceAnswer
    return Rejection(code: code, reason: reason, meaning: meaning)
  }

  private var binanceAnswer: (Int, String) {
    switch self {
    case .unknownSymbol: (-1121, "Invalid symbol.")
    case .notTrading: (-4141, "Symbol is closed.")
    case .marketUnknown: (-1112, "No orders on book for symbol.")
    case .quantityNotAboveZero: (-4003, "Quantity less than or equal to zero.")
    case .badQuantity: (-4023, "Quantity not increased by step size.")
    case .quantityTooSmall: (-4004, "Quantity less than min quantity.")
    case .quantityTooLarge: (-4005, "Quantity greater than max quantity.")
    case .priceOutOfRange: (-4002, "Price greater than max price.")
    case .priceTooLow(let price) where price <= .zero: (-4001, "Price less than 0.")
    case .priceTooLow: (-4013, "Price less than min price.")
    case .priceAboveBand(_, let limit):
      (-4016, "Limit price can't be higher than \(limit).")
    case .priceBelowBand(_, let limit):
      (-4024, "Limit price can't be lower than \(limit).")
    case .priceOffTick: (-4014, "Price not increased by tick size.")
    case .badLink: (-4015, "Client order id is not valid.")
    case .missingID:
      (-1102, "Param 'orderId' or 'origClientOrderId' must be sent, but both were empty/null!")
    case .duplicateLink: (-4116, "ClientOrderId is duplicated.")
    case .wrongSlot: (-4061, "Order's position side does not match user's setting.")
    case .reduceOnlyFlat, .reduceOnlySameSide, .reducesTooMuch:
      (-2022, "ReduceOnly Order is rejected.")
    case .belowMinimumValue(let least):
      (
        -4164,
        "Order's notional must be no smaller than \(least.text(decimals: 1)) (unless you choose "
          + "reduce only)"
      )
    case .triggerPassed, .activationPassed, .protectionPassed:
      (-2021, "Order would immediately trigger.")
    case .postOnlyWouldTake:
      (
        -5022,
        "Due to the order could not be executed as maker, the Post Only order will be rejected. "
          + "The order will not be recorded in the order history"
      )
    case .insufficientBalance: (-2019, "Margin is insufficient.")
    case .tooManyOrders: (-2025, "Reach max open order limit.")
    case .tooManyConditionalOrders, .tooManyPartialProtections:
      (-4045, "Reach max stop order limit.")
    case .positionLimit:
      (-2027, "Exceeded the maximum allowable position at current leverage.")
    case .orderGoneToCancel: (-2011, "Unknown order sent.")
    case .orderGoneToReplace: (-2013, "Order does not exist.")
    case .orderUnchanged: (-5027, "No need to modify the order.")
    case .notAmendable: (-5025, "Only limit order is supported.")
    case .leverageTooHigh(let leverage, _): (-4028, "Leverage \(leverage) is not valid")
    case .badLeverage: (-4028, "Leverage  is not valid")
    case .leverageReductionBlocked:
      (
        -4161,
        "Leverage reduction is not supported in Isolated Margin Mode with open positions."
      )
    case .positionModeUnchanged: (-4059, "No need to change position side.")
    case .positionModeBlockedByPosition:
      (-4068, "Position side cannot be changed if there exists position.")
    case .positionModeBlockedByOrders:
      (-4067, "Position side cannot be changed if there exists open orders.")
    case .marginModeUnchanged: (-4046, "No need to change margin type.")
    case .marginModeBlockedByPosition:
      (-4048, "Margin type cannot be changed if there exists position.")
    case .marginModeBlockedByOrders:
      (-4047, "Margin type cannot be changed if there exists open orders.")
    case .notIsolated: (-4049, "Add margin only support for isolated position.")
    case .badMargin: (-4051, "Isolated balance insufficient.")
    case .badTransfer: (-4055, "Amount must be positive.")
    case .transferTooLarge: (-2018, "Balance is insufficient.")
    case .protectionOnReduceOnly, .badClosePosition, .badTrailing, .badProtectionSize,
      .notAboveFilled, .leverageUnchanged, .marginModeScope, .stopUnchanged, .stopOnFlat:
      (-2010, "NEW_ORDER_REJECTED")
    }
  }
}
