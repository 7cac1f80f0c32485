import TradingModel

/// When the transfers of the account are read: at a slow pace, and at once before a limit of the
/// day is judged on a balance that they may explain.
struct MoneyMoves: Sendable {
  static let pace = Duration.seconds(60)
  /// A limit waits no longer for the answer.
  static let patience = Duration.seconds(3)

  private var asked: (balance: Notional?, at: Timestamp)?
  private var nextAt: Timestamp?
  /// The balance that the transfers read so far belong to.
  private var knownBalance: Notional?
  /// Since when a limit waits.
  private var waitingSince: Timestamp?

  /// Whether they are to be read now by the slow pace.
  mutating func isDue(at now: Timestamp) -> Bool {
    guard asked.map({ now - $0.at >= Self.patience }) ?? true else { return false }
    return nextAt.map { $0 <= now } ?? true
  }

  /// They are being asked for.
  mutating func ask(with balance: Notional?, at now: Timestamp) {
    asked = (balance, now)
    nextAt = now + Self.pace
  }

  /// Whether a limit may be judged on this balance: the transfers behind it are known, or were
  /// waited for in vain.
  mutating func explain(_ balance: Notional, at now: Timestamp) -> Bool {
    guard knownBalance != balance else {
      waitingSince = nil
      return true
    }
    let since = waitingSince ?? now
    waitingSince = since
    return now - since >= Self.patience
  }

  /// Whether that balance has been asked about already, and the answer is still to come.
  func isAsking(about balance: Notional, at now: Timestamp) -> Bool {
    asked.map { $0.balance == balance && now - $0.at < Self.patience } ?? false
  }

  mutating func answered() {
    knownBalance = asked?.balance
    asked = nil
    waitingSince = nil
  }

  mutating func failed() { asked = nil }

  /// Something says that money has moved.
  mutating func want() { nextAt = nil }
}
