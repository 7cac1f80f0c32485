/// Keeps the files that other programs read, and sees the flag that a hand puts there.
public protocol StateFileStore: Sendable {
  /// Writes or removes a file, whole or not at all.
  func write(_ file: StateFile) async throws(JournalError)

  /// The trading flag that was put there by hand; nil when there is none or the bot wrote it.
  /// A file that is there but can't be read counts as put there by hand.
  func readFlag() async -> FlagFile?
}

/// `trading_disabled.flag` as a hand put it there.
public struct FlagFile: Sendable, Hashable {
  /// Why, as the file says; empty when it does not.
  public var reason: String
  /// When it was put there.
  public var time: Timestamp

  public init(reason: String, time: Timestamp) {
    self.reason = reason
    self.time = time
  }
}
