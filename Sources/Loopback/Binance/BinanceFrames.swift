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
    _ trade: Trade, number: Int64, _ text: ContractText, now: Timestamp
  ) -> JSONObject {
    let quantity = text.quantity(trade.quantity)
    return [
      "e": "aggTrade", "E": .integer(now.milliseconds), "a": .integer(number),
      "s": .string(trade.symbol.name), "p": text.price(trade.price), "q": quantity,
      "nq": quantity, "f": .integer(number), "l": .integer(number),
      "T": .integer(trade.time.milliseconds), "m": .bool(trade.aggressor == .sell),
      "ps": .string(trade.symbol.name), "st": usdMargined,
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
}
