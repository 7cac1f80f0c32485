import TradingModel

extension EntryCheck {
  /// Isolated margin and the leverage could be set.
  static let preparation = EntryCheck("preparation") { entry in
    entry.situation.preparationFailure.map { [$0] } ?? []
  }
}
