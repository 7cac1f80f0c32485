import TradingModel
import Transport

/// The payloads of market streams, with `ps` and `st` as they are since June 2026.
///
/// Source: Binance USD-M futures, market streams, and frames captured live.
enum BinanceFrames {
  /// `st` of USD-M contracts.
  private static let usdMargined: JSONValue = 1

  /// `S` is the side of the order: SELL closed a long.
  static func forceOrder(_ liquidation: Liquidation, _ text: ContractText, now: Timestamp)
    -> JSONObject
  {
    let quantity = text.quantity(liquidation.quantity)
    let name = JSONValue.string(liquidation.symbol.name)
    return [
      "e": "forceOrder", "E": .integer(now.milliseconds),
      "o": [
        "s": name, "S": liquidation.closed == .long ? "SELL" : "BUY", "o": "LIMIT", "f": "IOC",
        "q": quantity, "p": text.price(liquidation.price),
        "ap": text.price(liquidation.averagePrice), "X": "FILLED", "l": quantity, "z": quantity,
        "T": .integer(liquidation.time.milliseconds), "ps": name, "st": usdMargined,
      ],
    ]
  }

  static func aggregateTrade(
    _ print: MarketPrint, _ text: ContractText, now: Timestamp
  ) -> JSONObject {
    let trade = print.trade
    let quantity = text.quantity(trade.quantity)
    return [
      "e": "aggTrade", "E": .integer(now.milliseconds), "a": .integer(print.number),
      "s": .string(trade.symbol.name), "p": text.price(trade.price), "q": quantity,
      "nq": quantity, "f": .integer(print.number), "l": .integer(print.number),
      "T": .integer(trade.time.milliseconds), "m": .bool(trade.aggressor == .sell),
      "ps": .string(trade.symbol.name), "st": usdMargined,
    ]
  }

  static func trade(_ print: MarketPrint, _ text: ContractText, now: Timestamp) -> JSONObject {
    let trade = print.trade
    return [
      "e": "trade", "E": .integer(now.milliseconds), "T": .integer(trade.time.milliseconds),
      "s": .string(trade.symbol.name), "t": .integer(print.number), "p": text.price(trade.price),
      "q": text.quantity(trade.quantity), "X": "MARKET", "m": .bool(trade.aggressor == .sell),
      "ps": .string(trade.symbol.name), "st": usdMargined,
    ]
  }

  static func depth(
    bids: [BookLevel], asks: [BookLevel], _ board: SymbolBoard,
    ids: (first: Int64, last: Int64, previous: Int64), now: Timestamp
  ) -> JSONObject {
    let text = ContractText(board.instrument)
    return [
      "e": "depthUpdate", "E": .integer(now.milliseconds), "T": .integer(now.milliseconds),
      "s": .string(board.symbol.name), "ps": .string(board.symbol.name),
      "U": .integer(ids.first), "u": .integer(ids.last), "pu": .integer(ids.previous),
      "b": BinanceMarketRows.levels(bids, text), "a": BinanceMarketRows.levels(asks, text),
      "st": usdMargined,
    ]
  }

  static func bookTicker(
    _ book: SyntheticBook, _ board: SymbolBoard, _ market: BinanceMarket
  ) -> JSONObject {
    let text = ContractText(board.instrument)
    let (bid, ask) = (book.bids.first, book.asks.first)
    return [
      "e": "bookTicker", "u": .integer(market.updateID), "s": .string(board.symbol.name),
      "ps": .string(board.symbol.name), "b": text.price(bid?.price ?? .zero),
      "B": text.quantity(bid?.quantity ?? .zero), "a": text.price(ask?.price ?? .zero),
      "A": text.quantity(ask?.quantity ?? .zero), "T": .integer(market.time.milliseconds),
      "E": .integer(market.time.milliseconds), "st": usdMargined,
    ]
  }

  static func markPrice(_ board: SymbolBoard, now: Timestamp) -> JSONObject {
    let mark = BinanceRows.eightPlaces(board.mark)
    return [
      "e": "markPriceUpdate", "E": .integer(now.milliseconds), "s": .string(board.symbol.name),
      "p": mark, "ap": mark, "i": BinanceRows.eightPlaces(board.ticker.index ?? board.mark),
      "P": mark, "r": BinanceRows.funding(board),
      "T": .integer(board.nextFunding(after: now).milliseconds),
      "ps": .string(board.symbol.name), "st": usdMargined,
    ]
  }

  /// A contract whose rules changed, with its brackets.
  static func contract(_ instrument: Instrument, now: Timestamp) -> JSONObject {
    let name = JSONValue.string(instrument.symbol.name)
    return [
      "e": "contractInfo", "E": .integer(now.milliseconds), "s": name, "ps": name,
      "ct": "PERPETUAL", "dt": .integer(BinanceRows.deliveryDate),
      "ot": .integer(BinanceRows.onboardDate), "cs": .string(BinanceRows.status(instrument)),
      "bks": BinanceRows.streamedBrackets(instrument), "st": usdMargined,
    ]
  }

