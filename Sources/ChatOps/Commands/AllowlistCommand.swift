import Chat
import TradingModel

/// `/allowlist`: the symbols that engines may enter.
enum AllowlistCommand: ChatCommand {
  static let name = "allowlist"
  static let summary = Phrase.allowlistSummary
  static let usage = Phrase.allowlistUsage
  static let topic = HelpTopic.settings
  static let access = Access.viewer
  static let sight = Sight.everything

  static let symbolsPerPage = 12

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let page = try arguments.page()
    try arguments.end()
    let words = scene.words
    let symbols = scene.snapshot.allowlist.sorted()
    guard !symbols.isEmpty else { return .show(Screen([words(.allowlistEmpty)])) }
    let pages = Pages(count: symbols.count, perPage: symbolsPerPage, wanted: page)
    let shown = Array(symbols[pages.range])
    var lines: [Line] = [
      .bold(words(.allowlistTitle, ["count": "\(symbols.count)"])),
      Line(shown.map { String($0.base) }.joined(separator: " · ")),
    ]
    if let last = lastChange(in: scene) { lines.append(last) }
    var choices: [[Choice]] = []
    if scene.may(DenyCommand.access) {
      for start in stride(from: 0, to: shown.count, by: 3) {
        choices.append(
          shown[start..<min(start + 3, shown.count)].map {
            Choice("− \($0.base)", .open(DenyCommand.name, $0.name))
          })
      }
    }
    choices += pages.choices(command: name, arguments: "")
    return .show(Screen(lines.map { .line($0) }, choices: choices))
  }

  private static func lastChange(in scene: Scene) -> Line? {
    let names = [AllowCommand.name, DenyCommand.name]
    guard
      let row = scene.recent.first(where: { names.contains($0.name) && $0.stage == .reported })
    else { return nil }
    return scene.words.line(
      .allowlistChangedBy,
      [
        "name": .text(row.personName), "time": .clock(Timestamp(milliseconds: row.changedAt)),
        "change": .text("/\(row.name) \(row.arguments)"),
      ])
  }
}
