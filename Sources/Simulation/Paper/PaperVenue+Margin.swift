import TradingModel

// Margin. Source: Bybit help centre and `wallet-balance`: initial margin = value at mark ÷ leverage
// + fee to close; maintenance margin = value at mark × rate + fee to close.

extension PaperVenue {
  /// The account's money now.
  public func wallet(at time: Timestamp) -> PaperWallet {
    var wallet = PaperWallet(
      balance: balance, unrealised: .zero, positionMargin: .zero, orderMargin: .zero,
      maintenanceMargin: .zero, realised: realised, marginMode: marginMode, updatedAt: time)
    for position in openPositions() {
      wallet.unrealised += unrealised(of: position)
      wallet.positionMargin += initialMargin(of: position)
      wallet.maintenanceMargin += maintenanceMargin(of: position)
    }
    for order in openOrders() where !order.isWaiting && !order.reduceOnly {
      wallet.orderMargin += orderMargin(of: order)
    }
    return wallet
  }

  /// What a position is worth at mark, in USDT.
  public func value(of position: PaperPosition) -> Notional {
    guard let price = markets[position.key.symbol]?.valuation else { return position.cost }
    return price * position.quantity
  }

  public func unrealised(of position: PaperPosition) -> Notional {
    guard let price = markets[position.key.symbol]?.valuation else { return .zero }
    return position.unrealised(at: price)
  }

  public func initialMargin(of position: PaperPosition) -> Notional {
    let value = value(of: position)
    return value.divided(by: position.leverage) + value.share(settings.takerFee)
  }

  public func maintenanceMargin(of position: PaperPosition) -> Notional {
    value(of: position).share(settings.maintenanceMarginRate)
      + value(of: position).share(settings.takerFee)
  }

  /// Where an isolated position loses the margin put up for it; nil when flat or in cross margin.
  public func bankruptcyPrice(of position: PaperPosition) -> Price? {
    boundary(of: position, loss: position.isolatedMargin)
  }

  /// Where the mark price takes an isolated position over: entry ∓ (initial − maintenance margin)
  /// ÷ quantity, both at entry. Nil when flat or in cross margin.
  public func liquidationPrice(of position: PaperPosition) -> Price? {
    let maintenance = position.cost.share(settings.maintenanceMarginRate)
    return boundary(of: position, loss: max(.zero, position.isolatedMargin - maintenance))
  }

  private func boundary(of position: PaperPosition, loss: Notional) -> Price? {
    guard marginMode == .isolated, let side = position.side,
      let tick = instruments[position.key.symbol]?.tickSize
    else { return nil }
    do {
      let value = side == .long ? position.cost - loss : position.cost + loss
      let price = try value.price(per: position.quantity)
      // A long at 1x loses all at zero: no price takes it over.
      guard price > .zero else { return nil }
      return side == .long
        ? price.roundedUp(toMultipleOf: tick) : price.roundedDown(toMultipleOf: tick)
    } catch {
      return nil
    }
  }

  /// What a resting order holds: its opening part ÷ leverage, and both fees.
  func orderMargin(of order: PaperOrder) -> Notional {
    guard let price = order.limitPrice else { return .zero }
    return marginNeeded(
      for: order.unfilled, at: price, side: order.side, slot: order.slot, symbol: order.symbol)
  }

  func marginNeeded(
    for quantity: Quantity, at price: Price, side: Side, slot: PositionSlot, symbol: Symbol
  ) -> Notional {
    let position = positions[PositionKey(symbol, slot)]
    var opening = quantity
    if let position, position.side?.closing == side {
      let rest = quantity.wideCount - position.quantity.wideCount
      opening = Quantity(uncheckedCount: max(0, rest))
    }
    let value = price * opening
    let leverage = leverage(of: symbol, side: side == .buy ? .long : .short)
    return value.divided(by: leverage) + value.share(settings.takerFee)
      + value.share(settings.takerFee)
  }

  /// The balance must bear the opening part at the price it would fill at.
  func checkBalance(_ request: PaperOrderRequest) throws(PaperRejection) {
    guard !request.isReducing, let market = markets[request.symbol] else { return }
    guard let price = request.limitPrice ?? market.touch(for: request.side) ?? market.last else {
      throw .marketUnknown
    }
    let held = positions[PositionKey(request.symbol, request.slot)]?.quantity ?? .zero
    guard held.wideCount + request.quantity.wideCount <= Quantity.limit else {
      throw .positionLimit
    }
    let needed = marginNeeded(
      for: request.quantity, at: price, side: request.side, slot: request.slot,
      symbol: request.symbol)
    guard needed <= wallet(at: market.updatedAt).available else { throw .insufficientBalance }
  }
}
