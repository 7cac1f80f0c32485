import TradingModel

extension EntryCheck {
  /// No lock stands: pause, kill, day, panic, flag file. Each one is told.
  static let lock = EntryCheck("lock") { entry in
    LockBook(entry.situation.locks).locks
      .filter { $0.concerns(entry.intent.engine) && !$0.hasEnded(at: entry.situation.now) }
      .map { "\($0.kind.title): \($0.reason)" }
  }
}

extension Lock.Kind {
  /// `day lock`, `paused`, `paused liquidation`.
  fileprivate var title: String {
    switch self {
    case .paused(nil): "paused"
    case .paused(let engine?): "paused \(engine.rawValue)"
    case .halted: "halted"
    case .day: "day lock"
    case .flagFile: "trading_disabled.flag"
    case .panic: "panic lock"
    }
  }
}