  /// What an asset counts for in multi-assets mode: its index, with buffers around it.
  static func assetIndex(_ board: SymbolBoard, now: Timestamp) -> JSONObject {
    let index = board.ticker.index ?? board.mark
    func off(_ percent: Int64) -> JSONValue {
      BinanceRows.eightPlaces(
        Price(uncheckedCount: index.wideCount * Int128(100 + percent) / 100))
    }
    return [
      "e": "assetIndexUpdate", "E": .integer(now.milliseconds),
      "s": .string("\(board.symbol.base)USD"), "i": BinanceRows.eightPlaces(index),
      "b": "0.10000000", "a": "0.10000000", "B": off(-10), "A": off(10), "q": "0.05000000",
      "g": "0.05000000", "Q": off(-5), "G": off(5),
    ]
  }

  static func dayTicker(_ board: SymbolBoard, now: Timestamp) -> JSONObject {
    let text = ContractText(board.instrument)
    let day = BinanceDay(board, now)
    return [
      "e": "24hrTicker", "E": .integer(now.milliseconds), "s": .string(board.symbol.name),
      "p": .string(day.change), "P": .string(day.changePercent),
      "w": board.ticker.vwap24h.map(BinanceRows.eightPlaces) ?? "", "c": text.price(board.last),
      "Q": text.quantity(board.lastTrade?.quantity, none: ""), "o": text.price(board.open),
      "h": text.price(board.high), "l": text.price(board.low),
      "v": text.volume(board.volume24h),
      "q": .string(board.ticker.turnover24h?.text(decimals: 2) ?? ""),
      "O": .integer(day.start.milliseconds), "C": .integer(now.milliseconds),
      "F": .integer(day.firstTrade), "L": .integer(board.tradeCount),
      "n": .integer(board.tradeCount), "ps": .string(board.symbol.name), "st": usdMargined,
    ]
  }

  static func miniTicker(_ board: SymbolBoard, now: Timestamp) -> JSONObject {
    let text = ContractText(board.instrument)
    return [
      "e": "24hrMiniTicker", "E": .integer(now.milliseconds), "s": .string(board.symbol.name),
      "c": text.price(board.last), "o": text.price(board.open), "h": text.price(board.high),
      "l": text.price(board.low), "v": text.volume(board.volume24h),
      "q": .string(board.ticker.turnover24h?.text(decimals: 2) ?? ""),
      "ps": .string(board.symbol.name), "st": usdMargined,
    ]
  }

  static func candle(
    _ candle: MarketCandle, _ name: String, _ interval: ChartInterval, isClosed: Bool,
    _ board: SymbolBoard?, now: Timestamp
  ) -> JSONObject {
    guard let board else { return [:] }
    var inside = self.inside(candle, name, interval, isClosed: isClosed, board)
    inside["s"] = .string(board.symbol.name)
    return [
      "e": "kline", "E": .integer(now.milliseconds), "s": .string(board.symbol.name),
      "k": .object(inside), "ps": .string(board.symbol.name), "st": usdMargined,
    ]
  }

  static func continuousCandle(
    _ candle: MarketCandle, _ name: String, _ interval: ChartInterval, isClosed: Bool,
    _ board: SymbolBoard?, now: Timestamp
  ) -> JSONObject {
    guard let board else { return [:] }
    return [
      "e": "continuous_kline", "E": .integer(now.milliseconds),
      "ps": .string(board.symbol.name), "ct": "PERPETUAL",
      "k": .object(inside(candle, name, interval, isClosed: isClosed, board)), "st": usdMargined,
    ]
  }

  private static func inside(
    _ candle: MarketCandle, _ name: String, _ interval: ChartInterval, isClosed: Bool,
    _ board: SymbolBoard
  ) -> JSONObject {
    let text = ContractText(board.instrument)
    return [
      "t": .integer(candle.start.milliseconds),
      "T": .integer(interval.end(from: candle.start).milliseconds - 1), "i": .string(name),
      "f": .integer(max(1, board.tradeCount - candle.tradeCount + 1)),
      "L": .integer(board.tradeCount), "o": text.price(candle.open), "c": text.price(candle.close),
      "h": text.price(candle.high), "l": text.price(candle.low), "v": text.volume(candle.volume),
      "n": .integer(candle.tradeCount), "x": .bool(isClosed), "q": JSONValue(candle.turnover),
      "V": text.volume(candle.takerVolume), "Q": JSONValue(candle.takerTurnover), "B": "0",
    ]
  }
}
