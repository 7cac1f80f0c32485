import Simulation
import Testing
import TradingModel

@testable import Bybit

/// The paper account on Bybit's prices refuses as Bybit does.
struct PaperWordsTests {
  private static let mistakes: [PaperRejection] = [
    .unknownSymbol, .notTrading, .badQuantity, .quantityNotAboveZero,
    .quantityTooSmall("0.001", minimum: "0.01"), .quantityTooLarge("2", maximum: "1"),
    .priceOutOfRange("1"), .priceTooLow("0"), .priceAboveBand("2", limit: "1"),
    .priceBelowBand("1", limit: "2"), .priceOffTick("1.05"), .duplicateLink, .wrongSlot,
    .reduceOnlyFlat, .reduceOnlySameSide, .reducesTooMuch("2", held: "1"),
    .belowMinimumValue("5"), .insufficientBalance, .tooManyOrders, .tooManyConditionalOrders,
    .tooManyPartialProtections, .positionLimit, .orderGoneToCancel, .orderGoneToReplace,
    .notAboveFilled, .leverageTooHigh("200", maximum: "100"), .leverageUnchanged,
    .marginModeUnchanged, .positionModeUnchanged, .stopUnchanged, .transferTooLarge,
    .triggerPassed(PaperTrigger(price: "1", direction: .rising), current: "2"),
    .protectionPassed("1", isStop: true, side: .long, base: "2"),
  ]

  @Test(arguments: mistakes)
  func `a mistake has the code that our client reads the same from`(mistake: PaperRejection) {
    let refusal = mistake.bybit
    let error = VenueError(
      bybitCode: refusal.code, reason: refusal.reason, isChanging: true, limitResetsIn: .zero)
    guard case .rejected(let rejection) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(rejection.meaning == refusal.meaning)
  }
}
