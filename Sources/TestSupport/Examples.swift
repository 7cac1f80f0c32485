import TradingModel

extension Instrument {
  public static func example(
    _ symbol: Symbol = "BTCUSDT", tick: Price = "0.10", step: Quantity = "0.001",
    minimum: Quantity = "0.001", maximum: Quantity = "1190", minNotional: Notional = "5"
  ) -> Instrument {
    Instrument(
      symbol: symbol, tickSize: tick, quantityStep: step, minQuantity: minimum,
      maxQuantity: maximum, maxMarketQuantity: maximum, minNotional: minNotional)
  }
}

extension Position {
  public static func example(
    _ symbol: Symbol = "BTCUSDT", slot: PositionSlot = .oneWay, side: PositionSide = .long,
    quantity: Quantity = "0.12", entry: Price = "64210", mark: Price? = "64980.5",
    stop: Price? = "63250", target: Price? = "66100", margin: Notional? = nil,
    at time: Timestamp = .noon
  ) -> Position {
    Position(
      key: PositionKey(symbol, slot), side: side, quantity: quantity, entryPrice: entry,
      markPrice: mark, leverage: .times(5), initialMargin: margin, stop: stop, target: target,
      createdAt: time, updatedAt: time)
  }
}

extension Wallet {
  public static func example(
    equity: Notional = "10000", balance: Notional? = nil, available: Notional? = nil,
    initialMargin: Notional? = "0", at time: Timestamp = .noon
  ) -> Wallet {
    Wallet(
      equity: equity, balance: balance ?? equity, available: available ?? equity,
      initialMargin: initialMargin, updatedAt: time)
  }
}

extension Liquidation {
  public static func example(
    _ symbol: Symbol = "BTCUSDT", closed: PositionSide = .long, price: Price = "64000",
    quantity: Quantity = "1", venue: Venue = .binance, at time: Timestamp = .noon
  ) -> Liquidation {
    Liquidation(
      venue: venue, symbol: symbol, closed: closed, price: price, averagePrice: price,
      quantity: quantity, time: time)
  }
}
