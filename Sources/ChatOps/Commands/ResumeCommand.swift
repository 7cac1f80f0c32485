import Chat
import TradingModel

/// `/resume`: ends a pause or a halt. Stricter locks refuse it and are named.
enum ResumeCommand: ChatCommand {
  static let name = "resume"
  static let summary = Phrase.resumeSummary
  static let usage = Phrase.resumeUsage
  static let topic = HelpTopic.stop
  static let access = Access.operator
  static let pace = Pace.changing
  static let confirmation = Confirmation.preview(lifetime: .seconds(30))
  static let notDone = Phrase.notResumed

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let engine = try arguments.engineOrAll()
    let words = scene.words
    if let strict = scene.snapshot.locks.filter({ $0.kind >= .flagFile }).max(by: {
      $0.kind < $1.kind
    }) {
      throw .refused(RefusalText(scene: scene).screen(for: .locked(strict.kind)))
    }
    let ending = scene.snapshot.locks.filter { lock in
      if case .paused(let paused) = lock.kind { return engine == nil || paused == engine }
      return lock.kind == .halted && engine == nil
    }
    guard !ending.isEmpty else {
      throw .refused(RefusalText(scene: scene).screen(for: .notPaused))
    }
    let title = words(.resumeTitle, ["engine": engine?.rawValue ?? words(.allEngines)])
    let locks = ending.sorted { $1.kind < $0.kind }.map { LockText(words: words).line(for: $0) }
    let lines: [Line] =
      [.bold(title)] + locks + [
        Line(words(.resumeEffect)), Line(words(.validFor, ["age": words.age(.seconds(30))])),
      ]
    let choices = [
      [
        Choice(words(.buttonResume), .confirm(.resume(engine)), style: .primary),
        Choice(words(.buttonStayPaused), .keep),
      ]
    ]
    return .preview(
      Screen(lines.map { .line($0) }, choices: choices),
      binding: StateDigest(.locks, in: scene.snapshot))
  }
}
