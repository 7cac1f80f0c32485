import TradingModel
import Transport

extension BybitREST: AccountReader {
  /// Wallet, positions and open orders of the whole account, each with all its pages. Contracts that
  /// settle in USDC, and such as end on a date, stand apart.
  public func readAccount() async throws(VenueError) -> AccountReading {
    let start = now
    async let wallet = result { () async throws(VenueError) in try await self.wallet() }
    async let positions = result { () async throws(VenueError) in try await self.positions() }
    async let orders = result { () async throws(VenueError) in try await self.openOrders() }
    async let foreignPositions = result { () async throws(VenueError) in
      try await self.ifTraded { () async throws(VenueError) in
        try await self.positions(settlingIn: Self.foreignCoin)
      }
    }
    async let foreignOrders = result { () async throws(VenueError) in
      try await self.ifTraded { () async throws(VenueError) in
        try await self.openOrders(settlingIn: Self.foreignCoin)
      }
    }
    let allPositions = try await positions.get() + (try await foreignPositions.get())
    let allOrders = try await orders.get() + (try await foreignOrders.get())
    let read = await wallet
    return AccountReading(
      wallet: read.value, walletTrouble: read.trouble,
      positions: allPositions.filter(\.symbol.isUSDTPerpetual),
      orders: allOrders.filter(\.symbol.isUSDTPerpetual),
      foreign: AccountReading.Foreign(
        positions: allPositions.filter { !$0.symbol.isUSDTPerpetual },
        orders: allOrders.filter { !$0.symbol.isUSDTPerpetual }),
      startedAt: start, time: now)
  }

  /// Linear contracts settle in USDT or in this.
  private static var foreignCoin: String { "USDC" }

  /// A venue that refuses to list what it does not trade has none of it.
  private func ifTraded<Row: Sendable>(
    _ list: () async throws(VenueError) -> [Row]
  ) async throws(VenueError) -> [Row] {
    do throws(VenueError) {
      return try await list()
    } catch .rejected(let rejection) where rejection.meaning != .serverBusy {
      log.debug(
        "Bybit lists no contracts that settle in USDC",
        metadata: ["code": "\(rejection.code)", "reason": "\(rejection.reason)"])
      return []
    }
  }

  /// `GET /v5/account/info` and `GET /v5/account/wallet-balance`.
  private func wallet() async throws(VenueError) -> Wallet {
    async let mode = result { () async throws(VenueError) in try await self.marginMode() }
    async let balance = result { () async throws(VenueError) in
      // Coins that are not asked for by name are left out while there are none of them.
      try await self.get(
        "/v5/account/wallet-balance", [("accountType", "UNIFIED"), ("coin", "USDT")])
    }
    let marginMode = try await mode.get()
    let wallets = try await balance.get()
    let wallet = try reading { () throws(JSONError) in
      try Wallet(bybit: wallets.at("list", 0), mode: marginMode, at: now)
    }
    guard let wallet else { throw .malformed("list[0].coin has no USDT") }
    return wallet
  }

  /// `GET /v5/execution/list` since then, oldest first, as many answers as it takes. The venue
  /// remembers two years.
  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    let rows = try await rows(
      "/v5/execution/list",
      [("category", "linear"), ("settleCoin", "USDT"), ("limit", "100")], since: start)
    let fills = try reading { () throws(JSONError) in
      var found: [Fill] = []
      for row in rows {
        if let fill = try Fill(bybit: row) { found.append(fill) }
      }
      return found
    }
    var seen: Set<String> = []
    return fills.filter { seen.insert($0.executionID).inserted }
      .sorted { ($0.time, $0.executionID) < ($1.time, $1.executionID) }
  }

  /// How a symbol is set up: `GET /v5/account/info` for the margin mode, which is the account's, and
  /// `GET /v5/position/list` for the leverage and the slots, which a flat symbol has, too: one in
  /// one-way mode, one for each side in hedge mode.
  public func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    async let mode = result { () async throws(VenueError) in try await self.marginMode() }
    async let slots = result { () async throws(VenueError) in
      try await self.slotRows(of: symbol)
    }
    let marginMode = try await mode.get()
    let rows = try await slots.get()
    guard let row = rows.first else { throw .malformed("list[0] is missing: \(symbol)") }
    return try reading { () throws(JSONError) in
      SymbolSettings(
        marginMode: marginMode, leverage: try row.amount("leverage"),
        positionMode: try row.rowSlot == .oneWay ? .oneWay : .hedge)
    }
  }

  /// `GET /v5/account/info`.
  public func accountInformation() async throws(VenueError) -> AccountInformation {
    let result = try await get("/v5/account/info")
    let information = try reading { () throws(JSONError) in try AccountInformation(bybit: result) }
    lastMarginMode = information.marginMode
    return information
  }

  func marginMode() async throws(VenueError) -> MarginMode {
    try await accountInformation().marginMode
  }

  /// `GET /v5/account/fee-rate` of one symbol, or of all USDT perpetuals by symbol.
  public func feeRates(of symbol: Symbol? = nil) async throws(VenueError) -> [FeeRates] {
    var query = [(name: "category", value: "linear")]
    if let symbol { query.append(("symbol", symbol.name)) }
    let result = try await get("/v5/account/fee-rate", query)
    return try reading { () throws(JSONError) in
      try result.map("list") { row throws(JSONError) in try FeeRates(bybit: row) }
    }
    .filter { $0.symbol.isUSDTPerpetual }.sorted { $0.symbol < $1.symbol }
  }

  /// `async let` forgets the type of an error; a result keeps it.
  func result<Value: Sendable>(
    _ body: @Sendable () async throws(VenueError) -> Value
  ) async -> Result<Value, VenueError> {
    do throws(VenueError) { return .success(try await body()) } catch { return .failure(error) }
  }
}

extension Result where Failure == VenueError {
  fileprivate var value: Success? { if case .success(let value) = self { value } else { nil } }
  fileprivate var trouble: VenueError? { if case .failure(let error) = self { error } else { nil } }
}

/// What kind of account it is.
public struct AccountInformation: Sendable, Hashable {
  public var marginMode: MarginMode
  /// Unified accounts are the only ones that keep all of this in one place.
  public var isUnified: Bool

  /// `unifiedMarginStatus`: 1 is a classic account, 3 to 6 are the unified ones.
  init(bybit row: JSONValue) throws(JSONError) {
    marginMode = try MarginMode(bybit: row.string("marginMode"))
    isUnified = try row.optionalInteger("unifiedMarginStatus").map { $0 >= 3 } ?? true
  }
}

extension FeeRates {
  /// A row of `/v5/account/fee-rate`.
  init(bybit row: JSONValue) throws(JSONError) {
    self.init(
      symbol: try row.rowSymbol, maker: try row.amount("makerFeeRate"),
      taker: try row.amount("takerFeeRate"))
  }
}
