import TradingModel

extension EntryCheck {
  /// What we do can be written down.
  static let journal = EntryCheck("journal") { entry in
    entry.situation.isJournalWorking ? [] : ["the journal can't be written"]
  }
}
