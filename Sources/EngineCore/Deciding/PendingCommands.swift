import TradingModel

/// A `/kill` that keeps positions, until its cancels are answered.
struct Halt: Sendable {
  /// The cancels are not waited for any longer than this.
  static let limit = Duration.seconds(5)

  let command: CommandID
  let since: Timestamp
  let enginesOff: Int
  var waiting: [OrderReference]
  var cancelled = 0
}

/// An `/unlock` that waits for a reading asked for after it.
struct PendingUnlock: Sendable {
  static let limit = Duration.seconds(10)

  let command: CommandID
  let ticket: ReadTicket
  let since: Timestamp
}
