import TradingModel

extension EntryCheck {
  /// The bot is not about to end.
  static let stopping = EntryCheck("stopping") { entry in
    entry.situation.isStopping ? ["the bot is stopping"] : []
  }
}
