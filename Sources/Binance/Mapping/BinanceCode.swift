import TradingModel

/// What a code of Binance means: what to do next, and the sentence a person reads.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code
struct BinanceCode: Sendable, Hashable {
  enum Deed: Sendable, Hashable {
    /// Refused, and would be again.
    case reject(Rejection.Meaning)
    /// Wait, then repeat.
    case slowDown
    /// Whether it was done is not known: look before sending again. A reading is simply repeated.
    case lookUp
    /// Measure the clock, then repeat.
    case measureClock
    /// Key, permission or address: nothing works until a person mends it.
    case callAPerson
  }

  let code: Int
  let deed: Deed
  let sentence: String

  private init(_ code: Int, _ deed: Deed, _ sentence: String) {
    self.code = code
    self.deed = deed
    self.sentence = sentence
  }

  /// Nil for a code that is not in the table: then the venue's own words must do.
  init?(_ code: Int) {
    guard let entry = Self.byCode[code] else { return nil }
    self = entry
  }

  private static let byCode = Dictionary(uniqueKeysWithValues: table.map { ($0.code, $0) })

  /// Sorted by code, from −1000 down.
  static let table: [BinanceCode] = [
    .init(-1000, .lookUp, "Binance failed for an unknown reason"),
    .init(-1001, .lookUp, "Binance had an internal error"),
    .init(-1002, .callAPerson, "the API key may not do this"),
    .init(-1003, .slowDown, "too many requests to Binance"),
    .init(-1004, .callAPerson, "this address is on the key's list already"),
    .init(-1005, .callAPerson, "this address is not on the key's list"),
    .init(-1006, .lookUp, "Binance answered something unexpected: whether it was done is unknown"),
    .init(-1007, .lookUp, "Binance timed out inside: whether it was done is unknown"),
    .init(
      -1008, .reject(.serverBusy),
      "Binance protects itself from overload; closing orders still pass"),
    .init(-1010, .reject(.other), "Binance got a message it reports as an error"),
    .init(-1011, .callAPerson, "this address may not use the API"),
    .init(-1013, .reject(.other), "Binance could not take the message"),
    .init(-1014, .reject(.other), "this combination of order parameters is not supported"),
    .init(-1015, .slowDown, "too many new orders"),
    .init(-1016, .reject(.serverBusy), "this service of Binance is shutting down"),
    .init(-1020, .reject(.other), "Binance does not support this operation"),
    .init(-1021, .measureClock, "our clock is outside Binance's window"),
    .init(-1022, .callAPerson, "the signature is not valid: check the API secret"),
    .init(-1023, .reject(.other), "the start lies after the end"),
    .init(-1099, .callAPerson, "not found, or not authorised"),
    .init(-1100, .reject(.other), "a parameter holds characters that Binance does not take"),
    .init(-1101, .reject(.other), "too many parameters were sent"),
    .init(-1102, .reject(.other), "a mandatory parameter is missing"),
    .init(-1103, .reject(.other), "a parameter is unknown to Binance"),
    .init(-1104, .reject(.other), "a parameter was not read"),
    .init(-1105, .reject(.other), "a parameter is empty"),
    .init(-1106, .reject(.other), "a parameter was sent that this order does not take"),
    .init(-1108, .reject(.other), "Binance does not know this asset"),
    .init(-1109, .callAPerson, "this is no valid account"),
    .init(-1110, .reject(.unknownSymbol), "this symbol's kind is not served here"),
    .init(
      -1111, .reject(.badQuantity), "price or quantity has more decimals than the symbol takes"),
    .init(-1112, .reject(.other), "the order book is empty"),
    .init(-1113, .reject(.other), "a withdrawal must be above zero"),
    .init(-1114, .reject(.other), "this order takes no time in force"),
    .init(-1115, .reject(.other), "Binance does not know this time in force"),
    .init(-1116, .reject(.other), "Binance does not know this order type"),
    .init(-1117, .reject(.other), "Binance does not know this side"),
    .init(-1118, .reject(.other), "the new client order id is empty"),
    .init(-1119, .reject(.other), "the client order id is empty"),
    .init(-1120, .reject(.other), "Binance does not know this interval"),
    .init(-1121, .reject(.unknownSymbol), "Binance does not list this symbol"),
    .init(-1122, .reject(.notTrading), "the symbol's state does not allow this"),
    .init(-1125, .reject(.other), "the listen key is unknown: a new one is needed"),
    .init(-1126, .reject(.other), "this asset is not supported"),
    .init(-1127, .reject(.other), "the time span is too long"),
    .init(-1128, .reject(.other), "these optional parameters do not go together"),
    .init(-1130, .reject(.other), "a parameter holds data that Binance does not take"),
    .init(-1136, .reject(.other), "Binance does not know this kind of answer"),
    .init(-2010, .reject(.other), "Binance refused the new order"),
    .init(-2011, .reject(.orderNotFound), "the order is not open any more"),
    .init(-2012, .reject(.other), "not all orders could be cancelled"),
    .init(-2013, .reject(.orderNotFound), "the order does not exist"),
    .init(-2014, .callAPerson, "the API key has a wrong form"),
    .init(-2015, .callAPerson, "wrong API key, address or permission"),
    .init(-2016, .reject(.notTrading), "no trading window is open for this symbol"),
    .init(-2017, .callAPerson, "the API key is locked"),
    .init(-2018, .reject(.insufficientBalance), "the balance is not enough"),
    .init(-2019, .reject(.insufficientBalance), "the margin is not enough"),
    .init(-2020, .reject(.other), "the order could not be filled"),
    .init(-2021, .reject(.triggerPassed), "the market is beyond the trigger already"),
    .init(
      -2022, .reject(.reduceOnlyRefused),
      "a reduce-only order would not reduce: the position may be closed"),
    .init(-2023, .reject(.notTrading), "the account is being liquidated"),
    .init(-2024, .reject(.reduceOnlyRefused), "the position is smaller than the order"),
    .init(-2025, .reject(.tooManyOrders), "the account has too many open orders"),
    .init(-2026, .reject(.other), "this order type can't be reduce-only"),
    .init(
      -2027, .reject(.positionLimit), "the position would be above the limit of this leverage"),
    .init(-2028, .reject(.leverage), "the leverage is too low for the margin there is"),
    .init(-4000, .reject(.other), "the order's state does not allow this"),
    .init(-4001, .reject(.badPrice), "the price is below zero"),
    .init(-4002, .reject(.badPrice), "the price is above the maximum"),
    .init(-4003, .reject(.badQuantity), "the quantity must be above zero"),
    .init(-4004, .reject(.badQuantity), "the quantity is under the minimum"),
    .init(-4005, .reject(.badQuantity), "the quantity is above the maximum"),
    .init(-4006, .reject(.badPrice), "the trigger price is below zero"),
    .init(-4007, .reject(.badPrice), "the trigger price is above the maximum"),
    .init(-4008, .reject(.badPrice), "the tick size is below zero"),
    .init(-4009, .reject(.badPrice), "the maximum price is under the minimum"),
    .init(-4010, .reject(.badQuantity), "the maximum quantity is under the minimum"),
    .init(-4011, .reject(.badQuantity), "the step is below zero"),
    .init(-4012, .reject(.tooManyOrders), "the number of orders is below zero"),
    .init(-4013, .reject(.badPrice), "the price is under the minimum"),
    .init(-4014, .reject(.badPrice), "the price is not on the tick"),
    .init(
      -4015, .reject(.other),
      "the client order id is longer than 36 characters or holds others than it may"),
    .init(-4016, .reject(.badPrice), "the price is too far above the mark price"),
    .init(-4017, .reject(.badPrice), "the price band is not valid"),
    .init(-4018, .reject(.badPrice), "the price band is not valid"),
    .init(-4019, .reject(.badQuantity), "price and quantity have too many decimals together"),
    .init(-4020, .reject(.other), "this strategy is not valid for the symbol"),
    .init(-4021, .reject(.other), "the depth must be 5, 10, 20, 50, 100, 500 or 1000"),
    .init(-4022, .reject(.notTrading), "the market's state does not allow this"),
    .init(-4023, .reject(.badQuantity), "the quantity is not on the step"),
    .init(-4024, .reject(.badPrice), "the price is too far below the mark price"),
    .init(-4025, .reject(.badPrice), "the price band is not valid"),
    .init(-4026, .reject(.other), "the commission is not valid"),
    .init(-4027, .callAPerson, "this kind of account can't do this"),
    .init(-4028, .reject(.leverage), "the leverage is not one that the symbol takes"),
    .init(-4029, .reject(.badPrice), "the tick size is not valid"),
    .init(-4030, .reject(.badQuantity), "the step is not valid"),
    .init(-4031, .reject(.other), "the trigger must be the mark or the contract price"),
    .init(-4032, .reject(.other), "too many orders to cancel at once"),
    .init(-4033, .reject(.other), "the insurance fund was not found"),
    .init(-4044, .reject(.other), "this kind of balance is not valid"),
    .init(-4045, .reject(.tooManyOrders), "there are too many stop orders"),
    .init(-4046, .reject(.notModified), "the margin mode stands already"),
    .init(
      -4047, .reject(.marginModeBlocked), "the margin mode can't change while orders are open"),
    .init(
      -4048, .reject(.marginModeBlocked), "the margin mode can't change while a position is open"),
    .init(-4049, .reject(.other), "margin can only be added to an isolated position"),
    .init(-4050, .reject(.insufficientBalance), "the cross balance is not enough"),
    .init(-4051, .reject(.insufficientBalance), "the isolated balance is not enough"),
    .init(-4052, .reject(.notModified), "adding margin by itself stands already"),
    .init(-4053, .reject(.other), "margin can't be added by itself in cross mode"),
    .init(-4054, .reject(.other), "there is no position to add margin to"),
    .init(-4055, .reject(.other), "the amount must be above zero"),
    .init(-4056, .callAPerson, "this kind of API key is not valid"),
    .init(-4057, .callAPerson, "the RSA public key is not valid"),
    .init(-4058, .reject(.badPrice), "the maximum price is too large"),
    .init(-4059, .reject(.notModified), "the position mode stands already"),
    .init(-4060, .reject(.wrongPositionMode), "the position side is not valid"),
    .init(
      -4061, .reject(.wrongPositionMode),
      "the order's position side does not fit the account's position mode"),
    .init(-4062, .reject(.wrongPositionMode), "reduce-only is not taken in hedge mode"),
    .init(-4067, .reject(.other), "the position mode can't change while orders are open"),
    .init(-4068, .reject(.other), "the position mode can't change while positions are open"),
    .init(-4082, .reject(.other), "too many orders in one batch"),
    .init(-4083, .reject(.other), "the batch of orders could not be placed"),
    .init(-4087, .reject(.notTrading), "this account may only reduce positions"),
    .init(-4088, .callAPerson, "this account may not place orders"),
    .init(-4104, .reject(.unknownSymbol), "this kind of contract is not valid"),
    .init(-4114, .reject(.other), "the client's transfer id is too long"),
    .init(-4115, .reject(.duplicateID), "the client's transfer id is used already"),
    .init(-4116, .reject(.duplicateID), "an open order has this client id already"),
    .init(-4117, .reject(.serverBusy), "the stop order is being triggered just now"),
    .init(
      -4118, .reject(.insufficientBalance),
      "the margin does not allow this reduce-only order: cancel open orders first"),
    .init(-4120, .reject(.other), "stops and targets must go to the algo order service"),
    .init(
      -4130, .reject(.other),
      "a stop or target that closes the position stands in this direction already"),
    .init(
      -4131, .reject(.badPrice), "the best price on the other side is outside the allowed band"),
    .init(-4135, .reject(.badPrice), "the activation price is not valid"),
    .init(-4137, .reject(.other), "an order that closes the position takes no quantity"),
    .init(
      -4138, .reject(.reduceOnlyRefused), "an order that closes the position must be reduce-only"),
    .init(-4139, .reject(.other), "this order can't be a market order"),
    .init(-4140, .reject(.notTrading), "the symbol's state does not allow opening"),
    .init(-4141, .reject(.notTrading), "the symbol is closed"),
    .init(-4142, .reject(.triggerPassed), "the trigger price would be reached at once"),
    .init(-4144, .reject(.unknownSymbol), "Binance does not list this pair"),
    .init(
      -4161, .reject(.leverage), "the leverage can't be lowered while an isolated position is open"
    ),
    .init(-4164, .reject(.notionalTooSmall), "the order is worth less than the minimum"),
    .init(-4165, .reject(.other), "the time span is not valid"),
    .init(
      -4167, .reject(.marginModeBlocked), "isolated margin can't be used in multi-assets mode"),
    .init(
      -4168, .reject(.marginModeBlocked), "multi-assets mode can't be used with isolated positions"
    ),
    .init(-4183, .reject(.badPrice), "the price is too far above the trigger"),
    .init(-4184, .reject(.badPrice), "the price is too far below the trigger"),
    .init(-4192, .reject(.notTrading), "the account is in its cooling-off period"),
    .init(
      -4400, .reject(.notTrading), "Binance's quantitative rules allow this account only to reduce"
    ),
    .init(
      -4401, .reject(.notTrading), "Binance's compliance rules allow this account only to reduce"),
    .init(-4402, .reject(.notTrading), "Binance's terms forbid this in your region"),
    .init(-4403, .reject(.leverage), "Binance's terms limit the leverage in your region"),
    .init(-4509, .reject(.other), "this stop can only be set while a position is open"),
    .init(-5021, .reject(.other), "the order could not be filled at once and whole"),
    .init(-5022, .reject(.badPrice), "a post-only order would have taken liquidity"),
    .init(-5024, .reject(.other), "the symbol does not allow changing orders"),
    .init(-5025, .reject(.other), "only limit orders can be changed"),
    .init(-5026, .reject(.other), "the order was changed too often"),
    .init(-5027, .reject(.notModified), "the order stands like that already"),
    .init(-5028, .measureClock, "the request reached the matching engine too late"),
    .init(
      -5029, .reject(.notionalTooSmall), "the changed order would be worth less than the minimum"),
    .init(-5037, .reject(.other), "this price match is not valid"),
    .init(-5038, .reject(.other), "this order type takes no price match"),
    .init(-5039, .reject(.other), "this self-trade prevention is not valid"),
    .init(-5040, .reject(.other), "the good-till date must lie ahead"),
    .init(-5041, .reject(.other), "no price on the other side to match"),
  ]
}
