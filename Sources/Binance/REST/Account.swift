import TradingModel
import Transport

extension BinanceREST: AccountReader {
  /// How old the list of all open orders, and the settings of symbols, may be.
  private static let wholeListsEvery = Duration.seconds(30)
  /// With more symbols in use, asking for all orders at once is cheaper.
  private static let mostSymbolsOneByOne = 8

  /// Wallet, positions and open orders. Conditional orders of the algo service are among the orders;
  /// those that guard a whole position are its stop and target, too.
  ///
  /// Costs about 15 of the minute's 2,400 with a few positions, and 90 with many: orders are asked for
  /// by the symbols that have some, and all of them every half minute. Readings in quick succession
  /// wait for each other once a third of what readings may spend is spent, and leave what changes need.
  public func readAccount() async throws(VenueError) -> AccountReading {
    try await waitForTurn()
    let start = now
    async let askedAccount = outcome { () async throws(VenueError) in
      try await self.send(.get("/fapi/v3/account", weight: 5, urgency: .verifying))
    }
    async let askedPositions = outcome { () async throws(VenueError) in
      try await self.send(.get("/fapi/v3/positionRisk", weight: 5, urgency: .verifying))
    }
    let risks = try await askedPositions.get()
    let symbols = try reading { () throws(JSONError) in
      Set(try risks.rows { row throws(JSONError) in try row.rowSymbol })
    }
    let listed = try await openOrders(of: symbols)
    var orders = listed.filter(\.symbol.isUSDTPerpetual)
    let settings = await outcome { () async throws(VenueError) in
      try await self.knowSettings(of: symbols.filter(\.isUSDTPerpetual))
    }
    let held = try self.positions(in: risks)
    let positions = held.filter(\.symbol.isUSDTPerpetual)
    let swept = await sweepOrphans(orders, positions)
    orders.removeAll { swept.contains($0.venueID) }
    let account = await askedAccount
    memory.take(positions, at: start)
    var wallet: Wallet?
    var trouble: VenueError?
    do throws(VenueError) {
      // Without them it is not known which margin mode the positions are in.
      try settings.get()
      wallet = try self.wallet(in: try account.get(), of: positions)
    } catch {
      trouble = error
    }
    return AccountReading(
      wallet: wallet, walletTrouble: trouble,
      positions: positions.map(withProtection), orders: orders,
      foreign: AccountReading.Foreign(
        positions: held.filter { !$0.symbol.isUSDTPerpetual },
        orders: listed.filter { !$0.symbol.isUSDTPerpetual }),
      startedAt: start, time: now)
  }

  private func wallet(
    in account: JSONValue, of positions: [Position]
  ) throws(VenueError) -> Wallet {
    let margin = crossMaintenance(of: positions)
    let wallet = try reading { () throws(JSONError) in
      try Wallet(binance: account, crossMaintenance: margin, at: now)
    }
    memory.setCrossMaintenance(margin)
    return wallet
  }

  /// Longer than this a reading is refused rather than kept waiting: whoever asks waits ten seconds.
  private static let longestPause = Duration.seconds(8)

  private func waitForTurn() async throws(VenueError) {
    let pause = try budget.pause(
      beforeReading: memory.readingWeight, within: Self.longestPause, at: now)
    guard pause > .zero else { return }
    do {
      try await sleep(for: pause)
    } catch {
      throw .unreachable("cancelled while it waited for its turn")
    }
  }

  /// `GET /fapi/v3/account` alone, for balances that changed between readings.
  func readWallet() async throws(VenueError) -> Wallet {
    let account = try await send(.get("/fapi/v3/account", weight: 5))
    return try reading { () throws(JSONError) in
      try Wallet(binance: account, crossMaintenance: memory.crossMaintenance, at: now)
    }
  }

  /// `GET /fapi/v1/order` by our id, then the algo service; nil when neither knows it.
  public func order(_ id: ClientOrderID, symbol: Symbol) async throws(VenueError) -> Order? {
    if ProtectionIDs.role(of: id.text) == nil,
      let order = try await order(OrderReference(symbol: symbol, id: id))
    {
      return order
    }
    return try await algoOrder(clientID: id.text)?.order
  }

  // MARK: Positions

  /// `GET /fapi/v3/positionRisk` of one symbol.
  func positions(symbol: Symbol) async throws(VenueError) -> [Position] {
    let risks = try await send(
      .get("/fapi/v3/positionRisk", [("symbol", symbol.name)], weight: 5, urgency: .closing))
    return try positions(in: risks)
  }

  private func knowSettings(of symbols: Set<Symbol>) async throws(VenueError) {
    if !memory.hasSettings(of: symbols, since: now - Self.wholeListsEvery) {
      try await readSettings()
    }
  }

  /// Of every contract of the account. A leverage that was never told is not known.
  private func positions(in risks: JSONValue) throws(VenueError) -> [Position] {
    let found = try reading { () throws(JSONError) in
      try risks.someRows { row throws(JSONError) -> Position? in
        let symbol = try row.rowSymbol
        return try Position(binance: row, leverage: self.memory.settings(of: symbol)?.leverage)
      }
    }
    return found.sorted { $0.key < $1.key }
  }

