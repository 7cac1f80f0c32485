import TradingModel

/// What the control server asks of the program around it.
public struct ControlPorts: Sendable {
  public var bus: any CommandBus
  /// Progress of every command, from before the first one that is given here.
  public var progress: AsyncStream<CommandProgress>
  public var log: any ControlLog
  /// A flatten in the words that the chat has for it.
  public var words: @Sendable (FlattenReport, EngineSnapshot, [Instrument]) -> String
  public var engineFigures: @Sendable () async -> EngineFigures
  public var programFigures: @Sendable () async -> ProgramFigures
  /// The number of this process: callers tell one bot from another by it.
  public var process: Int32
  public var clock: any WallClock

  public init(
    bus: any CommandBus, progress: AsyncStream<CommandProgress>, log: any ControlLog,
    words: @escaping @Sendable (FlattenReport, EngineSnapshot, [Instrument]) -> String,
    engineFigures: @escaping @Sendable () async -> EngineFigures,
    programFigures: @escaping @Sendable () async -> ProgramFigures, process: Int32,
    clock: any WallClock
  ) {
    self.bus = bus
    self.progress = progress
    self.log = log
    self.words = words
    self.engineFigures = engineFigures
    self.programFigures = programFigures
    self.process = process
    self.clock = clock
  }
}

/// Keeps the commands that come in here with all others. What can't be kept is done all the same.
public protocol ControlLog: Sendable {
  /// Writes down a command that is about to be carried out.
  /// - Returns: Its number; nil when it could not be written.
  func begin(_ command: ControlCommand) async -> CommandID?

  func end(_ id: CommandID, _ ending: ControlEnding, detail: String) async
}

/// A command as it came in.
public struct ControlCommand: Sendable, Hashable {
  public var deed: OperatorCommand.Deed
  /// Who gave it, as reports name them: `HTTP`, `command line (root)`.
  public var by: String
  public var why: String
  public var at: Timestamp

  public init(deed: OperatorCommand.Deed, by: String, why: String, at: Timestamp) {
    self.deed = deed
    self.by = by
    self.why = why
    self.at = at
  }
}

public enum ControlEnding: Sendable, Hashable { case done, refused, failed }

/// Figures that the engine does not hold. What is not known is nil and is left out.
public struct ProgramFigures: Sendable, Hashable {
  public var version: String
  public var startedAt: Timestamp
  /// Messages on their way to the chat.
  public var outboxDepth: Int?
  /// Since the chat service was heard last.
  public var pollAge: Duration?
  public var residentBytes: Int64?
  public var storeBytes: Int64?
  public var clockSkew: Duration?

  public init(
    version: String, startedAt: Timestamp, outboxDepth: Int? = nil, pollAge: Duration? = nil,
    residentBytes: Int64? = nil, storeBytes: Int64? = nil, clockSkew: Duration? = nil
  ) {
    self.version = version
    self.startedAt = startedAt
    self.outboxDepth = outboxDepth
    self.pollAge = pollAge
    self.residentBytes = residentBytes
    self.storeBytes = storeBytes
    self.clockSkew = clockSkew
  }
}
