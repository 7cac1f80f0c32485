import TradingModel

/// Rules guessed from a recording, for replays without the venue's own.
///
/// The tick is the finest decimal among the prices of a symbol's trades, or of its liquidations
/// where no trade was recorded (averages of several fills may be finer than the true tick); the
/// step is the finest decimal among its quantities. The least value is 5 USDT; there is no largest
/// order.
public enum DerivedInstruments {
  private struct Digits {
    var tradePrice: Int64 = unit
    var averagePrice: Int64 = unit
    var quantity: Int64 = unit
    var hasTrades = false
  }

  /// Counts in one whole: no tick or step is taken to be larger.
  private static let unit: Int64 = 100_000_000

  /// Sorted by symbol.
  public static func of(_ events: [RecordedEvent]) -> [Instrument] {
    var seen: [Symbol: Digits] = [:]
    for event in events {
      switch event.event {
      case .trade(let trade):
        seen[trade.symbol, default: Digits()].hasTrades = true
        refine(&seen[trade.symbol, default: Digits()].tradePrice, by: trade.price.count)
        refine(&seen[trade.symbol, default: Digits()].quantity, by: trade.quantity.count)
      case .liquidation(let event):
        refine(&seen[event.symbol, default: Digits()].averagePrice, by: event.averagePrice.count)
        refine(&seen[event.symbol, default: Digits()].quantity, by: event.quantity.count)
      case .ticker:
        continue
      }
    }
    return seen.keys.sorted().compactMap { symbol in
      seen[symbol].map { instrument(symbol, $0) }
    }
  }

  private static func instrument(_ symbol: Symbol, _ digits: Digits) -> Instrument {
    let tick = digits.hasTrades ? digits.tradePrice : digits.averagePrice
    let step = Quantity(uncheckedCount: Int128(digits.quantity))
    let largest = Quantity(uncheckedCount: Quantity.limit).roundedDown(toMultipleOf: step)
    return Instrument(
      symbol: symbol, tickSize: Price(uncheckedCount: Int128(tick)), quantityStep: step,
      minQuantity: step, maxQuantity: largest, maxMarketQuantity: largest)
  }

  /// The greatest power of ten that divides both.
  private static func refine(_ finest: inout Int64, by count: Int64) {
    while finest > 1, !count.isMultiple(of: finest) { finest /= 10 }
  }
}
