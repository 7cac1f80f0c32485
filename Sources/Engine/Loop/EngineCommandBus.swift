import TradingModel

/// The chat's way to the engine, within one process.
public struct EngineCommandBus: CommandBus {
  private let loop: EngineLoop

  public init(_ loop: EngineLoop) { self.loop = loop }

  public func submit(_ command: OperatorCommand) async { loop.post(.command(command)) }
  public func snapshot() async -> EngineSnapshot { await loop.snapshot() }
  public func instruments() async -> [Instrument] { await loop.instruments() }
  public var progress: AsyncStream<CommandProgress> { loop.announcements.progress }
  public var alerts: AsyncStream<Alert> { loop.announcements.alerts }
}
