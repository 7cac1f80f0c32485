import TradingModel

// Leverage, modes and transfers.

extension PaperVenue {
  public func mode(of symbol: Symbol) -> PaperPositionMode { modes[symbol] ?? positionMode }

  public func leverage(of symbol: Symbol, side: PositionSide) -> Ratio {
    guard let set = leverages[symbol] else {
      return min(settings.leverage, instruments[symbol]?.maxLeverage ?? settings.leverage)
    }
    return side == .long ? set.long : set.short
  }

  /// Sets the leverage of a symbol; both sides are the same but in hedge mode and isolated margin.
  /// - Throws: `PaperRejection`: 110043 unchanged, 110013 above the maximum, 110007 when an open
  ///   position needs more margin than there is.
  public mutating func setLeverage(
    _ symbol: Symbol, long: Ratio, short: Ratio, at time: Timestamp
  ) throws(PaperRejection) {
    guard let instrument = instruments[symbol] else { throw .unknownSymbol }
    for leverage in [long, short] {
      guard leverage >= .one, isStep(leverage, of: instrument) else { throw .badLeverage }
      guard leverage <= instrument.maxLeverage else {
        throw .leverageTooHigh(leverage, maximum: instrument.maxLeverage)
      }
    }
    let isBySide = mode(of: symbol) == .hedge && isIsolated(symbol)
    guard long == short || isBySide else { throw .badLeverage }
    guard
      long != leverage(of: symbol, side: .long) || short != leverage(of: symbol, side: .short)
    else { throw .leverageUnchanged }

    for position in openPositions(of: symbol) {
      let wanted = position.side == .long ? long : short
      let maximum = tier(of: symbol, at: value(of: position)).maxLeverage
      guard wanted <= maximum else { throw .leverageTooHigh(wanted, maximum: maximum) }
      let isLower = wanted < position.leverage && isIsolated(symbol)
      guard !isLower || !settings.rules.locksIsolatedLeverage else {
        throw .leverageReductionBlocked
      }
    }
    let before = (positions, leverages)
    leverages[symbol] = Leverages(long: long, short: short)
    var changed: [PositionKey] = []
    for slot in PositionSlot.allCases {
      let key = PositionKey(symbol, slot)
      guard let side = positions[key]?.side else { continue }
      positions[key]?.leverage = side == .long ? long : short
      positions[key]?.updatedAt = time
      changed.append(key)
    }
    guard changed.isEmpty || wallet(at: time).free >= .zero else {
      (positions, leverages) = before
      throw .insufficientBalance
    }
    for key in changed { tellPosition(key) }
    if !changed.isEmpty { tellWallet(at: time) }
  }

  private func isStep(_ leverage: Ratio, of instrument: Instrument) -> Bool {
    instrument.leverageStep.isZero || leverage.count % instrument.leverageStep.count == 0
  }

  /// Switches one symbol, or all that are free to, between one-way and hedge mode.
  /// - Throws: `PaperRejection`: 110025 unchanged, 110024 with a position, 110028 with orders.
  public mutating func setPositionMode(
    _ mode: PaperPositionMode, symbol: Symbol?
  ) throws(PaperRejection) {
    guard let symbol else {
      // By coin the venue skips what is busy.
      for symbol in instruments.keys.sorted() {
        modes[symbol] = isFree(symbol) ? mode : self.mode(of: symbol)
      }
      positionMode = mode
      return
    }
    guard instruments[symbol] != nil else { throw .unknownSymbol }
    guard self.mode(of: symbol) != mode else { throw .positionModeUnchanged }
    guard openPositions(of: symbol).isEmpty else { throw .positionModeBlockedByPosition }
    guard openOrders(of: symbol).isEmpty else { throw .positionModeBlockedByOrders }
    modes[symbol] = mode
  }

  /// Switches the whole account between one-way and hedge mode, as Binance does
  /// (`positionSide/dual`).
  /// - Throws: `PaperRejection`: unchanged, or blocked by any position or order of the account.
  public mutating func setPositionMode(
    ofAccount mode: PaperPositionMode
  ) throws(PaperRejection) {
    guard positionMode != mode || !modes.isEmpty else { throw .positionModeUnchanged }
    guard openOrders().isEmpty else { throw .positionModeBlockedByOrders }
    guard openPositions().isEmpty else { throw .positionModeBlockedByPosition }
    positionMode = mode
    modes = [:]
  }

  private func isFree(_ symbol: Symbol) -> Bool {
    openPositions(of: symbol).isEmpty && openOrders(of: symbol).isEmpty
  }

  /// Pays USDT in.
  public mutating func deposit(_ amount: Notional, at time: Timestamp) throws(PaperRejection) {
    guard amount > .zero, balance + amount <= .usdt(1_000_000_000_000) else { throw .badTransfer }
    transfer(amount, at: time)
  }

  /// Takes USDT out, no more than is available.
  public mutating func withdraw(_ amount: Notional, at time: Timestamp) throws(PaperRejection) {
    guard amount > .zero else { throw .badTransfer }
    guard amount <= wallet(at: time).available else { throw .transferTooLarge }
    transfer(-amount, at: time)
  }

  private mutating func transfer(_ amount: Notional, at time: Timestamp) {
    post(.transfer, transfer: amount, at: time)
    events.append(.transfer(amount, at: time))
    tellWallet(at: time)
  }
}
