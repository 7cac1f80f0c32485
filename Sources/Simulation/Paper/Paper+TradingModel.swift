import TradingModel

// The paper venue's state in the words of the trading model.

extension PaperOrder {
  public var order: Order {
    Order(
      id: link ?? ClientOrderID(""), venueID: id, symbol: symbol, slot: slot, side: side,
      quantity: quantity, filled: filled, averagePrice: averagePrice, kind: kind,
      reduceOnly: reduceOnly || closesPosition,
      triggerPrice: trigger?.price ?? trailing?.activation ?? trailing?.best, role: role,
      status: modelStatus,
      reason: reasonText, createdAt: createdAt, updatedAt: updatedAt)
  }

  public var role: Order.Role {
    switch (origin, stopKind) {
    case (.liquidation, _): .liquidation
    case (_, .none), (_, .conditional): .placed
    case (_, .stopLoss), (_, .partialStopLoss): .stop
    case (_, .takeProfit), (_, .partialTakeProfit): .target
    case (_, .trailingStop): .trailing
    }
  }

  private var modelStatus: Order.Status {
    switch status {
    case .untriggered: .untriggered
    case .new: .new
    case .partiallyFilled: .partiallyFilled
    case .filled: .filled
    case .cancelled, .deactivated: .cancelled
    }
  }

  private var reasonText: String {
    if rejectReason != .none { return rejectReason.rawValue }
    return cancelKind == .none ? "" : cancelKind.rawValue
  }
}

extension PaperExecution {
  public var fill: Fill {
    Fill(
      executionID: id, orderID: order.link ?? ClientOrderID(""), venueOrderID: order.id,
      symbol: order.symbol, slot: order.slot, side: order.side, price: price, quantity: quantity,
      fee: fee, isMaker: isMaker, closedQuantity: closedQuantity, role: order.role, time: time)
  }
}

extension PaperWallet {
  public var wallet: Wallet {
    Wallet(
      equity: equity, balance: balance, available: available, initialMargin: initialMargin,
      maintenanceMargin: maintenanceMargin,
      initialMarginRate: marginMode == .isolated ? nil : initialMarginRate,
      maintenanceMarginRate: marginMode == .isolated ? nil : maintenanceMarginRate,
      marginMode: marginMode, updatedAt: updatedAt)
  }
}

extension PaperVenue {
  /// Nil when the slot is flat.
  public func model(of position: PaperPosition) -> Position? {
    guard let side = position.side, let entry = position.entryPrice else { return nil }
    return Position(
      key: position.key, side: side, quantity: position.quantity, entryPrice: entry,
      markPrice: markets[position.key.symbol]?.valuation,
      liquidationPrice: liquidationPrice(of: position), leverage: position.leverage,
      unrealised: unrealised(of: position), initialMargin: initialMargin(of: position),
      maintenanceMargin: maintenanceMargin(of: position), stop: position.stop,
      target: position.target, createdAt: position.openedAt, updatedAt: position.updatedAt)
  }

  /// The whole account at one moment.
  public func reading(at time: Timestamp) -> AccountReading {
    AccountReading(
      wallet: wallet(at: time).wallet, positions: openPositions().compactMap(model),
      orders: openOrders().map(\.order), startedAt: time, time: time)
  }

  /// What happened since the last call, as a private stream would tell it.
  public mutating func drainAccountEvents() -> [AccountEvent] {
    drainEvents().compactMap(accountEvent)
  }

  /// Funding has no word of its own: it shows in the wallet.
  func accountEvent(_ event: PaperEvent) -> AccountEvent? {
    switch event {
    case .execution(let execution): .fill(execution.fill)
    case .order(let order): .order(order.order)
    case .position(let position, _):
      .position(position.key, model(of: position), at: position.updatedAt)
    case .wallet(let wallet): .wallet(wallet.wallet)
    case .funding: nil
    case .transfer(let amount, let time): .transfer(amount, at: time)
    }
  }
}
