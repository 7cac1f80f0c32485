import TradingModel

extension EntryCheck {
  /// Neither the symbol nor the account was entered too often, and the symbol does not rest.
  static let throttle = EntryCheck("throttle") { entry in
    entry.situation.throttle.objections(to: entry.intent.symbol, at: entry.situation.now)
  }
}
