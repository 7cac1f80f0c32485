import TradingModel

extension EntryCheck {
  /// 4: the signal was not acted on already.
  static let signalHandled = EntryCheck("signal-handled") { entry in
    entry.situation.handledSignals.contains(entry.intent.id)
      ? ["signal \(entry.intent.id) was acted on already"] : []
  }
}
