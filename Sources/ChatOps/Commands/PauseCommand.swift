import TradingModel

/// `/pause`: no new entries of an engine or of all; exits go on.
enum PauseCommand: ChatCommand {
  static let name = "pause"
  static let summary = Phrase.pauseSummary
  static let usage = Phrase.pauseUsage
  static let topic = HelpTopic.stop
  static let access = Access.operator
  static let pace = Pace.changing
  static let notDone = Phrase.notPaused

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let duration = try arguments.duration()
    let engine = try arguments.engineOrAll()
    return .perform(.pause(engine, for: duration))
  }
}

extension Arguments {
  /// Takes what is left as `all` (nil) or one engine.
  mutating func engineOrAll() throws(Objection) -> EngineName? {
    if keyword("all") == nil, let first = words.first {
      guard let engine = self.engine() else { throw .misread(first, as: .module) }
      try end()
      return engine
    }
    try end()
    return nil
  }
}
