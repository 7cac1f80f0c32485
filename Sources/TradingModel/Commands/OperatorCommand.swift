/// The journal's number of a command. It stands in the client ids of the orders it causes.
public struct CommandID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let number: Int64
  public init(_ number: Int64) { self.number = number }
  public static func < (left: CommandID, right: CommandID) -> Bool { left.number < right.number }
  public var description: String { "\(number)" }

  public init(from decoder: any Decoder) throws {
    number = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}

/// A confirmed word of the operator, on its way to the engine.
public struct OperatorCommand: Sendable, Hashable, Codable {
  public enum Deed: Sendable, Hashable, Codable {
    /// Close that share of every position in scope, at market, reduce-only.
    case close(CloseScope, share: Ratio, thenPause: Bool)
    /// Every engine off, entry orders cancelled; positions kept or flattened.
    case kill(flatten: Bool)
    case panic
    /// The same, long-term symbols included.
    case panicWithLongterm
    /// Lift day and panic locks.
    case unlock
    /// No new entries; nil engine is all of them, nil duration is until `/resume`.
    case pause(EngineName?, for: Duration?)
    case resume(EngineName?)
    case allow([Symbol], for: Duration?)
    case deny([Symbol], for: Duration?)
  }

  public var id: CommandID
  public var deed: Deed
  /// The person, as reports name them: `Ana`. What came by another way than the chat names that:
  /// `HTTP`, `command line (root)`.
  public var by: String
  /// Why, in the giver's words; empty when they gave none.
  public var why: String
  /// When it was given: for one taken up again, in the life before.
  public var at: Timestamp
  /// Taken up again after a crash: what is done already is not done twice.
  public var isResumed: Bool

  public init(
    id: CommandID, deed: Deed, by: String, why: String = "", at: Timestamp,
    isResumed: Bool = false
  ) {
    self.id = id
    self.deed = deed
    self.by = by
    self.why = why
    self.at = at
    self.isResumed = isResumed
  }
}

/// Which positions a close means.
public enum CloseScope: Sendable, Hashable, Codable {
  case all
  case symbols([Symbol])
  /// Unrealised loss at the time of the close.
  case losers
  case winners
}

/// How far a command has come. Posted by the engine, shown by editing the same message.
public struct CommandProgress: Sendable, Hashable {
  public enum Stage: Sendable, Hashable {
    /// Under way; the report says how far.
    case working(FlattenReport)
    case finished(CommandOutcome)
  }

  public var id: CommandID
  public var stage: Stage
  public var at: Timestamp

  public init(id: CommandID, stage: Stage, at: Timestamp) {
    self.id = id
    self.stage = stage
    self.at = at
  }
}

/// How a command ended.
public enum CommandOutcome: Sendable, Hashable {
  /// Close, kill with flatten, panic: whether the account is flat stands in the report.
  case flattened(FlattenReport)
  /// Kill that keeps positions.
  case halted(HaltReport)
  case done
  /// What changed on the allowlist; the rest was so already.
  case allowlistChanged(AllowlistChange)
  case refused(CommandRefusal)
  /// Joined one that was running: its report is this one's, too.
  case joined(CommandID)
}

/// Why the engine did not obey.
public enum CommandRefusal: Sendable, Hashable {
  /// Unlock while these are open.
  case notFlat([PositionView])
  /// Unlock while the account could not be read.
  case accountUnknown(why: String)
  /// Resume under a stricter lock.
  case locked(Lock.Kind)
  case nothingToUnlock
  case notPaused
  /// Symbols that the venue does not trade, each with the nearest that it does.
  case unknownSymbols([Symbol: [Symbol]])
  case nothingOpen
  /// The store did not take it; nothing was changed.
  case notRecorded
}

public struct HaltReport: Sendable, Hashable {
  public var enginesOff: Int
  public var entriesCancelled: Int
  public var positionsKept: [PositionView]

  public init(enginesOff: Int, entriesCancelled: Int, positionsKept: [PositionView]) {
    self.enginesOff = enginesOff
    self.entriesCancelled = entriesCancelled
    self.positionsKept = positionsKept
  }
}

public struct AllowlistChange: Sendable, Hashable {
  public var added: [Symbol]
  public var removed: [Symbol]
  /// Asked for, but so already.
  public var unchanged: [Symbol]
  public var count: Int
  /// When a timed change ends; nil is never.
  public var until: Timestamp?
  /// Positions still open on removed symbols: exits go on.
  public var stillOpen: [PositionView]

  public init(
    added: [Symbol], removed: [Symbol], unchanged: [Symbol], count: Int, until: Timestamp?,
    stillOpen: [PositionView]
  ) {
    self.added = added
    self.removed = removed
    self.unchanged = unchanged
    self.count = count
    self.until = until
    self.stillOpen = stillOpen
  }
}
