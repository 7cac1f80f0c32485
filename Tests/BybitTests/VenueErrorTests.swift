import Testing
import TradingModel

@testable import Bybit

struct VenueErrorTests {
  private func error(_ code: Int, _ reason: String = "", isChanging: Bool = true) -> VenueError {
    VenueError(
      bybitCode: code, reason: reason, isChanging: isChanging, limitResetsIn: .milliseconds(300))
  }

  @Test(
    arguments: [
      (110004, .insufficientBalance), (110007, .insufficientBalance),
      (110012, .insufficientBalance),
      (110003, .badPrice), (110120, .badPrice), (110121, .badPrice), (110094, .notionalTooSmall),
      (110017, .reduceOnlyRefused), (110072, .duplicateID), (10014, .duplicateID),
      (110001, .orderNotFound), (110008, .orderNotFound), (110010, .orderNotFound),
      (34040, .notModified), (110025, .notModified), (110026, .notModified), (110043, .notModified),
      (110092, .triggerPassed), (110093, .triggerPassed), (110074, .notTrading),
      (110013, .leverage), (110086, .leverage), (110024, .marginModeBlocked),
      (110028, .marginModeBlocked), (3_400_045, .marginModeBlocked), (110009, .tooManyOrders),
      (110020, .tooManyOrders), (110061, .tooManyOrders), (110021, .positionLimit),
      (110090, .positionLimit), (110079, .serverBusy), (170131, .insufficientBalance),
      (10029, .notTrading),
    ] as [(Int, Rejection.Meaning)])
  func `a refusal means`(code: Int, meaning: Rejection.Meaning) {
    #expect(
      error(code, "words")
        == .rejected(Rejection(code: code, reason: "words", meaning: meaning)))
  }

  @Test(
    arguments: [
      ("position idx not match position mode", .wrongPositionMode),
      ("params error: symbol invalid", .unknownSymbol), ("Qty invalid", .badQuantity),
      ("The number of contracts exceeds minimum limit allowed", .badQuantity),
      (
        "The number of contracts exceeds maximum limit allowed: too large, order_qty:1 > max_qty:0",
        .badQuantity
      ),
      (
        "StopLoss:97000000 set for Buy position should lower than base_price:96999000??LastPrice",
        .triggerPassed
      ),
      ("can not set tp/sl/ts for zero position", .reduceOnlyRefused),
      ("params error: leverage invalid", .leverage), ("params error: price invalid", .badPrice),
      ("params error: side invalid", .other),
    ] as [(String, Rejection.Meaning)])
  func `a wrong parameter is told by its words`(reason: String, meaning: Rejection.Meaning) {
    #expect(
      error(10001, reason)
        == .rejected(Rejection(code: 10001, reason: reason, meaning: meaning)))
  }

  @Test(arguments: [10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 33004])
  func `what only a person can mend says so`(code: Int) {
    guard case .unauthorised(code, let words) = error(code, "words") else {
      return #expect(Bool(false), "\(error(code, "words"))")
    }
    #expect(words == "\(BybitCode.known(code)?.sentence ?? "?") (words)")
  }

  @Test(arguments: [10000, 10016, 10019])
  func `a server that failed in the middle may have done it`(code: Int) {
    #expect(error(code) == .outcomeUnknown)
    #expect(error(code, "x", isChanging: false) == .unreachable("Bybit says \(code) x"))
  }

  @Test func `too many requests and a clock that is off are told apart`() {
    #expect(error(10006) == .rateLimited(retryAfter: .milliseconds(300)))
    #expect(error(10002, "why") == .clockSkew("why"))
  }
}
