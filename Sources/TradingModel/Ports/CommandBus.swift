/// The way from the chat to the engine. ChatOps sees this and nothing else of trading.
public protocol CommandBus: Sendable {
  /// Hands a confirmed and recorded command to the engine. Progress comes by `progress`.
  func submit(_ command: OperatorCommand) async

  /// What the engine knows right now.
  func snapshot() async -> EngineSnapshot

  /// Symbols that the executing venue trades, with rules.
  func instruments() async -> [Instrument]

  /// Progress of every command, in order, as it happens. One listener.
  var progress: AsyncStream<CommandProgress> { get }

  /// Alerts, in order, as they happen. One listener.
  var alerts: AsyncStream<Alert> { get }
}
