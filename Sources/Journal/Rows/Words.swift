import TradingModel

// The texts that stand in columns for values with cases of their own.

extension Owner {
  /// Reads `title`.
  init?(title: String) {
    switch title {
    case Owner.manual.title: self = .manual
    case Owner.risk.title: self = .risk
    default:
      guard let name = EngineName(rawValue: title) else { return nil }
      self = .engine(name)
    }
  }
}

extension Lock.Kind {
  /// `paused`, `paused:liquidation`, `halted`, `day`, `flag_file`, `panic`.
  var word: String {
    switch self {
    case .paused(nil): "paused"
    case .paused(let engine?): "paused:\(engine.rawValue)"
    case .halted: "halted"
    case .day: "day"
    case .flagFile: "flag_file"
    case .panic: "panic"
    }
  }

  init?(word: String) {
    switch word {
    case "paused": self = .paused(nil)
    case "halted": self = .halted
    case "day": self = .day
    case "flag_file": self = .flagFile
    case "panic": self = .panic
    default:
      guard word.hasPrefix("paused:"), let engine = EngineName(rawValue: String(word.dropFirst(7)))
      else { return nil }
      self = .paused(engine)
    }
  }
}

extension JournalRecord {
  /// As overflow reports count it.
  var kindName: String {
    switch self {
    case .baseline: "baseline"
    case .lock: "lock"
    case .unlock: "unlock"
    case .allowlist: "allowlist"
    case .marginReductions: "margin reductions"
    case .startBase: "start base"
    case .intent: "intent"
    case .order: "order"
    case .orderFailed: "order failure"
    case .fill, .waitingFill: "fill"
    case .funding: "funding"
    case .roundTrip: "trade"
    case .position: "position"
    case .flat: "flat"
    case .signal: "signal"
    case .event: "event"
    case .day: "day"
    }
  }

  /// Goes first when memory is short: a later one tells it again, or nobody acts on it.
  var isExpendable: Bool {
    switch self {
    case .position, .signal, .event, .day: true
    default: false
    }
  }
}
