import TradingModel

/// Why the paper venue does not take a request, in no venue's words.
///
/// `bybit` is the answer with Bybit's code and text; a server that behaves like another venue maps
/// the causes to that venue's codes. A refused request has changed nothing.
public enum PaperRejection: Error, Sendable, Hashable {
  // The contract.
  case unknownSymbol
  /// Listed, but closed for trading.
  case notTrading
  /// No price is known, or none since the account was taken up again.
  case marketUnknown

  // What an order says.
  /// Off the step.
  case badQuantity
  case quantityNotAboveZero
  case quantityTooSmall(Quantity, minimum: Quantity)
  case quantityTooLarge(Quantity, maximum: Quantity)
  /// Above what the contract ever takes.
  case priceOutOfRange(Price)
  /// Below what the contract ever takes, zero and less inside.
  case priceTooLow(Price)
  /// A limit further beyond the market than the venue takes at the moment.
  case priceAboveBand(Price, limit: Price)
  case priceBelowBand(Price, limit: Price)
  case priceOffTick(Price)
  /// A client id that is empty, too long or of other characters.
  case badLink
  /// Neither id was given.
  case missingID
  case duplicateLink
  /// The slot does not fit the symbol's position mode.
  case wrongSlot
  /// A reducing order can't bring a stop or a target.
  case protectionOnReduceOnly
  /// An order that closes the whole position names a quantity, or is not conditional.
  case badClosePosition
  /// A trailing distance or callback rate out of range, or one together with a trigger.
  case badTrailing
  /// A partial stop or target of no size, or of more than the position; a limit leg in full mode.
  case badProtectionSize

  // What the position, the market or the account say to it.
  case reduceOnlyFlat
  case reduceOnlySameSide
  /// On a hedge slot more than it holds, where the venue does not cut it down by itself.
  case reducesTooMuch(Quantity, held: Quantity)
  case belowMinimumValue(Notional)
  /// The market is at or beyond the trigger already.
  case triggerPassed(PaperTrigger, current: Price)
  /// A trailing order's activation price is reached already.
  case activationPassed(Price, current: Price)
  /// A stop or a target on the wrong side of the market.
  case protectionPassed(Price, isStop: Bool, side: PositionSide, base: Price)
  /// A post-only order would fill at once, where the venue refuses instead of cancelling.
  case postOnlyWouldTake
  case insufficientBalance
  case tooManyOrders
  case tooManyConditionalOrders
  /// More than twenty partial stops and targets.
  case tooManyPartialProtections
  case positionLimit

  // Amending and cancelling.
  case orderGoneToCancel
  case orderGoneToReplace
  /// The new quantity is not above what has filled.
  case notAboveFilled
  /// Every value stands already.
  case orderUnchanged
  /// The order has no such value: a price of a market order, a trigger of an active one.
  case notAmendable

  // Settings of symbol and account.
  case leverageUnchanged
  /// Below one, off the step, or two values where one is asked for.
  case badLeverage
  case leverageTooHigh(Ratio, maximum: Ratio)
  /// An isolated position forbids a lower leverage.
  case leverageReductionBlocked
  case positionModeUnchanged
  case positionModeBlockedByPosition
  case positionModeBlockedByOrders
  case marginModeUnchanged
  case marginModeBlockedByPosition
  case marginModeBlockedByOrders
  /// The rules keep the margin mode by symbol, not by account, or the other way round.
  case marginModeScope
  /// Margin can be moved only of an isolated position.
  case notIsolated
  /// Zero, or more than can be added or taken away.
  case badMargin
  /// Stop, target and trailing stop stand already, or none was given.
  case stopUnchanged
  case stopOnFlat

  // Money.
  case badTransfer
  case transferTooLarge
}
