import TradingModel

// Isolated and cross margin, and margin that is moved by hand.

extension PaperVenue {
  /// Switches the account between isolated and cross margin; only while it is flat.
  /// - Throws: `PaperRejection`: unchanged, blocked, or `.marginModeScope` where the rules keep the
  ///   mode by symbol.
  public mutating func setMarginMode(
    _ mode: MarginMode, at time: Timestamp
  ) throws(PaperRejection) {
    guard settings.rules.marginScope == .account else { throw .marginModeScope }
    guard mode != marginMode else { throw .marginModeUnchanged }
    guard openPositions().isEmpty else { throw .marginModeBlockedByPosition }
    guard openOrders().isEmpty else { throw .marginModeBlockedByOrders }
    marginMode = mode
    tellWallet(at: time)
  }

  /// Switches one symbol between isolated and cross margin; only while it has no position and no
  /// order.
  /// - Throws: `PaperRejection`: unchanged, blocked, or `.marginModeScope` where the rules keep one
  ///   mode for the account.
  public mutating func setMarginMode(
    _ mode: MarginMode, of symbol: Symbol
  ) throws(PaperRejection) {
    guard settings.rules.marginScope == .symbol else { throw .marginModeScope }
    guard instruments[symbol] != nil else { throw .unknownSymbol }
    guard mode != marginMode(of: symbol) else { throw .marginModeUnchanged }
    guard openOrders(of: symbol).isEmpty else { throw .marginModeBlockedByOrders }
    guard openPositions(of: symbol).isEmpty else { throw .marginModeBlockedByPosition }
    marginModes[symbol] = mode
  }

  /// Puts margin to an isolated position, or with a negative amount takes back what was put.
  /// - Throws: `PaperRejection`: `.notIsolated`, `.stopOnFlat` for a flat slot, `.badMargin` for more
  ///   than was put or than the position can spare, `.insufficientBalance`.
  @discardableResult
  public mutating func moveMargin(
    _ amount: Notional, to key: PositionKey, at time: Timestamp
  ) throws(PaperRejection) -> PaperPosition {
    var (position, _, _) = try guarded(key)
    guard isIsolated(key.symbol) else { throw .notIsolated }
    guard !amount.isZero else { throw .badMargin }
    if amount > .zero {
      guard amount <= wallet(at: time).available else { throw .insufficientBalance }
    }
    position.extraMargin += amount
    guard position.extraMargin >= .zero, amount > .zero || !isUsedUp(position) else {
      throw .badMargin
    }
    position.updatedAt = time
    positions[key] = position
    tellPosition(key)
    tellWallet(at: time)
    return position
  }
}
