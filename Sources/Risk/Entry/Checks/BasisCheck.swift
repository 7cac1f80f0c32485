import TradingModel

extension EntryCheck {
  /// 9: what the signal rests on still exists.
  static let basis = EntryCheck("basis") { entry in
    switch entry.situation.basis {
    case .holds: []
    case .gone(let text): [text]
    case .unknown(let why): ["not known: \(why)"]
    }
  }
}
