import TradingModel
import Transport

// Executions since a moment. Binance lists them by symbol, without their orders' ids and without
// saying what they closed: ledger and positions tell which symbols traded, the orders tell the rest,
// and the size held now tells, counted backwards, what each execution met.
extension BinanceREST {
  private static var page: Int { 1000 }
  /// The venue serves a week at once.
  private static let longest = Duration.hours(24 * 7) - .minutes(1)
  /// Asking for that many orders one by one is cheaper than for all of a symbol.
  private static let fewOrders = 5
  /// How far behind the ledger may be: symbols of orders sent since are asked for all the same.
  private static let ledgerLag = Duration.minutes(2)
  /// How often positions and executions are read until none came between.
  private static let mostLooks = 3

  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    let earliest = max(start, venueNow - Self.longest)
    let rows = try await incomes(since: earliest)
    var before = try await holdings()
    var symbols = Set(rows.filter(\.isOfTrade).compactMap(\.symbol))
    symbols.formUnion(memory.symbolsTouched(since: now - Self.ledgerLag))
    // A fill without a fee leaves no row, but the position that it changed.
    symbols.formUnion(before.held.values.filter { $0.changedAt >= earliest }.map(\.symbol))
    symbols = symbols.filter(\.isUSDTPerpetual)

    var fills: [Fill] = []
    for look in 1...Self.mostLooks {
      var found: [Symbol: [AccountTrade]] = [:]
      for symbol in symbols.sorted() {
        found[symbol] = try await trades(of: symbol, since: earliest)
      }
      let after = try await holdings()
      for symbol in symbols.sorted() {
        let trades = found[symbol] ?? []
        // Something was traded while they were read: which side of it the size is on is not known.
        let isSteady =
          after.held[symbol] == before.held[symbol]
          && trades.allSatisfy { $0.time < before.askedAt }
        guard isSteady || look == Self.mostLooks else { continue }
        symbols.remove(symbol)
        guard !trades.isEmpty else { continue }
        let orders = try await orders(of: trades, symbol: symbol, since: earliest)
        fills += Self.fills(trades, orders: orders, heldNow: after.held[symbol]?.size ?? 0)
      }
      if symbols.isEmpty { break }
      before = after
    }
    return fills.sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }
  }

  private struct Holdings {
    struct Slot: Hashable {
      var symbol: Symbol
      /// Signed, in counts.
      var size: Int128
      var changedAt: Timestamp
    }

    /// One-way slots.
    var held: [Symbol: Slot] = [:]
    /// By the venue's clock.
    var askedAt: Timestamp
  }

  /// `GET /fapi/v3/positionRisk`: what the one-way slots hold, and since when.
  private func holdings() async throws(VenueError) -> Holdings {
    var holdings = Holdings(askedAt: venueNow)
    let risks = try await send(.get("/fapi/v3/positionRisk", weight: 5))
    let rows = try reading { () throws(JSONError) in
      try risks.rows { row throws(JSONError) in
        (
          try row.slot("positionSide"),
          Holdings.Slot(
            symbol: try row.rowSymbol,
            size: try row.amount("positionAmt", as: Quantity.self).wideCount,
            changedAt: try row.time("updateTime"))
        )
      }
    }
    for (slot, row) in rows where slot == .oneWay { holdings.held[row.symbol] = row }
    return holdings
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
