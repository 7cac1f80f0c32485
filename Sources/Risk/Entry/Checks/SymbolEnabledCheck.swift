import TradingModel

extension EntryCheck {
  /// 1: the engine's parameters switch the symbol on.
  static let symbolEnabled = EntryCheck("symbol-enabled") { entry in
    entry.situation.isSymbolEnabled
      ? [] : ["\(entry.intent.symbol) is switched off for \(entry.intent.engine.rawValue)"]
  }
}
