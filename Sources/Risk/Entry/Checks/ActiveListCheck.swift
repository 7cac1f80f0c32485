import TradingModel

extension EntryCheck {
  /// 2: the symbol is on the allowlist.
  static let activeList = EntryCheck("active-list") { entry in
    entry.situation.allowlist.contains(entry.intent.symbol)
      ? [] : ["\(entry.intent.symbol) is not on the allowlist"]
  }
}
