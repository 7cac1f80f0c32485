import TradingModel

/// Where venues differ in what they refuse and keep. The defaults are Bybit's.
public struct PaperRules: Sendable, Hashable {
  /// What a margin mode is set for.
  public enum MarginScope: String, Sendable, Hashable, Codable {
    /// Bybit: the whole account, while it is flat.
    case account
    /// Binance: each symbol by itself, while it has no position and no order.
    case symbol
  }

  /// By which value an isolated position's maintenance margin is judged.
  public enum MaintenanceBasis: String, Sendable, Hashable, Codable {
    /// Bybit: its cost at entry, so that the liquidation price stays where it is.
    case entry
    /// Binance: its value at mark.
    case mark
  }

  /// Active orders that one symbol may have.
  public var activeOrderLimit: Int
  /// Conditional orders, stops and targets of positions outside, that one symbol may have; the whole
  /// account where `conditionalLimitIsOfAccount`.
  public var conditionalOrderLimit: Int
  public var conditionalLimitIsOfAccount: Bool
  /// A post-only order that would take is refused; otherwise it is taken and cancelled at once.
  public var refusesTakingPostOnly: Bool
  /// A client id may be used again once its order has ended.
  public var freesLinksOfEnded: Bool
  public var marginScope: MarginScope
  public var maintenanceBasis: MaintenanceBasis
  /// Fees to open and to close count as used margin.
  public var reservesFees: Bool
  /// The leverage of an open isolated position may not be lowered.
  public var locksIsolatedLeverage: Bool
  /// A closing order above the largest order is taken, and split by the venue.
  public var splitsLargeReductions: Bool
  /// A closing order of a hedge slot that is larger than its position is cut down, not refused.
  public var cutsHedgeReductions: Bool
  /// How far above mark a limit may buy, and below it sell.
  public var priceBand: Ratio

  /// Source: Bybit V5 `POST /v5/order/create` (limits of 500 and 10), enums of `rejectReason`;
  /// `instruments-info`, `priceLimitRatioX` of the loopback.
  public static let bybit = PaperRules(
    activeOrderLimit: 500, conditionalOrderLimit: 10, conditionalLimitIsOfAccount: false,
    refusesTakingPostOnly: false, freesLinksOfEnded: false, marginScope: .account,
    maintenanceBasis: .entry, reservesFees: true, locksIsolatedLeverage: false,
    splitsLargeReductions: true, cutsHedgeReductions: true, priceBand: .percent(5))

  /// Source: Binance USD-M `exchangeInfo` (`MAX_NUM_ORDERS`, `PERCENT_PRICE`, `MARKET_LOT_SIZE`), error
  /// codes −5022, −4116, −4161, −2022, and the Algo Service's 200 conditional orders over all symbols.
  public static let binance = PaperRules(
    activeOrderLimit: 200, conditionalOrderLimit: 200, conditionalLimitIsOfAccount: true,
    refusesTakingPostOnly: true, freesLinksOfEnded: true, marginScope: .symbol,
    maintenanceBasis: .mark, reservesFees: false, locksIsolatedLeverage: true,
    splitsLargeReductions: false, cutsHedgeReductions: false, priceBand: .percent(5))
}