  /// The stop and the target that rest for the whole position: of several, the first to fire.
  private func withProtection(_ position: Position) -> Position {
    let guards = memory.algoOrders.filter { $0.covers(position) }
    func prices(_ role: Order.Role) -> [Price] {
      guards.filter { $0.order.role == role }.compactMap(\.order.triggerPrice)
    }
    var protected = position
    let isLong = position.side == .long
    protected.stop = isLong ? prices(.stop).max() : prices(.stop).min()
    protected.target = isLong ? prices(.target).min() : prices(.target).max()
    return protected
  }

  /// Nil while every position is isolated; then account-wide rates mean nothing.
  private func crossMaintenance(of positions: [Position]) -> Notional? {
    let cross = positions.filter { memory.settings(of: $0.symbol)?.marginMode == .cross }
    guard !cross.isEmpty else { return nil }
    return cross.compactMap(\.maintenanceMargin).reduce(.zero, +)
  }

  // MARK: Stops without a position

  /// Takes back stops and targets of ours whose position is gone: Binance leaves them standing, and
  /// they would close the next position of that side. Only what two readings in a row show so counts,
  /// and nothing while an order rests that may open the position. Each leg is judged by itself: what
  /// is held or rests on the other one keeps nothing here.
  /// - Returns: The ids of those that are gone.
  private func sweepOrphans(_ orders: [Order], _ positions: [Position]) async -> Set<String> {
    let held = positions.map { Guarded(key: $0.key, side: $0.side) }
    let opening = orders.filter { $0.role == .placed && !$0.reduceOnly }
      .map { Guarded(key: PositionKey($0.symbol, $0.slot), side: $0.side == .buy ? .long : .short) }
    let needed = Set(held + opening)
    let orphans = memory.algoOrders.filter { algo in
      ProtectionIDs.role(of: algo.order.id.text) != nil
        && !needed.contains(
          Guarded(
            key: PositionKey(algo.order.symbol, algo.order.slot),
            side: algo.order.side == .sell ? .long : .short))
    }
    let due = memory.noteOrphans(Set(orphans.map(\.id)))
    var swept: Set<String> = []
    for orphan in orphans where due.contains(orphan.id) {
      do throws(VenueError) {
        try await cancelAlgoOrder(id: orphan.id, symbol: orphan.order.symbol)
        swept.insert(orphan.order.venueID)
      } catch {
        logger.warning(
          "a stop without a position could not be taken back",
          metadata: ["order": "\(orphan.order.venueID)", "error": "\(error)"])
      }
    }
    return swept
  }

  /// What a stop may guard: in one-way mode a slot holds either side.
  private struct Guarded: Hashable {
    var key: PositionKey
    var side: PositionSide
  }

  // MARK: Open orders

  /// - Parameter symbols: Those with a position or an open order.
  private func openOrders(of symbols: Set<Symbol>) async throws(VenueError) -> [Order] {
    let watched = symbols.union(memory.algoOrders.map(\.order.symbol))
    let isDue = !memory.readAllOrders(since: now - Self.wholeListsEvery)
    let isOneByOne = watched.count <= Self.mostSymbolsOneByOne
    // Account, positions and settings; orders and conditional orders.
    memory.readingWeight = 15 + (isOneByOne ? 2 * watched.count : 80)
    guard !isDue, isOneByOne else {
      async let askedPlain = outcome { () async throws(VenueError) in
        try await self.openOrders(symbol: nil, urgency: .verifying)
      }
      let asked = memory.mark
      let algo = try await openAlgoOrders(symbol: nil, urgency: .verifying)
      let plain = try await askedPlain.get()
      memory.take(algo, of: nil, asked: asked, at: now)
      return sorted(plain)
    }
    var plain: [Order] = []
    for symbol in watched.sorted() {
      async let askedPlain = outcome { () async throws(VenueError) in
        try await self.openOrders(symbol: symbol, urgency: .verifying)
      }
      let asked = memory.mark
      let algo = try await openAlgoOrders(symbol: symbol, urgency: .verifying)
      plain += try await askedPlain.get()
      memory.take(algo, of: [symbol], asked: asked, at: now)
    }
    return sorted(plain)
  }

  private func sorted(_ plain: [Order]) -> [Order] {
    (plain + memory.algoOrders.map(\.order))
      .sorted { ($0.createdAt, $0.venueID) < ($1.createdAt, $1.venueID) }
  }

  // MARK: Balances and costs

  /// `GET /fapi/v3/balance`: what the account holds of each asset.
  public func balances() async throws(VenueError) -> [AssetBalance] {
    let answer = try await send(.get("/fapi/v3/balance", weight: 5))
    return try reading { () throws(JSONError) in try answer.rows(AssetBalance.init(binance:)) }
  }

  /// `GET /fapi/v1/commissionRate`.
  public func feeRates(of symbol: Symbol) async throws(VenueError) -> FeeRates {
    let answer = try await send(
      .get("/fapi/v1/commissionRate", [("symbol", symbol.name)], weight: 20))
    return try reading { () throws(JSONError) in try FeeRates(binance: answer) }
  }
}
