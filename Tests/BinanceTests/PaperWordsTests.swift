import Simulation
import Testing
import TradingModel

@testable import Binance

/// The paper account on Binance's prices refuses as Binance does.
struct PaperWordsTests {
  private static let mistakes: [PaperRejection] = [
    .unknownSymbol, .notTrading, .badQuantity, .quantityTooSmall("0.001", minimum: "0.01"),
    .quantityTooLarge("2", maximum: "1"), .priceOutOfRange("1"), .priceOffTick("1.05"),
    .quantityNotAboveZero, .priceTooLow("0"), .priceTooLow("0.01"),
    .priceAboveBand("2", limit: "1"), .priceBelowBand("1", limit: "2"),
    .reducesTooMuch("2", held: "1"), .duplicateLink, .wrongSlot, .reduceOnlyFlat,
    .reduceOnlySameSide, .belowMinimumValue("5"),
    .insufficientBalance, .tooManyOrders, .tooManyConditionalOrders, .positionLimit,
    .orderGoneToCancel, .orderGoneToReplace, .leverageTooHigh("200", maximum: "100"),
    .badLeverage, .leverageReductionBlocked, .marginModeUnchanged, .marginModeBlockedByPosition,
    .marginModeBlockedByOrders, .positionModeUnchanged, .transferTooLarge,
    .protectionPassed("1", isStop: true, side: .long, base: "2"),
  ]

  @Test(arguments: mistakes)
  func `a mistake has the code that our client reads the same from`(mistake: PaperRejection) throws
  {
    let refusal = mistake.binance
    let code = try #require(BinanceCode(refusal.code))
    #expect(code.deed == .reject(refusal.meaning))
  }
}
