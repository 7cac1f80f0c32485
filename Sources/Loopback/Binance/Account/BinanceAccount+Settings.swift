import Simulation
import TradingModel
import Transport

// Leverage, margin and modes, and what the account's money comes to.

extension BinanceAccount {
  func isIsolated(_ symbol: Symbol) -> Bool { venue.marginMode(of: symbol) == .isolated }

  /// Whether there are slots for both sides.
  var isHedged: Bool { venue.positionMode == .hedge }

  /// The same for both sides.
  func leverage(of symbol: Symbol) -> Ratio { venue.leverage(of: symbol, side: .long) }

  mutating func setLeverage(
    _ symbol: Symbol, _ leverage: Ratio, at now: Timestamp
  ) throws(BinanceRefusal) {
    guard let instrument = instruments[symbol] else { throw .badSymbol }
    guard leverage <= instrument.maxLeverage else { throw .leverage(leverage.description) }
    // What stands already is no failure here.
    guard leverage != self.leverage(of: symbol) else { return }
    do throws(PaperRejection) {
      try venue.setLeverage(symbol, long: leverage, short: leverage, at: now)
    } catch .insufficientBalance {
      throw .leverageTooLow
    } catch {
      throw BinanceRefusal(error)
    }
    settle(at: now)
    tell(
      "ACCOUNT_CONFIG_UPDATE",
      ["ac": ["s": .string(symbol.name), "l": BinanceRows.leverage(leverage)]], at: now)
  }

  mutating func setIsolated(
    _ symbol: Symbol, _ isIsolated: Bool, at now: Timestamp
  ) throws(BinanceRefusal) {
    guard isIsolated != self.isIsolated(symbol) else { throw .marginTypeUnchanged }
    guard !isIsolated || !isMultiAssets else { throw .isolatedInMultiAssets }
    guard openAlgos(of: symbol).isEmpty else { throw .marginTypeBlockedByOrders }
    try carryOut { (venue) throws(PaperRejection) in
      try venue.setMarginMode(isIsolated ? .isolated : .cross, of: symbol)
    }
    settle(at: now)
  }

  /// Puts margin to an isolated position, or takes it back below zero.
  mutating func moveMargin(
    _ key: PositionKey, _ amount: Notional, at now: Timestamp
  ) throws(BinanceRefusal) {
    do throws(PaperRejection) {
      try venue.moveMargin(amount, to: key, at: now)
    } catch .stopOnFlat {
      throw .noPosition
    } catch .insufficientBalance {
      throw .crossBalance
    } catch {
      throw BinanceRefusal(error)
    }
    settle(at: now)
    marginChanges.append(BinanceMarginChange(key: key, amount: amount, time: now))
    Self.trim(&marginChanges)
    tellAccount("MARGIN_TRANSFER", [key], moved: -amount, at: now)
  }

  mutating func setHedged(_ isHedged: Bool) throws(BinanceRefusal) {
    guard isHedged != self.isHedged else { throw .positionSideUnchanged }
    guard openAlgos().isEmpty else { throw .positionSideBlockedByOrders }
    try carryOut { (venue) throws(PaperRejection) in
      try venue.setPositionMode(ofAccount: isHedged ? .hedge : .oneWay)
    }
  }

  mutating func setMultiAssets(_ isOn: Bool, at now: Timestamp) throws(BinanceRefusal) {
    guard isOn != isMultiAssets else { throw .multiAssetsUnchanged }
    guard !isOn || !instruments.keys.contains(where: isIsolated) else {
      throw .multiAssetsBlockedByIsolated
    }
    isMultiAssets = isOn
    tell("ACCOUNT_CONFIG_UPDATE", ["ai": ["j": .bool(isOn)]], at: now)
  }

  /// Pays in (above zero) or out.
  mutating func transfer(_ amount: Notional, at now: Timestamp) throws(BinanceRefusal) {
    try carryOut { (venue) throws(PaperRejection) in
      if amount < .zero {
        try venue.withdraw(-amount, at: now)
      } else {
        try venue.deposit(amount, at: now)
      }
    }
    settle(at: now)
  }

  /// The account's money.
  func money(at now: Timestamp) -> BinanceMoney { BinanceMoney(wallet: venue.wallet(at: now)) }
}

/// What an account holds and what of it is bound, in USDT.
struct BinanceMoney: Sendable, Hashable {
  let wallet: PaperWallet

  var balance: Notional { wallet.balance }
  var crossBalance: Notional { wallet.crossBalance }
  var crossUnrealised: Notional { wallet.crossUnrealised }
}
