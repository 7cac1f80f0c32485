import TradingModel

/// What a flatten is to do, and for whom.
struct FlattenOrder: Sendable, Hashable {
  enum Scope: Sendable, Hashable {
    /// Every position and order of the account: panic, kill with flatten, day limits.
    case account
    case close(CloseScope, share: Ratio)
  }

  var cause: FlattenReport.Cause
  var scope: Scope
  var by: String
  /// Who waits for the outcome; the first is in charge.
  var commands: [CommandID]
  /// Executions from here on may belong to it: before the start for a command taken up again.
  var since: Timestamp
  /// Taken up again after a crash: part of it may be done.
  var isResumed = false
  var longterm: Set<Symbol> = []
  /// The locks that it was set off with; they learn at the end whether it is flat.
  var locks: [Lock.Kind] = []

  var share: Ratio {
    if case .close(_, let share) = scope { share } else { .one }
  }

  /// The symbols it names; nil is every one.
  var symbols: [Symbol]? {
    if case .close(.symbols(let symbols), _) = scope { symbols } else { nil }
  }

  var isAccountWide: Bool { scope == .account }

  /// A part of every position, because too much margin is in use.
  var isReduction: Bool { cause == .margin && !isAccountWide }

  /// Whether both want something of the same position.
  func overlaps(_ other: FlattenOrder) -> Bool {
    guard let mine = symbols, let theirs = other.symbols else { return true }
    return !Set(mine).isDisjoint(with: theirs)
  }

  /// Whether doing this does the other, too.
  func covers(_ other: FlattenOrder) -> Bool {
    if isAccountWide {
      // What spares more does less.
      return (other.isAccountWide || other.share == .one) && longterm.isSubset(of: other.longterm)
    }
    return scope == other.scope
  }
}
