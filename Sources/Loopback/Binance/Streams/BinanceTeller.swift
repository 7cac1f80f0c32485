import TradingModel
import Transport

/// Tells one stream: knows what it told last, and when it may speak again.
struct BinanceTeller: Sendable {
  /// The beat of the market is not exact: what is due within this is due.
  private static let tolerance = Duration.milliseconds(20)

  let topic: BinanceTopic
  private var due: Timestamp?
  private var toldBoards: [Symbol: SymbolBoard] = [:]
  private var toldTouch: [Symbol: [BookLevel?]] = [:]
  private var book: SyntheticBook?
  private var lastID: Int64 = 0
  private var candle: MarketCandle?
  private var toldContracts: [Symbol: Instrument] = [:]

  /// - Parameter market: As it stands now: what follows is told as a change of it.
  init(_ topic: BinanceTopic, after market: BinanceMarket?) {
    self.topic = topic
    guard let market else { return }
    lastID = market.updateID
    for board in market.boards { toldContracts[board.symbol] = board.instrument }
    if case .depth(let symbol, _) = topic, let board = market[symbol] {
      book = market.book(board)
    }
  }

  /// - Parameter liquidations: Those that are told now.
  /// - Returns: Messages in order.
  mutating func tell(_ market: BinanceMarket, _ liquidations: [Liquidation]) -> [JSONValue] {
    switch topic {
    case .trade(let symbol):
      return prints(of: symbol, market) { BinanceFrames.trade($0, $1, now: $2) }
    case .aggregateTrade(let symbol):
      return prints(of: symbol, market) { BinanceFrames.aggregateTrade($0, $1, now: $2) }
    case .liquidation(let symbol):
      return liquidations.compactMap { liquidation in
        guard symbol == nil || liquidation.symbol == symbol,
          let board = market[liquidation.symbol]
        else { return nil }
        return .object(
          BinanceFrames.forceOrder(
            liquidation, ContractText(board.instrument), now: market.time))
      }
    case .bookTicker(let symbol?): return touches([market[symbol]], market)
    case .contract: return contracts(market)
    case .silent, .account: return []
    default: break
    }
    guard isDue(market.time) else { return [] }
    switch topic {
    case .depth(let symbol, _): return depth(symbol, market)
    case .partialDepth(let symbol, let levels, _): return partialDepth(symbol, levels, market)
    case .bookTicker: return touches(market.boards, market)
    case .mark(let symbol, _):
      return boards(symbol, market) { BinanceFrames.markPrice($0, now: $1) }
    case .ticker(let symbol): return boards(symbol, market) { BinanceFrames.dayTicker($0, now: $1) }
    case .miniTicker(let symbol):
      return boards(symbol, market) { BinanceFrames.miniTicker($0, now: $1) }
    case .assetIndex(let asset):
      let frames = market.boards.map { BinanceFrames.assetIndex($0, now: market.time) }
      guard let asset else { return [.array(frames.map { .object($0) })] }
      return frames.filter { $0["s"] == .string(asset) }.map { .object($0) }
    case .candle(let symbol, let name, let interval):
      return candles(symbol, interval, market) {
        BinanceFrames.candle($0, name, interval, isClosed: $1, market[symbol], now: market.time)
      }
    case .continuousCandle(let symbol, let name, let interval):
      return candles(symbol, interval, market) {
        BinanceFrames.continuousCandle(
          $0, name, interval, isClosed: $1, market[symbol], now: market.time)
      }
    default: return []
    }
  }

  private var interval: Duration {
    switch topic {
    case .depth(_, let speed), .partialDepth(_, _, let speed): speed.interval
    case .bookTicker: .seconds(5)
    case .assetIndex: .seconds(1)
    case .mark(_, let isFast): isFast ? .seconds(1) : .seconds(3)
    case .ticker(let symbol), .miniTicker(let symbol):
      symbol == nil ? .seconds(1) : .seconds(2)
    case .candle, .continuousCandle: .milliseconds(250)
    default: .zero
    }
  }

