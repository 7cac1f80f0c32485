import Chat
import TradingModel

/// Bugs planted between the bot and the world, so that a test can show that the invariants find them.
/// Without any the bot is as it is.
public struct Flaws: Sendable {
  /// What reaches the venue in place of an order: none, another, several.
  public var orders: @Sendable (OrderRequest) -> [OrderRequest] = { [$0] }
  /// What reaches the venue in place of a change of stop and target; nil is nothing, though the bot
  /// is told that it was done.
  public var protection: @Sendable (ProtectionChange) -> ProtectionChange? = { $0 }
  public var swallowsCancels = false
  /// What the bot reads of the account.
  public var reading: @Sendable (AccountReading) -> AccountReading = { $0 }
  /// What the bot hears on the streams; nil is nothing.
  public var event: @Sendable (VenueEvent) -> VenueEvent? = { $0 }
  /// What the bot is told at its start of the life before.
  public var restored: @Sendable (RestoredState) -> RestoredState = { $0 }
  /// What the store writes; nil is nothing, though the bot is told that it is written.
  public var record: @Sendable (JournalRecord) -> JournalRecord? = { $0 }
  /// What the outbox keeps of messages that must arrive.
  public var outbox: @Sendable ([OutboxEntry]) -> [OutboxEntry] = { $0 }
  /// What the engine is told of a person's command; nil is nothing.
  public var command: @Sendable (OperatorCommand) -> OperatorCommand? = { $0 }
  /// What the chat is told of a command's progress.
  public var progress: @Sendable (CommandProgress) -> [CommandProgress] = { [$0] }

  public init() {}
}
