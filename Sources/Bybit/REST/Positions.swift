import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/position/list`: by coin, so that every symbol of the account is there.
  public func positions(settlingIn coin: String = "USDT") async throws(VenueError) -> [Position] {
    let rows = try await allRows(
      "/v5/position/list", [("category", "linear"), ("settleCoin", coin), ("limit", "200")])
    return try reading { () throws(JSONError) in
      var found: [Position] = []
      for row in rows {
        if let position = try Position(bybit: row) { found.append(position) }
      }
      return found.sorted { $0.key < $1.key }
    }
  }

  /// `GET /v5/position/list` of one symbol: a row for each slot, flat ones included.
  func slotRows(of symbol: Symbol) async throws(VenueError) -> [JSONValue] {
    try await allRows(
      "/v5/position/list", [("category", "linear"), ("symbol", symbol.name), ("limit", "200")])
  }

  /// `POST /v5/position/switch-mode`, of one symbol, or of all that hold nothing. A mode that stands
  /// already is success.
  public func setPositionMode(
    _ mode: PositionMode, for symbol: Symbol?
  ) async throws(VenueError) {
    var body: JSONObject = ["category": "linear"]
    if let symbol {
      body["symbol"] = .string(symbol.name)
    } else {
      body["coin"] = "USDT"
    }
    body["mode"] = .integer(mode == .hedge ? 3 : 0)
    try await apply(body, at: "/v5/position/switch-mode")
  }

  /// `POST /v5/position/set-leverage`. A value that stands already is success.
  public nonisolated(nonsending) func setLeverage(
    _ leverage: Ratio, for symbol: Symbol
  ) async throws(VenueError) {
    let text = JSONValue(leverage)
    try await apply(
      [
        "category": "linear", "symbol": .string(symbol.name), "buyLeverage": text,
        "sellLeverage": text,
      ], at: "/v5/position/set-leverage")
  }

  /// `POST /v5/account/set-margin-mode`: on Bybit for the whole account.
  public nonisolated(nonsending) func setIsolatedMargin(
    for symbol: Symbol
  ) async throws(VenueError) {
    try await setMarginMode(.isolated)
  }

  /// `POST /v5/account/set-margin-mode`, unless it stands so already.
  public nonisolated(nonsending) func setMarginMode(
    _ mode: MarginMode
  ) async throws(VenueError) {
    if try await marginMode() == mode { return }
    try await apply(["setMarginMode": .string(mode.bybit)], at: "/v5/account/set-margin-mode")
    lastMarginMode = mode
  }

  /// `POST /v5/position/add-margin`: to an isolated position, or, negative, off it. The answer's row
  /// lacks the side: the position is to be read.
  public func addMargin(_ amount: Notional, to key: PositionKey) async throws(VenueError) {
    try await post(
      "/v5/position/add-margin",
      [
        "category": "linear", "symbol": .string(key.symbol.name),
        "margin": .string(amount.text(decimals: 4)),
        "positionIdx": .integer(key.slot.rawValue),
      ])
  }

  /// `POST /v5/position/set-auto-add-margin`: whether the venue takes margin from the balance before
  /// it liquidates an isolated position.
  public func setAutoAddMargin(
    _ isOn: Bool, for key: PositionKey
  ) async throws(VenueError) {
    try await apply(
      [
        "category": "linear", "symbol": .string(key.symbol.name),
        "autoAddMargin": .integer(isOn ? 1 : 0), "positionIdx": .integer(key.slot.rawValue),
      ], at: "/v5/position/set-auto-add-margin")
  }

  /// `GET /v5/position/closed-pnl`, as many answers as it takes: what was closed since then, oldest
  /// first. The venue remembers two years.
  public func closedTrades(
    since start: Timestamp, symbol: Symbol? = nil
  ) async throws(VenueError) -> [ClosedTrade] {
    var query = [(name: "category", value: "linear")]
    if let symbol { query.append(("symbol", symbol.name)) }
    query.append(("limit", "100"))
    let rows = try await rows("/v5/position/closed-pnl", query, since: start)
    let trades = try reading { () throws(JSONError) in
      var found: [ClosedTrade] = []
      for row in rows { found.append(try ClosedTrade(bybit: row)) }
      return found
    }
    var seen: Set<ClosedTrade> = []
    return trades.filter { $0.symbol.isUSDTPerpetual && seen.insert($0).inserted }
      .sorted { ($0.closedAt, $0.venueOrderID) < ($1.closedAt, $1.venueOrderID) }
  }
}
