/// The venue's rules for one contract. They come from the venue and are refreshed, never typed in.
///
/// Source: Bybit V5 `GET /v5/market/instruments-info` (`priceFilter`, `lotSizeFilter`,
/// `leverageFilter`); Binance `GET /fapi/v1/exchangeInfo` (`PRICE_FILTER`, `LOT_SIZE`,
/// `MARKET_LOT_SIZE`, `MIN_NOTIONAL`).
public struct Instrument: Sendable, Hashable, Codable {
  public var symbol: Symbol
  public var isTrading: Bool
  /// Prices are multiples of this, in USDT.
  public var tickSize: Price
  public var minPrice: Price
  public var maxPrice: Price
  /// Quantities are multiples of this, in base units.
  public var quantityStep: Quantity
  public var minQuantity: Quantity
  /// The largest limit order.
  public var maxQuantity: Quantity
  /// The largest market order.
  public var maxMarketQuantity: Quantity
  /// An opening order costs at least this, in USDT.
  public var minNotional: Notional
  public var maxLeverage: Ratio
  public var leverageStep: Ratio
  public var fundingInterval: Duration

  public init(
    symbol: Symbol, isTrading: Bool = true, tickSize: Price, minPrice: Price = .zero,
    maxPrice: Price = Price(uncheckedCount: Price.limit), quantityStep: Quantity,
    minQuantity: Quantity, maxQuantity: Quantity, maxMarketQuantity: Quantity,
    minNotional: Notional = .usdt(5), maxLeverage: Ratio = .times(100),
    leverageStep: Ratio = .percent(1), fundingInterval: Duration = .hours(8)
  ) {
    self.symbol = symbol
    self.isTrading = isTrading
    self.tickSize = tickSize
    self.minPrice = minPrice
    self.maxPrice = maxPrice
    self.quantityStep = quantityStep
    self.minQuantity = minQuantity
    self.maxQuantity = maxQuantity
    self.maxMarketQuantity = maxMarketQuantity
    self.minNotional = minNotional
    self.maxLeverage = maxLeverage
    self.leverageStep = leverageStep
    self.fundingInterval = fundingInterval
  }
}
