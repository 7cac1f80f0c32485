import TradingModel

extension EngineSnapshot {
  /// What to say where no position is known: none, or not known yet whether there are some.
  var noPositions: Phrase { isReconciled ? .noPositions : .positionsUnknown }
}
