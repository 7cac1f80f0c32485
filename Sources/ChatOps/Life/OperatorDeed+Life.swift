import TradingModel

extension OperatorCommand.Deed {
  /// Done even when it can't be written down, and taken up again after a crash.
  var isUrgent: Bool {
    switch self {
    case .close, .kill, .panic, .panicWithLongterm: true
    case .unlock, .pause, .resume, .allow, .deny: false
    }
  }

  /// Takes seconds and shows how far it is.
  var flattens: Bool {
    switch self {
    case .close, .panic, .panicWithLongterm, .kill(flatten: true): true
    default: false
    }
  }

  /// The command it belongs to, and its arguments as they would be typed.
  var typed: (name: String, arguments: String) {
    switch self {
    case .close(let scope, let share, _):
      (CloseCommand.name, Self.text(scope) + (share == .one ? "" : " \(share.percentDescription)"))
    case .kill: (KillCommand.name, "")
    case .panic: (PanicCommand.name, "")
    case .panicWithLongterm: (PanicCommand.name, PanicCommand.longterm)
    case .unlock: (UnlockCommand.name, "")
    case .pause(let engine, _): (PauseCommand.name, engine?.rawValue ?? "all")
    case .resume(let engine): (ResumeCommand.name, engine?.rawValue ?? "all")
    case .allow(let symbols, _): (AllowCommand.name, Self.text(symbols))
    case .deny(let symbols, _): (DenyCommand.name, Self.text(symbols))
    }
  }

  private static func text(_ scope: CloseScope) -> String {
    switch scope {
    case .all: "all"
    case .losers: "losers"
    case .winners: "winners"
    case .symbols(let symbols): text(symbols)
    }
  }

  private static func text(_ symbols: [Symbol]) -> String {
    symbols.map(\.name).joined(separator: " ")
  }
}