  private mutating func isDue(_ now: Timestamp) -> Bool {
    if let due, now + Self.tolerance < due { return false }
    // A stream that was late does not hurry afterwards.
    due = max(due ?? now, now - interval) + interval
    return true
  }

  private func prints(
    of symbol: Symbol, _ market: BinanceMarket,
    _ frame: (MarketPrint, ContractText, Timestamp) -> JSONObject
  ) -> [JSONValue] {
    guard let board = market[symbol] else { return [] }
    let text = ContractText(board.instrument)
    return market.trades.filter { $0.trade.symbol == symbol }
      .map { .object(frame($0, text, market.time)) }
  }

  /// Contracts whose rules changed, and new ones.
  private mutating func contracts(_ market: BinanceMarket) -> [JSONValue] {
    market.boards.compactMap { board in
      guard toldContracts.updateValue(board.instrument, forKey: board.symbol) != board.instrument
      else { return nil }
      return .object(BinanceFrames.contract(board.instrument, now: market.time))
    }
  }

  /// The best bid and ask of those on which they changed.
  private mutating func touches(_ boards: [SymbolBoard?], _ market: BinanceMarket) -> [JSONValue] {
    boards.compactMap { board in
      guard let board else { return nil }
      let book = market.book(board, depth: 1)
      let touch = [book.bids.first, book.asks.first]
      guard toldTouch[board.symbol] != touch else { return nil }
      toldTouch[board.symbol] = touch
      return .object(BinanceFrames.bookTicker(book, board, market))
    }
  }

  /// What changed since the last event, whose id this one names.
  private mutating func depth(_ symbol: Symbol, _ market: BinanceMarket) -> [JSONValue] {
    guard let board = market[symbol], market.updateID > lastID else { return [] }
    let now = market.book(board)
    guard let before = book else {
      // A contract of a recording that has only just shown up.
      (book, lastID) = (now, market.updateID)
      return []
    }
    let changes = now.changes(since: before)
    guard !changes.bids.isEmpty || !changes.asks.isEmpty else { return [] }
    let frame = BinanceFrames.depth(
      bids: changes.bids, asks: changes.asks, board,
      ids: (BinanceMarket.firstID(after: lastID), market.updateID, lastID), now: market.time)
    book = now
    lastID = market.updateID
    return [.object(frame)]
  }

  private mutating func partialDepth(
    _ symbol: Symbol, _ levels: Int, _ market: BinanceMarket
  ) -> [JSONValue] {
    guard let board = market[symbol] else { return [] }
    let now = market.book(board, depth: levels)
    guard now != book else { return [] }
    book = now
    defer { lastID = market.updateID }
    return [
      .object(
        BinanceFrames.depth(
          bids: now.bids, asks: now.asks, board,
          ids: (BinanceMarket.firstID(after: lastID), market.updateID, lastID), now: market.time))
    ]
  }

  /// An object for one symbol; for all an array of those that changed, marks of all.
  private mutating func boards(
    _ symbol: Symbol?, _ market: BinanceMarket, _ frame: (SymbolBoard, Timestamp) -> JSONObject
  ) -> [JSONValue] {
    if let symbol { return market[symbol].map { [.object(frame($0, market.time))] } ?? [] }
    var told = market.boards
    if case .mark = topic {
    } else {
      told = told.filter { toldBoards[$0.symbol] != $0 }
      for board in told { toldBoards[board.symbol] = board }
    }
    return told.isEmpty ? [] : [.array(told.map { .object(frame($0, market.time)) })]
  }

  /// A candle that ended is told once more as closed, before the next one.
  private mutating func candles(
    _ symbol: Symbol, _ interval: ChartInterval, _ market: BinanceMarket,
    _ frame: (MarketCandle, Bool) -> JSONObject
  ) -> [JSONValue] {
    let tape = market.news.binanceTape
    guard let current = tape.candle(of: symbol, interval, at: market.time) else { return [] }
    var frames: [JSONValue] = []
    if let told = candle, told.start < current.start {
      let closed = tape.candle(of: symbol, interval, at: told.start) ?? told
      frames.append(.object(frame(closed, true)))
    }
    if candle != current { frames.append(.object(frame(current, false))) }
    candle = current
    return frames
  }
}
