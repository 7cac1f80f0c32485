import Simulation
import TradingModel

// The account follows the market and the clock.

extension BinanceAccount {
  /// Margin calls are told from this share of the margin on.
  private static let callShare = Ratio.percent(80)

  /// Brings the account to where the market stands.
  mutating func follow(_ market: BinanceMarket, at now: Timestamp) {
    self.market = market
    list(market.boards.map(\.instrument))
    for print in market.trades {
      venue.trade(
        print.trade.symbol, at: print.trade.price, quantity: print.trade.quantity,
        aggressor: print.trade.aggressor, time: now)
      settle(at: now)
      hear(print.trade.price, .contract, of: print.trade.symbol, at: now)
    }
    for board in market.boards where toldTickers[board.symbol] != board.ticker {
      toldTickers[board.symbol] = board.ticker
      venue.move(
        board.symbol, last: board.ticker.last, mark: board.ticker.mark, bid: board.ticker.bid,
        ask: board.ticker.ask, fundingRate: board.ticker.fundingRate, at: now)
      settle(at: now)
      hear(board.last, .contract, of: board.symbol, at: now)
      hear(board.mark, .mark, of: board.symbol, at: now)
    }
    expire(at: now)
    callMargins(at: now)
  }

  /// Shows the paper venue what an order of a contract would meet now, so that a large one fills in
  /// pieces. A market without a spread has no book.
  mutating func showBook(of symbol: Symbol, at now: Timestamp) {
    guard let market, let board = market[symbol], let bid = board.ticker.bid,
      let ask = board.ticker.ask, bid < ask
    else { return }
    let book = market.book(board)
    venue.show(PaperBook(bids: book.bids, asks: book.asks), of: symbol, at: now)
    settle(at: now)
  }

  /// Whether the book holds as much as an order that must fill whole.
  func holdsAll(of request: BinanceOrder.Request) -> Bool {
    guard let price = request.price, let market, let board = market[request.symbol],
      let book = venue.market(request.symbol)?.book
    else { return true }
    let isBuy = request.side == .buy
    let levels = (isBuy ? book.asks : book.bids).filter {
      isBuy ? $0.price <= price : $0.price >= price
    }
    let held = levels.reduce(Int128.zero) { $0 + $1.quantity.wideCount }
    return board.ticker.bid == board.ticker.ask || held >= request.quantity.wideCount
  }

  /// What ends by the clock: orders with a date, countdowns, the listen key.
  private mutating func expire(at now: Timestamp) {
    for order in openOrders()
    where order.request.goodTillDate > 0 && order.request.goodTillDate <= now.milliseconds {
      do { try cancel(order.number, isOutdated: true, at: now) } catch {}
    }
    for symbol in countdowns.keys.sorted() where (countdowns[symbol] ?? now) <= now {
      countdowns[symbol] = nil
      cancelAll(symbol, at: now)
    }
    if let key = listenKey, key.validUntil <= now { expireListenKey(at: now) }
  }

  private mutating func callMargins(at now: Timestamp) {
    for position in venue.openPositions() {
      let report = PositionReport(position, on: venue)
      let margin = margin(of: report, at: now)
      let isNear =
        margin <= .zero
        || report.maintenanceMargin.wideCount * Ratio.one.wideCount
          >= margin.wideCount * Self.callShare.wideCount
      if !isNear {
        marginCalls.remove(position.key)
      } else if marginCalls.insert(position.key).inserted {
        tellMarginCall(report, at: now)
      }
    }
    marginCalls = marginCalls.filter { !(venue.position($0)?.isFlat ?? true) }
  }

  /// What stands behind a position: its own margin and profit, or the cross balance.
  private func margin(of report: PositionReport, at now: Timestamp) -> Notional {
    isIsolated(report.position.key.symbol)
      ? report.position.isolatedMargin + report.unrealised : venue.wallet(at: now).equity
  }

  // MARK: Listen keys

  /// Makes a key, or prolongs the one there is.
  mutating func openListenKey(at now: Timestamp) -> String {
    let text = listenKey?.text ?? makeID(length: 64)
    listenKey = BinanceListenKey(text: text, validUntil: now + settings.listenKeyLife)
    return text
  }

  mutating func keepListenKey(at now: Timestamp) throws(BinanceRefusal) -> String {
    guard let key = listenKey else { throw .unknownListenKey }
    listenKey?.validUntil = now + settings.listenKeyLife
    return key.text
  }

  /// Ends the key in silence, as a client asks for it.
  mutating func closeListenKey() { listenKey = nil }

  /// Ends the key and says so.
  mutating func expireListenKey(at now: Timestamp) {
    guard let key = listenKey else { return }
    tell(
      "listenKeyExpired",
      whole: [
        "e": "listenKeyExpired", "E": .integer(now.milliseconds), "listenKey": .string(key.text),
      ])
    listenKey = nil
  }
}
