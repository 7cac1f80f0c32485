import Chat
import TradingModel

/// `/health`: links, clock, store, chat, version.
enum HealthCommand: ChatCommand {
  static let name = "health"
  static let aliases = ["ping", "version"]
  static let summary = Phrase.healthSummary
  static let usage = Phrase.healthUsage
  static let topic = HelpTopic.look
  static let access = Access.viewer
  static let sight = Sight.everything
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    try arguments.end()
    return .show(
      Screen(
        [.table(rows(in: scene).map(TableRows.clipped))],
        choices: [[Choice(scene.words(.buttonRefresh), .turn(name))]]))
  }

  private static func rows(in scene: Scene) -> [String] {
    let words = scene.words
    let health = scene.health
    let up = health.startedAt.map { words(.upFor, ["age": words.age(scene.now - $0)]) }
    var rows = [row(words(.versionRow), [scene.settings.version, up])]
    for link in scene.snapshot.links.sorted(by: { $0.name < $1.name }) where link.name != .chat {
      let state = words(link.isUp ? .linkUpMark : .linkDownMark)
      rows.append(
        row(
          link.venue.title,
          [words.word(link.name), state, LinkTexts(scene: scene).age(of: link)]))
    }
    rows.append(
      row(
        scene.venue,
        [
          words(
            .restTime,
            ["time": health.requestTime.map { milliseconds($0, words) } ?? words(.unknown)]),
          health.requestAge.map { words(.ago, ["age": words.age($0)]) },
        ]))
    rows.append(
      row(words(.clockRow), [health.clockSkew.map { skew($0, words) } ?? words(.unknown)]))
    rows.append(
      row(
        words(.storeRow),
        [
          words(scene.snapshot.isRecording ? .storeRowOK : .storeRowFailing),
          health.commitTime.map { milliseconds($0, words) },
          health.storeBytes.map { words(.megabytes, ["count": "\($0 / 1_000_000)"]) },
        ]))
    rows.append(
      row(
        words(.chatRow),
        [
          words(.pollAge, ["age": health.pollAge.map { words.span($0) } ?? words(.unknown)]),
          words(.queued, ["count": health.queued.map(Figures.count) ?? words(.unknown)]),
        ]))
    if let sight = scene.guardian { rows.append(row(words(.guardRow), [words.word(sight)])) }
    if let sight = scene.control { rows.append(row(words(.controlRow), [words.word(sight)])) }
    rows.append(row(words(.alertsRow), [words(.firing, ["count": "\(scene.firing)"])]))
    return rows
  }

  private static func row(_ label: String, _ values: [String?]) -> String {
    TableRows.padded(label, to: 9) + values.compactMap { $0 }.joined(separator: "  ")
  }

  private static func milliseconds(_ duration: Duration, _ words: Words) -> String {
    words(.milliseconds, ["number": "\(duration.wholeMilliseconds)"])
  }

  private static func skew(_ duration: Duration, _ words: Words) -> String {
    let sign = duration < .zero ? "" : "+"
    return words(.milliseconds, ["number": "\(sign)\(duration.wholeMilliseconds)"])
  }
}
