import TradingModel
import Transport

extension BybitREST: AccountReader {
  /// Wallet, positions and open orders of the whole account, each with all its pages.
  public func readAccount() async throws(VenueError) -> AccountReading {
    let start = now
    async let mode = result { () async throws(VenueError) in try await self.marginMode() }
    async let balance = result { () async throws(VenueError) in
      // Coins that are not asked for by name are left out while there are none of them.
      try await self.get(
        "/v5/account/wallet-balance", [("accountType", "UNIFIED"), ("coin", "USDT")])
    }
    async let positions = result { () async throws(VenueError) in try await self.positions() }
    async let orders = result { () async throws(VenueError) in try await self.openOrders() }
    let marginMode = try await mode.get()
    let wallets = try await balance.get()
    let openPositions = try await positions.get()
    let openOrders = try await orders.get()
    let wallet = try reading { () throws(JSONError) in
      try Wallet(bybit: wallets.at("list", 0), mode: marginMode, at: now)
    }
    guard let wallet else { throw .malformed("list[0].coin has no USDT") }
    return AccountReading(
      wallet: wallet, positions: openPositions, orders: openOrders, startedAt: start, time: now)
  }

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

  /// `GET /v5/execution/list` since then, oldest first. The venue's window is seven days.
  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    let earliest = max(start, now - .hours(24 * 7) + .minutes(1))
    let rows = try await allRows(
      "/v5/execution/list",
      [
        ("category", "linear"), ("settleCoin", "USDT"),
        ("startTime", "\(earliest.milliseconds)"), ("limit", "100"),
      ])
    let fills = try reading { () throws(JSONError) in
      var found: [Fill] = []
      for row in rows {
        if let fill = try Fill(bybit: row) { found.append(fill) }
      }
      return found
    }
    return fills.sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }
  }

  /// `GET /v5/account/info`.
  func marginMode() async throws(VenueError) -> MarginMode {
    let info = try await get("/v5/account/info")
    let mode = try reading { () throws(JSONError) in
      try MarginMode(bybit: info.string("marginMode"))
    }
    lastMarginMode = mode
    return mode
  }

  /// `GET /v5/position/list`: by coin, so that every symbol of the account is there.
  private func positions() async throws(VenueError) -> [Position] {
    let rows = try await allRows(
      "/v5/position/list", [("category", "linear"), ("settleCoin", "USDT"), ("limit", "200")])
    return try reading { () throws(JSONError) in
      var found: [Position] = []
      for row in rows {
        if let position = try Position(bybit: row) { found.append(position) }
      }
      return found.sorted { $0.key < $1.key }
    }
  }

  /// `GET /v5/order/realtime`: all open orders, conditional ones included.
  private func openOrders() async throws(VenueError) -> [Order] {
    let rows = try await allRows(
      "/v5/order/realtime", [("category", "linear"), ("settleCoin", "USDT"), ("limit", "50")])
    return try reading { () throws(JSONError) in
      var found: [Order] = []
      for row in rows { found.append(try Order(bybit: row)) }
      return found.sorted { ($0.createdAt, $0.venueID) < ($1.createdAt, $1.venueID) }
    }
  }

  /// `async let` forgets the type of an error; a result keeps it.
  private func result<Value: Sendable>(
    _ body: @Sendable () async throws(VenueError) -> Value
  ) async -> Result<Value, VenueError> {
    do throws(VenueError) { return .success(try await body()) } catch { return .failure(error) }
  }
}
