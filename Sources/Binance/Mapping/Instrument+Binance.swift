import TradingModel
import Transport

extension Instrument {
  /// What is taken where the venue was not asked for the brackets of leverage, which needs a key:
  /// nearly every perpetual allows it.
  static let modestLeverage = Ratio.times(20)

  /// A symbol of `/fapi/v1/exchangeInfo`; nil for what is no USDT perpetual. `pricePrecision` and
  /// `quantityPrecision` are neither tick nor step and are not read.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Exchange-Information
  ///
  /// - Parameters:
  ///   - maxLeverage: Of the symbol's first bracket; nil where unknown.
  ///   - fundingInterval: Nil where the venue says nothing, which means eight hours.
  init?(
    binance row: JSONValue, maxLeverage: Ratio?, fundingInterval: Duration?
  ) throws(JSONError) {
    guard try row.string("contractType") == "PERPETUAL", try row.string("quoteAsset") == "USDT",
      try row.optionalString("marginAsset") ?? "USDT" == "USDT"
    else { return nil }
    let filters = try row.array("filters")
    func filter(_ name: String) throws(JSONError) -> JSONValue {
      guard let found = filters.first(where: { $0["filterType"]?.stringValue == name }) else {
        throw .missing(path: "filters.\(name)")
      }
      return found
    }
    let price = try filter("PRICE_FILTER")
    let lot = try filter("LOT_SIZE")
    let market = filters.first { $0["filterType"]?.stringValue == "MARKET_LOT_SIZE" } ?? lot
    let notional = filters.first { $0["filterType"]?.stringValue == "MIN_NOTIONAL" }
    // Zero switches a bound off.
    let highest: Price = try price.amount("maxPrice")
    self.init(
      symbol: try row.rowSymbol, isTrading: try row.string("status") == "TRADING",
      tickSize: try price.amount("tickSize"), minPrice: try price.amount("minPrice"),
      maxPrice: highest.isZero ? Price(uncheckedCount: Price.limit) : highest,
      quantityStep: try lot.amount("stepSize"),
      minQuantity: max(try lot.amount("minQty"), try market.amount("minQty")),
      maxQuantity: try lot.amount("maxQty"), maxMarketQuantity: try market.amount("maxQty"),
      minNotional: try notional?.amount("notional") ?? .usdt(5),
      maxLeverage: maxLeverage ?? Self.modestLeverage, leverageStep: .one,
      fundingInterval: fundingInterval ?? .hours(8))
  }
}

/// The brackets of one symbol: the larger a position, the less leverage and the more maintenance
/// margin.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Notional-and-Leverage-Brackets
public struct LeverageBrackets: Sendable, Hashable {
  public struct Bracket: Sendable, Hashable {
    public var maxLeverage: Ratio
    /// From where to where it counts, in USDT.
    public var floor: Notional
    public var cap: Notional
    public var maintenanceRate: Ratio
    /// Taken off the maintenance margin, in USDT.
    public var deduction: Notional
  }

  public var symbol: Symbol
  /// The smallest positions first.
  public var brackets: [Bracket]

  init(binance row: JSONValue) throws(JSONError) {
    symbol = try row.rowSymbol
    brackets = try row.map("brackets") { bracket throws(JSONError) in
      Bracket(
        maxLeverage: try bracket.amount("initialLeverage"),
        floor: try bracket.amount("notionalFloor"), cap: try bracket.amount("notionalCap"),
        maintenanceRate: try bracket.amount("maintMarginRatio"),
        deduction: try bracket.optionalAmount("cum") ?? .zero)
    }.sorted { $0.floor < $1.floor }
  }

  public var maxLeverage: Ratio? { brackets.map(\.maxLeverage).max() }

  /// What a position of that size must keep: notional × rate − deduction, in USDT.
  public func maintenanceMargin(of notional: Notional) throws(AmountError) -> Notional? {
    guard let bracket = brackets.last(where: { notional >= $0.floor }) else { return nil }
    return try notional.scaled(by: bracket.maintenanceRate) - bracket.deduction
  }
}
