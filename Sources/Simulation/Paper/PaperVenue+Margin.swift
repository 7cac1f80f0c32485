import TradingModel

// Margin. Source: Bybit help centre and `wallet-balance`: initial margin = value at mark ÷ leverage
// + fee to close; maintenance margin = value at mark × rate − deduction + fee to close. Binance
// reserves no fees.

extension PaperVenue {
  /// The account's money now.
  public func wallet(at time: Timestamp) -> PaperWallet {
    var wallet = PaperWallet(
      balance: balance, unrealised: .zero, crossUnrealised: .zero, isolatedMargin: .zero,
      positionMargin: .zero, orderMargin: .zero, maintenanceMargin: .zero, realised: realised,
      marginMode: marginMode, updatedAt: time)
    for position in openPositions() {
      let unrealised = unrealised(of: position)
      wallet.unrealised += unrealised
      if isIsolated(position.key.symbol) {
        wallet.isolatedMargin += position.isolatedMargin
      } else {
        wallet.crossUnrealised += unrealised
      }
      wallet.positionMargin += initialMargin(of: position)
      wallet.maintenanceMargin += maintenanceMargin(of: position)
    }
    for order in openOrders() where !order.isWaiting && !order.isReducing {
      wallet.orderMargin += orderMargin(of: order)
    }
    return wallet
  }

  /// How the margin of a symbol is kept: the account's mode, or its own where the rules say so.
  public func marginMode(of symbol: Symbol) -> MarginMode {
    switch settings.rules.marginScope {
    case .account: marginMode
    case .symbol: marginModes[symbol] ?? marginMode
    }
  }

  func isIsolated(_ symbol: Symbol) -> Bool { marginMode(of: symbol) == .isolated }

  /// What a position is worth at mark, in USDT.
  public func value(of position: PaperPosition) -> Notional {
    guard let price = markets[position.key.symbol]?.valuation else { return position.cost }
    return price * position.quantity
  }

  public func unrealised(of position: PaperPosition) -> Notional {
    guard let price = markets[position.key.symbol]?.valuation else { return .zero }
    return position.unrealised(at: price)
  }

  /// What a position holds: its value over its leverage, what was added to it, and the fee to close.
  public func initialMargin(of position: PaperPosition) -> Notional {
    let value = value(of: position)
    return value.divided(by: position.leverage) + position.extraMargin + reservedFee(of: value)
  }

  public func maintenanceMargin(of position: PaperPosition) -> Notional {
    let value = value(of: position)
    return maintenance(of: value, position.key.symbol) + reservedFee(of: value)
  }

  /// The fee to close or to open, where the venue sets it aside.
  func reservedFee(of value: Notional) -> Notional {
    settings.rules.reservesFees ? value.share(settings.takerFee) : .zero
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
    return value.divided(by: leverage) + reservedFee(of: value) + reservedFee(of: value)
  }

  /// The balance must bear the opening part at the price it would fill at, and the tier its size.
  func checkBalance(_ request: PaperOrderRequest) throws(PaperRejection) {
    guard !request.isReducing, let market = markets[request.symbol] else { return }
    guard let price = request.limitPrice ?? market.touch(for: request.side) ?? market.last else {
      throw .marketUnknown
    }
    let position = positions[PositionKey(request.symbol, request.slot)]
    let held = position?.quantity ?? .zero
    guard held.wideCount + request.quantity.wideCount <= Quantity.limit else {
      throw .positionLimit
    }
    let needed = marginNeeded(
      for: request.quantity, at: price, side: request.side, slot: request.slot,
      symbol: request.symbol)
    let side: PositionSide = request.side == .buy ? .long : .short
    let sameSide = position?.side == side ? held.wideCount : 0
    let after = Quantity(uncheckedCount: sameSide + request.quantity.wideCount)
    let tier = tier(of: request.symbol, at: price * after)
    guard leverage(of: request.symbol, side: side) <= tier.maxLeverage else {
      throw .positionLimit
    }
    guard needed <= wallet(at: market.updatedAt).available else { throw .insufficientBalance }
  }
}
