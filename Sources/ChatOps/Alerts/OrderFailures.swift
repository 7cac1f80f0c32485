import TradingModel

/// Orders that fail, merged by symbol and class of error: five hundred failures are one message.
struct OrderFailures {
  static let gathering: Duration = .seconds(3)
  static let forgetting: Duration = .minutes(10)
  static let editPace: Duration = .seconds(30)
  /// More symbols than that at once become one line with a count.
  static let symbolLimit = 5
  static let limit = 200

  struct Key: Sendable, Hashable, Comparable {
    let symbol: Symbol
    let failureClass: String

    static func < (left: Key, right: Key) -> Bool {
      (left.symbol, left.failureClass) < (right.symbol, right.failureClass)
    }
  }

  struct Case: Sendable {
    let key: Key
    let error: VenueError
    let severity: Alert.Severity
    let since: Timestamp
    var last: Timestamp
    var count = 1
    /// Nil until it was told.
    var toldCount: Int?
    var toldAt: Timestamp?
    /// It was told together with others, under this key.
    var group: String?
  }

  private(set) var cases: [Key: Case] = [:]

  enum Noted: Sendable, Hashable {
    case first
    /// Twice as many as its message says, which was told or edited then.
    case doubled(toldAt: Timestamp)
    case counted
  }

  mutating func note(
    _ symbol: Symbol, _ error: VenueError, _ severity: Alert.Severity, at now: Timestamp
  ) -> Noted {
    let key = Key(symbol: symbol, failureClass: error.failureClass)
    if var one = cases[key] {
      one.count += 1
      one.last = now
      cases[key] = one
      guard let told = one.toldCount, let at = one.toldAt, one.count == told * 2 else {
        return .counted
      }
      return .doubled(toldAt: at)
    }
    guard cases.count < Self.limit else { return .counted }
    cases[key] = Case(key: key, error: error, severity: severity, since: now, last: now)
    return .first
  }

  var toldCount: Int { cases.values.count { $0.toldCount != nil } }

  /// When the next case may be over.
  var nextForgetting: Timestamp? { cases.values.map { $0.last + Self.forgetting }.min() }

  /// Gathered long enough and not told yet, in order.
  func untold(at now: Timestamp) -> [Case] {
    cases.values.filter { $0.toldCount == nil && now - $0.since >= Self.gathering }
      .sorted { $0.key < $1.key }
  }

  /// Told, and since then doubled.
  func grown(at now: Timestamp) -> [Case] {
    cases.values.filter { one in
      guard let told = one.toldCount, let at = one.toldAt, one.group == nil else { return false }
      return one.count >= told * 2 && now - at >= Self.editPace
    }.sorted { $0.key < $1.key }
  }

  mutating func markTold(_ keys: [Key], at now: Timestamp, group: String?) {
    for key in keys {
      guard var one = cases[key] else { continue }
      one.toldCount = one.count
      one.toldAt = now
      one.group = group
      cases[key] = one
    }
  }

  /// Quiet for ten minutes: taken out.
  mutating func takeOver(at now: Timestamp) -> [Case] {
    let over = cases.values.filter { now - $0.last >= Self.forgetting }.sorted {
      $0.key < $1.key
    }
    for one in over { cases[one.key] = nil }
    return over
  }
}
