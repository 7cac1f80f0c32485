import Synchronization
import TradingModel

/// A command bus whose engine is the test: it says what the account looks like, sees what was
/// submitted, and answers by hand.
public final class ScriptedBus: CommandBus {
  private struct State {
    var snapshot: EngineSnapshot
    var instruments: [Instrument]
    var submitted: [OperatorCommand] = []
  }

  private let state: Mutex<State>
  private let progressOut: AsyncStream<CommandProgress>.Continuation
  private let alertsOut: AsyncStream<Alert>.Continuation
  public let progress: AsyncStream<CommandProgress>
  public let alerts: AsyncStream<Alert>

  public init(_ snapshot: EngineSnapshot, instruments: [Instrument]) {
    state = Mutex(State(snapshot: snapshot, instruments: instruments))
    (progress, progressOut) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    (alerts, alertsOut) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
  }

  public var submitted: [OperatorCommand] { state.withLock { $0.submitted } }

  public func change(_ body: @Sendable (inout EngineSnapshot) -> Void) {
    state.withLock { body(&$0.snapshot) }
  }

  public func say(_ stage: CommandProgress.Stage, about command: CommandID, at time: Timestamp) {
    progressOut.yield(CommandProgress(id: command, stage: stage, at: time))
  }

  public func raise(_ alert: Alert) { alertsOut.yield(alert) }

  public func submit(_ command: OperatorCommand) async {
    state.withLock { $0.submitted.append(command) }
  }

  public func snapshot() async -> EngineSnapshot { state.withLock { $0.snapshot } }
  public func instruments() async -> [Instrument] { state.withLock { $0.instruments } }
}
