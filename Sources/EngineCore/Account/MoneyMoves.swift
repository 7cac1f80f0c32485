import TradingModel

/// When the transfers of the account are read: at a slow pace, and at once before a limit of the
/// day is judged on a balance that they may explain.
///
/// A change of the balance that our own executions explain is no transfer. One that they do not
/// explain may be one: until the venue's list was read nothing is decided on it.
struct MoneyMoves: Sendable {
  static let pace = Duration.seconds(60)
  /// A reading without an answer counts as failed.
  static let answerLimit = Duration.seconds(3)
  /// How long after the balance changed the venue's list has the transfer behind it.
  static let settling = Duration.seconds(1)
  /// A limit that waits for the list so long is told.
  static let toldAfter = Duration.seconds(15)
  private static let shortestPause = Duration.milliseconds(500)
  private static let longestPause = Duration.seconds(10)

  private struct Balance: Sendable {
    let amount: Notional
    let since: Timestamp
  }

  /// What was booked, by executions and by transfers, when the balance was that.
  struct Books: Sendable, Hashable {
    /// Results less fees of all executions counted in this process.
    var earned: Notional
    /// Transfers since the baseline of the day was taken.
    var transferred: Notional
  }

  private var asked: (balance: Notional?, earned: Notional, at: Timestamp)?
  private var lastAskedAt: Timestamp?
  private var nextAt: Timestamp?
  /// The balance as told last, and since when it is that.
  private var balance: Balance?
  /// The balance that the last list belongs to, and when the list was asked for.
  private var known: (balance: Notional?, askedAt: Timestamp)?
  /// A balance of which all is known that came in and went out, and the books of then.
  private var anchor: (balance: Notional, books: Books)?
  /// When the ledger that was read last was asked for.
  private(set) var readAt: Timestamp?
  /// Since when a limit would fire.
  private var firingSince: Timestamp?
  private var isTold = false
  private var failures = 0
  /// Why the list could not be read last; empty while it could.
  private(set) var trouble = ""

  /// The venue has told the balance.
  mutating func note(_ amount: Notional, at now: Timestamp) {
    if balance?.amount != amount { balance = Balance(amount: amount, since: now) }
  }

  /// A limit would fire, and waits.
  var isWaiting: Bool { firingSince != nil }

  /// One question at a time, and not one after the other; less often while they fail.
  func canAsk(at now: Timestamp) -> Bool {
    if let asked, now - asked.at < Self.answerLimit { return false }
    let pause = min(Self.shortestPause * (1 << min(failures, 5)), Self.longestPause)
    return lastAskedAt.map { now - $0 >= pause } ?? true
  }

  /// Whether they are to be read now by the slow pace.
  func isDue(at now: Timestamp) -> Bool {
    canAsk(at: now) && nextAt.map { $0 <= now } ?? true
  }

  /// They are being asked for.
  mutating func ask(earned: Notional, at now: Timestamp) {
    lastAskedAt = now
    asked = (balance?.amount, earned, now)
    nextAt = now + Self.pace
  }

  // MARK: What is explained

  /// What came in or went out counts from this moment: the baseline of the day is taken.
  mutating func begin(with books: Books) {
    anchor = balance.map { ($0.amount, books) }
  }

  /// By how much the balance has changed for reasons that are not known; nil while nothing of it is.
  func unexplained(by books: Books) -> Notional? {
    guard let balance, let anchor else { return nil }
    let earned = books.earned - anchor.books.earned
    let moved = books.transferred - anchor.books.transferred
    return balance.amount - anchor.balance - earned - moved
  }

  /// Whether a limit that would fire may be judged: everything behind the balance is known.
  /// - Parameter tolerance: So much may be unexplained: roundings, and what can't matter.
  mutating func mayJudge(books: Books, tolerance: Notional, at now: Timestamp) -> Bool {
    let since = firingSince ?? now
    firingSince = since
    if let unexplained = unexplained(by: books), unexplained.magnitude <= tolerance { return true }
    guard let balance, let known else { return false }
    // Asked for after it began to fire, and settled: the list has whatever made it fire.
    if known.askedAt - since >= Self.settling { return true }
    return known.balance == balance.amount && known.askedAt - balance.since >= Self.settling
  }

  /// Whether it is to be told now, once, that a limit waits.
  mutating func isToBeTold(at now: Timestamp) -> Bool {
    guard !isTold, let firingSince, now - firingSince >= Self.toldAfter else { return false }
    isTold = true
    return true
  }

  /// No limit would fire.
  mutating func calm() {
    firingSince = nil
    isTold = false
  }

  // MARK: Answers

  /// - Parameters:
  ///   - transferred: As the baseline has it now; nil when the list has just moved it, for the balance
  ///     may lack that yet.
  ///   - funding: What the list told of it for the first time: the balance had it when it was asked for.
  mutating func answered(transferred: Notional?, funding: Notional) {
    known = asked.map { ($0.balance, $0.at) }
    readAt = asked?.at ?? readAt
    if let asked, let balance, let transferred, asked.balance == balance.amount,
      asked.at - balance.since >= Self.settling
    {
      anchor = (
        balance.amount, Books(earned: asked.earned + funding, transferred: transferred)
      )
    }
    asked = nil
    failures = 0
    trouble = ""
  }

  mutating func failed(_ why: String) {
    asked = nil
    failures += 1
    trouble = why
  }

  /// Something says that money has moved: the list is read anew, and what is known of it is old.
  mutating func want() {
    nextAt = nil
    known = nil
  }
}
