import TradingModel

extension PaperVenue {
  /// The account as it stands, to be kept.
  public func account(at time: Timestamp) -> PaperAccount {
    func tail<Element>(_ list: BoundedList<Element>) -> [Element] {
      Array(list.items.suffix(PaperAccount.tail))
    }
    // The day's baseline moves with the transfers since it was taken, and funding belongs to round
    // trips that are still open: none of them may be lost.
    let newest = tail(entries)
    let older = moved.items.filter { entry in
      entry.time >= time - PaperAccount.transfersKept && entry.number < newest.first?.number ?? 0
    }
    let held = Set(positions.keys.map(\.symbol)).union(open.keys)
    let symbols = held.union(leverages.keys).union(modes.keys).union(marginModes.keys).sorted()
    return PaperAccount(
      savedAt: time, balance: balance, realised: realised, totalFees: totalFees,
      marginMode: marginMode, positionMode: positionMode,
      symbols: symbols.map { symbol in
        // The book of the moment is worth nothing at the next start.
        var market = held.contains(symbol) ? markets[symbol] : nil
        market?.forgetTouch()
        return PaperAccount.SymbolState(
          symbol: symbol, positionMode: modes[symbol], marginMode: marginModes[symbol],
          longLeverage: leverages[symbol]?.long, shortLeverage: leverages[symbol]?.short,
          market: market)
      },
      positions: positions.keys.sorted().compactMap { positions[$0] }, orders: openOrders(),
      endedOrders: tail(ended), executions: tail(executions), ledger: older + newest,
      closedTrades: tail(closed), links: usedLinks.newest(PaperAccount.linkTail),
      sequence: sequence, orderCount: orderCount, executionCount: executionCount,
      entryCount: entryCount)
  }

  /// Takes an account up again. The balance and the modes of the settings count for nothing then.
  ///
  /// Prices are those of the moment it was kept: they value what is held, but nothing trades by them.
  /// What the first new price passes goes off at that price.
  /// - Precondition: Settings and account have no problems.
  public init(
    settings: PaperSettings, instruments: [Instrument], account: PaperAccount
  ) {
    self.init(settings: settings, instruments: instruments)
    precondition(account.problems.isEmpty, account.problems.joined(separator: "; "))
    balance = account.balance
    realised = account.realised
    totalFees = account.totalFees
    marginMode = account.marginMode
    positionMode = account.positionMode
    for state in account.symbols { take(state) }
    for position in account.positions { positions[position.key] = position }
    for order in account.orders { open[order.symbol, default: []].append(order) }
    for order in account.endedOrders { ended.append(order) }
    for execution in account.executions { executions.append(execution) }
    for entry in account.ledger { remember(entry) }
    for trade in account.closedTrades { closed.append(trade) }
    for link in account.links { usedLinks.insert(link) }
    sequence = account.sequence
    orderCount = account.orderCount
    executionCount = account.executionCount
    entryCount = account.entryCount
  }

  private mutating func take(_ state: PaperAccount.SymbolState) {
    modes[state.symbol] = state.positionMode
    marginModes[state.symbol] = state.marginMode
    if let long = state.longLeverage, let short = state.shortLeverage {
      leverages[state.symbol] = Leverages(long: long, short: short)
    }
    if var market = state.market {
      market.forgetTouch()
      market.isStale = true
      markets[state.symbol] = market
    }
  }

  /// Symbols with a position or an order, sorted: their prices are needed.
  public var symbolsInUse: [Symbol] {
    Set(openPositions().map(\.key.symbol)).union(openOrders().map(\.symbol)).sorted()
  }

  /// Symbols of open positions that no price has come for since the account was taken up.
  public var symbolsAwaitingPrice: [Symbol] {
    Set(openPositions().map(\.key.symbol)).sorted().filter { markets[$0]?.isStale ?? true }
  }
}
