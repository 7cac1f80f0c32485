import TradingModel

/// One of Bybit's codes: what it asks of the caller, and how it is said to a person.
///
/// Codes are compared, never texts, but for 10001, which stands for many mistakes.
///
/// Source: https://bybit-exchange.github.io/docs/v5/error
public struct BybitCode: Sendable, Hashable {
  public enum Treatment: Sendable, Hashable {
    /// Refused, and would be again.
    case rejected(Rejection.Meaning)
    /// 10001: the words say what was wrong.
    case badParameter
    /// Too fast: the answer's headers say until when.
    case rateLimited
    /// This address asked too often and is shut out for ten minutes at least.
    case addressBanned
    /// Our time is outside the venue's window.
    case clockSkew
    /// Key, permission, address or region: a person must mend it.
    case unauthorised
    /// The server failed in the middle: what was to be changed may have been.
    case serverFailed
    /// Turned away at the door: certainly not carried out, may be sent again.
    case turnedAway
  }

  public let code: Int
  public let treatment: Treatment
  /// What happened and what to do, for the chat. Ends without a full stop.
  public let sentence: String

  /// What is known of a code; nil for one that Bybit does not document.
  public static func known(_ code: Int) -> BybitCode? {
    if let found = table[code] { return found }
    return switch code {
    case 170_000..<171_000:
      BybitCode(code, .rejected(.other), "a spot order was refused; the bot trades no spot")
    case 182_000..<183_000:
      BybitCode(code, .rejected(.other), "a loan was refused; the bot borrows nothing")
    default: nil
    }
  }

  /// A refusal that asks nothing of anybody: it was so already, or the order is gone.
  var isHarmless: Bool {
    treatment == .rejected(.notModified) || treatment == .rejected(.orderNotFound)
  }

  /// Every single code that is documented, in ascending order.
  public static var documented: [Int] { table.keys.sorted() }

  private static let table = Dictionary(
    uniqueKeysWithValues: (general + trading + spot + orderEntry).map { ($0.code, $0) })

  init(_ code: Int, _ treatment: Treatment, _ sentence: String) {
    self.code = code
    self.treatment = treatment
    self.sentence = sentence
  }

  // MARK: Whoever asks

  private static let general = [
    BybitCode(-1, .serverFailed, "the request expired at Bybit; its outcome is looked up"),
    BybitCode(10000, .serverFailed, "Bybit's server timed out; the outcome is looked up"),
    BybitCode(10001, .badParameter, "Bybit took a part of the request for wrong"),
    BybitCode(10002, .clockSkew, "the clock of this machine is off; it is measured again"),
    BybitCode(10003, .unauthorised, "the API key is unknown here: check key and environment"),
    BybitCode(10004, .unauthorised, "the signature is wrong: check the API secret"),
    BybitCode(10005, .unauthorised, "the API key lacks the permission: allow orders and positions"),
    BybitCode(10006, .rateLimited, "too many requests; sent again when Bybit allows it"),
    BybitCode(10007, .unauthorised, "Bybit could not tell who asks: check the API key"),
    BybitCode(10008, .unauthorised, "the account is banned: ask Bybit's support"),
    BybitCode(10009, .unauthorised, "this address is banned: use another one"),
    BybitCode(10010, .unauthorised, "this address is not bound to the API key: add it at Bybit"),
    BybitCode(10014, .rejected(.duplicateID), "the same request was sent before"),
    BybitCode(10016, .serverFailed, "Bybit's server failed or restarts; the outcome is looked up"),
    BybitCode(10017, .rejected(.other), "Bybit does not know this path: update the bot"),
    BybitCode(10018, .addressBanned, "this address asked too often; ten minutes of silence"),
    BybitCode(10019, .serverFailed, "Bybit restarts its order entry; the outcome is looked up"),
    BybitCode(10024, .unauthorised, "Bybit's compliance rules forbid it: see Bybit's notices"),
    BybitCode(10027, .unauthorised, "trading is banned for this account: ask Bybit's support"),
    BybitCode(10028, .unauthorised, "only a unified account can do this: upgrade at Bybit"),
    BybitCode(10029, .rejected(.notTrading), "the symbol is not on the API key's list: add it"),
    BybitCode(33004, .unauthorised, "the API key has expired: make a new one"),
    BybitCode(
      100_028, .rejected(.marginModeBlocked),
      "a unified account keeps one margin mode for all symbols: set it for the account"),
  ]

  // MARK: Orders, positions, margin

