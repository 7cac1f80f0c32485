import TradingModel
import Transport

// Executions since a moment. Binance lists them by symbol, without their orders' ids and without
// saying what they closed: the ledger tells which symbols traded, the orders tell the rest, and the
// size held now tells, counted backwards, what each execution met.
extension BinanceREST {
  private static var page: Int { 1000 }
  /// The venue serves a week at once.
  private static let longest = Duration.hours(24 * 7) - .minutes(1)
  /// Asking for that many orders one by one is cheaper than for all of a symbol.
  private static let fewOrders = 5

  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    let earliest = max(start, venueNow - Self.longest)
    async let askedIncomes = outcome { () async throws(VenueError) in
      try await self.incomes(since: earliest)
    }
    let risks = try await send(.get("/fapi/v3/positionRisk", weight: 5))
    let held = try reading { () throws(JSONError) in
      try risks.rows { row throws(JSONError) in
        (
          PositionKey(try row.rowSymbol, try row.slot("positionSide")),
          try row.amount("positionAmt", as: Quantity.self).wideCount
        )
      }
    }
    let traded = try await askedIncomes.get().compactMap(\.symbol)
    let symbols = memory.touchedSymbols.union(traded).union(held.map(\.0.symbol))
    var fills: [Fill] = []
    for symbol in symbols.filter(\.isUSDTPerpetual).sorted() {
      let trades = try await trades(of: symbol, since: earliest)
      guard !trades.isEmpty else { continue }
      let orders = try await orders(of: trades, symbol: symbol, since: earliest)
      let size = held.first { $0.0 == PositionKey(symbol) }?.1 ?? 0
      fills += Self.fills(trades, orders: orders, heldNow: size)
    }
    return fills.sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }
  }

  /// - Parameters:
  ///   - trades: Of one symbol, oldest first.
  ///   - heldNow: The signed size of the one-way slot after the last trade, in counts.
  static func fills(
    _ trades: [AccountTrade], orders: [String: Order], heldNow: Int128
  ) -> [Fill] {
    var held = heldNow
    var fills: [Fill] = []
    for trade in trades.reversed() {
      if trade.slot == .oneWay { held -= trade.signed }
      let order = orders[trade.orderID]
      let part = ClosedPart(
        slot: trade.slot, side: trade.side, quantity: trade.quantity, mustClose: false)
      fills.append(
        Fill(
          trade, clientID: order?.id ?? ClientOrderID(""), role: order?.role ?? .placed,
          closedQuantity: part.quantity(holding: held)))
    }
    return fills.reversed()
  }

  /// `GET /fapi/v1/userTrades`, all pages, oldest first.
  func trades(
    of symbol: Symbol, since start: Timestamp
  ) async throws(VenueError) -> [AccountTrade] {
    var found: [AccountTrade] = []
    var span: BinanceField = ("startTime", "\(start.milliseconds)")
    while true {
      let answer = try await send(
        .get(
          "/fapi/v1/userTrades",
          [("symbol", symbol.name), span, ("limit", "\(Self.page)")], weight: 5))
      let page = try reading { () throws(JSONError) in
        try answer.rows(AccountTrade.init(binance:))
      }.sorted { $0.id < $1.id }
      let fresh = page.filter { trade in found.last.map { trade.id > $0.id } ?? true }
      found += fresh
      guard page.count == Self.page, let last = fresh.last else { return found }
      span = ("fromId", "\(last.id + 1)")
    }
  }

  /// The orders behind those trades, by the venue's id.
  private func orders(
    of trades: [AccountTrade], symbol: Symbol, since start: Timestamp
  ) async throws(VenueError) -> [String: Order] {
    var missing = Set(trades.map(\.orderID))
    var found: [String: Order] = [:]
    if missing.count > Self.fewOrders {
      for order in try await allOrders(of: symbol, since: start)
      where missing.remove(order.venueID) != nil {
        found[order.venueID] = order
      }
    }
    for id in missing.sorted() {
      found[id] = try await order(
        OrderReference(symbol: symbol, venueID: id), urgency: .ordinary)
    }
    return found
  }
}
