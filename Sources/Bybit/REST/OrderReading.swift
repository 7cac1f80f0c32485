import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/order/realtime`, then `/v5/order/history`: open ones and those that ended.
  public func order(
    _ id: ClientOrderID, symbol: Symbol
  ) async throws(VenueError) -> Order? {
    let query = [
      ("category", "linear"), ("symbol", symbol.name), ("orderLinkId", id.text),
    ].map { (name: $0.0, value: $0.1) }
    for path in ["/v5/order/realtime", "/v5/order/history"] {
      let result = try await get(path, query)
      let found = try reading { () throws(JSONError) in
        try result.map("list") { row throws(JSONError) in try Order(bybit: row) }
      }
      if let order = found.first(where: { $0.id == id }) { return order }
    }
    return nil
  }

  /// `GET /v5/order/realtime`, all pages: all open orders in that coin, conditional ones included,
  /// oldest first. What changes between two pages may be told twice, and counts once.
  public func openOrders(settlingIn coin: String = "USDT") async throws(VenueError) -> [Order] {
    let rows = try await allRows(
      "/v5/order/realtime", [("category", "linear"), ("settleCoin", coin), ("limit", "50")])
    return try Self.orders(rows)
  }

  /// `GET /v5/order/realtime`, all pages: orders that wait for their trigger, stops and targets of
  /// positions included, oldest first.
  func conditionalOrders(of symbol: Symbol?) async throws(VenueError) -> [Order] {
    let rows = try await allRows(
      "/v5/order/realtime",
      [
        ("category", "linear"), symbol.map { ("symbol", $0.name) } ?? ("settleCoin", "USDT"),
        ("orderFilter", "StopOrder"), ("limit", "50"),
      ])
    return try Self.orders(rows).filter { $0.status == .untriggered }
  }

  /// `GET /v5/order/realtime` with `openOnly=1`: up to 500 orders that ended lately, oldest first.
  public func lateOrders() async throws(VenueError) -> [Order] {
    let rows = try await allRows(
      "/v5/order/realtime",
      [("category", "linear"), ("settleCoin", "USDT"), ("openOnly", "1"), ("limit", "50")])
    return try Self.orders(rows).filter { !$0.status.isOpen }
  }

  /// `GET /v5/order/history`, as many answers as it takes: orders that ended since then, oldest
  /// first. The venue forgets those without fills after a day.
  public func orderHistory(
    since start: Timestamp, symbol: Symbol? = nil
  ) async throws(VenueError) -> [Order] {
    var query = [(name: "category", value: "linear")]
    query.append(symbol.map { ("symbol", $0.name) } ?? ("settleCoin", "USDT"))
    query.append(("limit", "50"))
    return try Self.orders(try await rows("/v5/order/history", query, since: start))
  }

  private static func orders(_ rows: [JSONValue]) throws(VenueError) -> [Order] {
    try reading { () throws(JSONError) in
      var found: [Order] = []
      var seen: Set<String> = []
      for row in rows {
        let order = try Order(bybit: row)
        if seen.insert(order.venueID).inserted { found.append(order) }
      }
      return found.sorted { ($0.createdAt, $0.venueID) < ($1.createdAt, $1.venueID) }
    }
  }

  /// `POST /v5/order/pre-check`: what the account's margin would be with this order. In cross and
  /// portfolio margin only, and not for conditional orders.
  public func forecast(_ ticket: OrderTicket) async throws(VenueError) -> MarginForecast {
    let result = try await post("/v5/order/pre-check", ticket.body())
    return try reading { () throws(JSONError) in try MarginForecast(bybit: result) }
  }
}

/// Margin rates of the account, before and after an order. At 1 of maintenance it is liquidated.
public struct MarginForecast: Sendable, Hashable {
  public var initialBefore: Ratio
  public var initialAfter: Ratio
  public var maintenanceBefore: Ratio
  public var maintenanceAfter: Ratio

  /// In ten thousandths: 30 is 0.3 percent.
  init(bybit row: JSONValue) throws(JSONError) {
    initialBefore = try row.basisPoints("preImrE4")
    initialAfter = try row.basisPoints("postImrE4")
    maintenanceBefore = try row.basisPoints("preMmrE4")
    maintenanceAfter = try row.basisPoints("postMmrE4")
  }
}

extension JSONValue {
  fileprivate func basisPoints(_ name: String) throws(JSONError) -> Ratio {
    .basisPoints(Int32(clamping: try integer(.field(name))))
  }
}