  private static let trading = [
    BybitCode(34040, .rejected(.notModified), "it was set so already"),
    BybitCode(110_001, .rejected(.orderNotFound), "the order is gone: filled or cancelled"),
    BybitCode(110_003, .rejected(.badPrice), "the price is outside the permitted range"),
    BybitCode(110_004, .rejected(.insufficientBalance), "the wallet's balance is too small"),
    BybitCode(110_006, .rejected(.insufficientBalance), "the assets can't cover the margin"),
    BybitCode(110_007, .rejected(.insufficientBalance), "the available balance is too small"),
    BybitCode(110_008, .rejected(.orderNotFound), "the order is done or cancelled already"),
    BybitCode(110_009, .rejected(.tooManyOrders), "too many conditional orders: cancel some"),
    BybitCode(110_010, .rejected(.orderNotFound), "the order was cancelled already"),
    BybitCode(110_012, .rejected(.insufficientBalance), "the available balance is too small"),
    BybitCode(110_013, .rejected(.leverage), "the risk limit forbids this leverage: lower it"),
    BybitCode(110_014, .rejected(.insufficientBalance), "too little balance to add margin"),
    BybitCode(
      110_015, .rejected(.marginModeBlocked), "in cross margin no margin is added by hand"),
    BybitCode(110_016, .rejected(.other), "Bybit refused with a code it no longer uses"),
    BybitCode(
      110_017, .rejected(.reduceOnlyRefused),
      "nothing is left to reduce: the position is read again"),
    BybitCode(110_020, .rejected(.tooManyOrders), "500 orders are open: cancel some"),
    BybitCode(110_021, .rejected(.positionLimit), "open interest is at its limit for this size"),
    BybitCode(110_024, .rejected(.marginModeBlocked), "an open position blocks the change of mode"),
    BybitCode(110_025, .rejected(.notModified), "the position mode was set so already"),
    BybitCode(110_026, .rejected(.notModified), "the margin mode was set so already"),
    BybitCode(110_028, .rejected(.marginModeBlocked), "open orders block the change of mode"),
    BybitCode(
      110_029, .rejected(.marginModeBlocked), "this symbol has no hedge mode: use one-way"),
    BybitCode(110_030, .rejected(.other), "Bybit refused with a code it no longer uses"),
    BybitCode(110_036, .rejected(.leverage), "the leverage can't be set in cross margin"),
    BybitCode(110_043, .rejected(.notModified), "the leverage was set so already"),
    BybitCode(110_044, .rejected(.insufficientBalance), "the available margin is too small"),
    BybitCode(110_045, .rejected(.insufficientBalance), "the wallet's balance is too small"),
    BybitCode(110_061, .rejected(.tooManyOrders), "20 partial stops and targets rest already"),
    BybitCode(110_064, .rejected(.badQuantity), "the new quantity is not above what is filled"),
    BybitCode(110_072, .rejected(.duplicateID), "an order with this id was sent before"),
    BybitCode(110_073, .rejected(.marginModeBlocked), "Bybit did not change the margin mode"),
    BybitCode(110_074, .rejected(.notTrading), "the contract is not trading"),
    BybitCode(110_075, .rejected(.other), "Bybit refused with a code it no longer uses"),
    BybitCode(
      110_076, .rejected(.marginModeBlocked), "margin is added by itself in isolated mode only"),
    BybitCode(110_079, .rejected(.serverBusy), "the order is being worked on; tried again"),
    BybitCode(110_086, .rejected(.leverage), "the leverage is above what this size allows"),
    BybitCode(110_090, .rejected(.positionLimit), "the position would pass the risk limit"),
    BybitCode(110_092, .rejected(.triggerPassed), "the price is above the trigger already"),
    BybitCode(110_093, .rejected(.triggerPassed), "the price is below the trigger already"),
    BybitCode(110_094, .rejected(.notionalTooSmall), "the order is under 5 USDT"),
    BybitCode(110_118, .rejected(.notTrading), "Bybit has no market price for it just now"),
    BybitCode(110_120, .rejected(.badPrice), "the price is below the limit of the moment"),
    BybitCode(110_121, .rejected(.badPrice), "the price is above the limit of the moment"),
    BybitCode(3_400_045, .rejected(.marginModeBlocked), "Bybit did not change the margin mode"),
  ]

  // MARK: Spot, which the bot does not trade

  private static let spot = [
    BybitCode(170_130, .rejected(.other), "a parameter of a spot order was wrong"),
    BybitCode(170_131, .rejected(.insufficientBalance), "the spot balance is too small"),
    BybitCode(170_132, .rejected(.badPrice), "the spot price is too high"),
    BybitCode(170_133, .rejected(.badPrice), "the spot price is too low"),
    BybitCode(170_134, .rejected(.badPrice), "the spot price has too many decimals"),
    BybitCode(170_136, .rejected(.badQuantity), "the spot quantity is too small"),
    BybitCode(170_137, .rejected(.badQuantity), "the spot quantity has too many decimals"),
    BybitCode(170_140, .rejected(.notionalTooSmall), "the spot order is too small"),
    BybitCode(170_141, .rejected(.duplicateID), "a spot order with this id was sent before"),
    BybitCode(170_213, .rejected(.orderNotFound), "the spot order does not exist"),
  ]

  // MARK: The trade WebSocket

  private static let orderEntry = [
    BybitCode(10403, .rateLimited, "this address sends too much; tried again in a moment"),
    BybitCode(10404, .rejected(.other), "Bybit does not know this operation: update the bot"),
    BybitCode(10429, .rateLimited, "Bybit protects itself from load; tried again in a moment"),
    BybitCode(20001, .rejected(.notModified), "the connection was logged in already"),
    BybitCode(20003, .rateLimited, "too many requests on one connection; tried again"),
    BybitCode(20006, .turnedAway, "the request's number was used before; sent with another"),
  ]
}
