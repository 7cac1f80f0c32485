import TradingModel
import Transport

/// What REST shows of trades, candles and books.
///
/// Source: Binance USD-M futures, market data endpoints.
enum BinanceMarketRows {
  static func trade(_ print: MarketPrint, _ text: ContractText) -> JSONValue {
    [
      "id": .integer(print.number), "price": text.price(print.trade.price),
      "qty": text.quantity(print.trade.quantity),
      "quoteQty": JSONValue(print.trade.price * print.trade.quantity),
      "time": .integer(print.trade.time.milliseconds),
      "isBuyerMaker": .bool(print.trade.aggressor == .sell), "isRPITrade": false,
    ]
  }

  /// Each trade is an aggregate of its own.
  static func aggregate(_ print: MarketPrint, _ text: ContractText) -> JSONValue {
    let quantity = text.quantity(print.trade.quantity)
    return [
      "a": .integer(print.number), "p": text.price(print.trade.price), "q": quantity,
      "nq": quantity, "f": .integer(print.number), "l": .integer(print.number),
      "T": .integer(print.trade.time.milliseconds), "m": .bool(print.trade.aggressor == .sell),
    ]
  }

  static func candle(
    _ candle: MarketCandle, _ interval: ChartInterval, _ text: ContractText
  ) -> JSONValue {
    [
      .integer(candle.start.milliseconds), text.price(candle.open), text.price(candle.high),
      text.price(candle.low), text.price(candle.close), text.volume(candle.volume),
      .integer(interval.end(from: candle.start).milliseconds - 1), JSONValue(candle.turnover),
      .integer(candle.tradeCount), text.volume(candle.takerVolume),
      JSONValue(candle.takerTurnover), "0",
    ]
  }

  /// A candle of a price at which nothing is traded: index and mark.
  static func priceCandle(_ candle: MarketCandle, _ interval: ChartInterval) -> JSONValue {
    [
      .integer(candle.start.milliseconds), BinanceRows.eightPlaces(candle.open),
      BinanceRows.eightPlaces(candle.high), BinanceRows.eightPlaces(candle.low),
      BinanceRows.eightPlaces(candle.close), "0",
      .integer(interval.end(from: candle.start).milliseconds - 1), "0",
      .integer(candle.tradeCount), "0", "0", "0",
    ]
  }

  static func levels(_ levels: some Sequence<BookLevel>, _ text: ContractText) -> JSONValue {
    .array(levels.map { [text.price($0.price), text.quantity($0.quantity)] })
  }

  static func depth(
    _ book: SyntheticBook, limit: Int, id: Int64, _ text: ContractText, now: Timestamp
  ) -> JSONValue {
    [
      "lastUpdateId": .integer(id), "E": .integer(now.milliseconds),
      "T": .integer(now.milliseconds), "bids": levels(book.bids.prefix(limit), text),
      "asks": levels(book.asks.prefix(limit), text),
    ]
  }

  static func bookTicker(_ board: SymbolBoard, _ market: BinanceMarket) -> JSONObject {
    let text = ContractText(board.instrument)
    let book = market.book(board, depth: 1)
    return [
      "symbol": .string(board.symbol.name), "bidPrice": text.price(book.bids.first?.price ?? .zero),
      "bidQty": text.quantity(book.bids.first?.quantity ?? .zero),
      "askPrice": text.price(book.asks.first?.price ?? .zero),
      "askQty": text.quantity(book.asks.first?.quantity ?? .zero),
      "time": .integer(market.time.milliseconds), "lastUpdateId": .integer(market.updateID),
    ]
  }

  static func price(_ board: SymbolBoard, _ now: Timestamp) -> JSONObject {
    [
      "symbol": .string(board.symbol.name),
      "price": ContractText(board.instrument).price(board.last),
      "time": .integer(now.milliseconds),
    ]
  }
}
