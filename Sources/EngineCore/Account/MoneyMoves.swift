import TradingModel

/// When the transfers of the account are read: at a slow pace, and at once before a limit of the
/// day is judged on a balance that they may explain.
struct MoneyMoves: Sendable {
  static let pace = Duration.seconds(60)
  /// A reading without an answer counts as failed.
  static let answerLimit = Duration.seconds(3)
  /// How long after the balance changed the venue's list has the transfer behind it.
  static let settling = Duration.seconds(1)
  private static let shortestPause = Duration.milliseconds(500)
  /// A limit waits no longer than this in all.
  static let patience = Duration.seconds(4)

  private struct Balance: Sendable {
    let amount: Notional
    let since: Timestamp
  }

  private var asked: (balance: Notional?, at: Timestamp)?
  private var lastAskedAt: Timestamp?
  private var nextAt: Timestamp?
  /// The balance as told last, and since when it is that.
  private var balance: Balance?
  /// The balance that the last list belongs to, and when the list was asked for.
  private var known: (balance: Notional?, askedAt: Timestamp)?
  /// When the ledger that was read last was asked for.
  private(set) var readAt: Timestamp?
  /// Since when a limit would fire.
  private var firingSince: Timestamp?

  /// The venue has told the balance.
  mutating func note(_ amount: Notional, at now: Timestamp) {
    if balance?.amount != amount { balance = Balance(amount: amount, since: now) }
  }

  /// A limit would fire, and waits.
  var isWaiting: Bool { firingSince != nil }

  /// One question at a time, and not one after the other.
  func canAsk(at now: Timestamp) -> Bool {
    if let asked, now - asked.at < Self.answerLimit { return false }
    return lastAskedAt.map { now - $0 >= Self.shortestPause } ?? true
  }

  /// Whether they are to be read now by the slow pace.
  func isDue(at now: Timestamp) -> Bool {
    canAsk(at: now) && nextAt.map { $0 <= now } ?? true
  }

  /// They are being asked for.
  mutating func ask(at now: Timestamp) {
    lastAskedAt = now
    asked = (balance?.amount, now)
    nextAt = now + Self.pace
  }

  /// Whether a limit that would fire may be judged: the transfers behind the balance are known, or
  /// were waited for in vain.
  mutating func mayJudge(at now: Timestamp) -> Bool {
    let since = firingSince ?? now
    firingSince = since
    guard now - since < Self.patience else { return true }
    guard let balance, let known, known.balance == balance.amount else { return false }
    return known.askedAt - balance.since >= Self.settling
  }

  /// No limit would fire.
  mutating func calm() { firingSince = nil }

  mutating func answered() {
    known = asked.map { ($0.balance, $0.at) }
    readAt = asked?.at ?? readAt
    asked = nil
  }

  mutating func failed() { asked = nil }

  /// Something says that money has moved: the list is read anew, and what is known of it is old.
  mutating func want() {
    nextAt = nil
    known = nil
  }
}
