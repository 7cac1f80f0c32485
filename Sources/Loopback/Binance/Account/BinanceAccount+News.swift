import Simulation
import TradingModel
import Transport

// What the paper venue did becomes what the user data streams tell: each order as new, its fills,
// then balances and positions.

extension BinanceAccount {
  /// Takes in what the paper venue did since the last call.
  /// - Parameter reason: `m` of `ACCOUNT_UPDATE`.
  mutating func settle(_ reason: String = "ORDER", at now: Timestamp) {
    var touched: [PositionKey] = []
    var changes = false
    var transferred: (Notional, String)?
    var funded: [PositionKey] = []
    for event in venue.drainEvents() {
      switch event {
      case .execution(let execution):
        take(execution, at: now)
        let key = PositionKey(execution.order.symbol, execution.order.slot)
        if !touched.contains(key) { touched.append(key) }
        changes = true
      case .order(let order): take(order, at: now)
      case .position, .wallet: break
      case .funding(let entry):
        enter(.funding, entry.key?.symbol, entry.funding, trade: nil, at: entry.time)
        if let key = entry.key, !funded.contains(key) { funded.append(key) }
      case .transfer(let amount, _):
        transferred = (amount, amount < .zero ? "WITHDRAW" : "DEPOSIT")
        enter(.transfer, nil, amount, trade: nil, at: now)
      }
    }
    if changes { tellAccount(reason, touched, at: now) }
    // Of a position in cross margin only the balance is told.
    if !funded.isEmpty {
      tellAccount("FUNDING_FEE", funded.filter { isIsolated($0.symbol) }, at: now)
    }
    if let (amount, reason) = transferred { tellAccount(reason, [], moved: amount, at: now) }
  }

  private mutating func take(_ paper: PaperOrder, at now: Timestamp) {
    let number = number(of: paper, at: now)
    guard let before = order(number) else { return }
    change(number) { Self.follow(paper, &$0, at: now) }
    guard let order = order(number) else { return }
    if order.status.isOpen {
      tellNew(number, at: now)
    } else if order.status != .filled, before.status.isOpen {
      tellNew(number, at: now)
      tellOrder(order, order.status == .expired ? "EXPIRED" : "CANCELED", at: now)
    }
    finishAlgo(of: number, at: now)
  }

  private mutating func take(_ execution: PaperExecution, at now: Timestamp) {
    let number = number(of: execution.order, at: now)
    tellNew(number, at: now)
    change(number) { Self.follow(execution.order, &$0, at: now) }
    guard let order = order(number) else { return }
    let trade = BinanceUserTrade(
      number: (trades.last?.number ?? 400_000_000) + 1, order: number, symbol: order.symbol,
      slot: order.request.slot, side: order.request.side, price: execution.price,
      quantity: execution.quantity, fee: execution.fee, profit: execution.profit,
      isMaker: execution.isMaker, time: now)
    trades.append(trade)
    Self.trim(&trades)
    if !trade.profit.isZero {
      enter(.realised, order.symbol, trade.profit, trade: trade.number, at: now)
    }
    if !trade.fee.isZero {
      enter(.commission, order.symbol, -trade.fee, trade: trade.number, at: now)
    }
    if order.isForced {
      liquidations.append(
        Liquidation(
          venue: .binance, symbol: order.symbol,
          closed: order.request.side == .sell ? .long : .short,
          price: execution.price, averagePrice: execution.price, quantity: execution.quantity,
          time: now))
    }
    tellTradeLite(order, trade, at: now)
    tellOrder(order, order.isForced ? "CALCULATED" : "TRADE", trade, at: now)
  }

  mutating func enter(
    _ kind: BinanceLedgerEntry.Kind, _ symbol: Symbol?, _ amount: Notional, trade: Int64?,
    at now: Timestamp
  ) {
    ledger.append(
      BinanceLedgerEntry(
        number: (ledger.last?.number ?? 9_689_322_000) + 1, kind: kind, symbol: symbol,
        amount: amount, trade: trade, time: now))
    Self.trim(&ledger)
  }

  /// The number of an order of the paper venue; one that nobody asked for here is taken in: closed
  /// by force, or traded by hand on the venue's own screen.
  private mutating func number(of paper: PaperOrder, at now: Timestamp) -> Int64 {
    if let known = order(paperID: paper.id) { return known.number }
    let isForced = paper.origin == .liquidation
    let request = BinanceOrder.Request(
      symbol: paper.symbol, slot: paper.slot, side: paper.side,
      price: isForced ? paper.limitPrice ?? paper.averagePrice : paper.limitPrice,
      timeInForce: isForced ? .immediateOrCancel : .goodTillCancelled,
      quantity: paper.quantity, reduceOnly: paper.reduceOnly && !isForced,
      clientID: isForced ? "autoclose-\(now.milliseconds)" : "web_\(makeID(length: 20))")
    return adopt(request, paperID: paper.id, at: now) { $0.isForced = isForced }
  }

  /// Brings an order to where the paper venue has it.
  private static func follow(_ paper: PaperOrder, _ order: inout BinanceOrder, at now: Timestamp) {
    order.filled = paper.filled
    order.filledValue = paper.filledValue
    order.updatedAt = now
    switch paper.status {
    case .untriggered, .new: order.status = .new
    case .partiallyFilled: order.status = .partiallyFilled
    case .filled:
      // A reducing order that found less than it wanted is done with what there was.
      order.status = .filled
    case .cancelled, .deactivated:
      let isCancelled = paper.cancelKind == .user && !order.isOutdated
      order.status = isCancelled ? .cancelled : .expired
      if !isCancelled, !order.isOutdated { order.expiryReason = reason(of: paper) }
    }
  }

  /// `er`: 2 the rest of an IOC order, 4 knocked out by reduce-only, 5 the account was liquidated.
  private static func reason(of paper: PaperOrder) -> Int {
    switch paper.cancelKind {
    case .reduceOnly, .positionClosed: 4
    case .beforeLiquidation: 5
    default: 2
    }
  }

  private mutating func tellNew(_ number: Int64, at now: Timestamp) {
    guard let order = order(number), !order.isTold else { return }
    change(number) { $0.isTold = true }
    tellOrder(order.acknowledged, "NEW", at: now)
  }
}
