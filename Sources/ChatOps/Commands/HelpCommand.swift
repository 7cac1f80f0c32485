import Chat

/// `/help`: a line per topic with one button each, or the commands of a topic, or one command.
enum HelpCommand: ChatCommand {
  static let name = "help"
  static let aliases = ["start"]
  static let summary = Phrase.helpSummary
  static let usage = Phrase.helpUsage
  static let topic = HelpTopic.settings
  static let access = Access.viewer
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    guard let word = arguments.words.first?.lowercased() else {
      return .show(overview(in: scene))
    }
    guard arguments.words.count == 1 else { throw .usage }
    let name = word.hasPrefix("/") ? String(word.dropFirst()) : word
    let type = CommandCatalog.command(named: name)
    // `stop` is a topic and an alias: what a word names first of all is a command, then a topic.
    if type?.name != name, let topic = HelpTopic(rawValue: name) {
      return .show(page(topic, in: scene))
    }
    guard let type else { throw .refused(nothing(on: name, in: scene)) }
    guard scene.may(type.access) else {
      throw .refused(
        Screen([
          scene.words(
            .notAllowedToRole,
            ["command": type.name, "role": scene.words.word(scene.person.role)])
        ]))
    }
    return .show(page(of: type, in: scene))
  }

  /// Neither a topic nor a command: what is near, and all topics.
  private static func nothing(on word: String, in scene: Scene) -> Screen {
    let near = CommandCatalog.nearest(to: word) { scene.may($0) }
      .map { Choice("/\($0.name)", .turn(name, $0.name)) }
    let topics = Nearest.texts(to: word, among: HelpTopic.allCases.map(\.rawValue), limit: 1)
      .compactMap(HelpTopic.init(rawValue:))
    let first = topics.map { Choice(title($0, scene.words), .turn(name, $0.rawValue)) } + near
    let others = shown(in: scene).filter { !topics.contains($0) }
    return Screen(
      [scene.words(.helpNothingOn, ["word": String(word.prefix(32))])],
      choices: (first.isEmpty ? [] : [Array(first.prefix(3))]) + buttons(others, scene))
  }

  private static func shown(in scene: Scene) -> [HelpTopic] {
    HelpTopic.allCases.filter { !commands(of: $0, in: scene).isEmpty }
  }

  private static func overview(in scene: Scene) -> Screen {
    let words = scene.words
    let topics = shown(in: scene)
    let lines: [Line] =
      [
        .bold(words(.helpTitle)),
        Line(words(.helpIntroduction, ["mode": scene.settings.modeLabel])),
      ]
      + topics.map { topic in
        let names = commands(of: topic, in: scene).map { "/\($0.name)" }
        return Line(
          words(.helpTopic, ["topic": title(topic, words), "list": names.joined(separator: " ")]))
      }
    return Screen(
      lines.map { .line($0) }, choices: buttons(topics, scene))
  }

  private static func page(_ topic: HelpTopic, in scene: Scene) -> Screen {
    let words = scene.words
    let lines: [Line] =
      [.bold(title(topic, words))]
      + commands(of: topic, in: scene).map { type in
        Line("/\(type.name) · \(words(type.summary))")
      }
    return Screen(
      lines.map { .line($0) }, choices: [[Choice(words(.buttonBack), .turn(name))]])
  }

  private static func page(of type: any ChatCommand.Type, in scene: Scene) -> Screen {
    let words = scene.words
    var lines = [words(type.summary), words(type.usage)]
    if !type.aliases.isEmpty {
      lines.append(
        words(.helpAliases, ["list": type.aliases.map { "/\($0)" }.joined(separator: " ")]))
    }
    return Screen(
      [.line(.bold("/\(type.name)"))] + lines.map { .line(Line($0)) },
      choices: [[Choice(words(.buttonBack), .turn(name))]])
  }

  private static func commands(of topic: HelpTopic, in scene: Scene) -> [any ChatCommand.Type] {
    CommandCatalog.offered(by: scene.settings).filter {
      $0.topic == topic && scene.may($0.access) && $0.name != PairCommand.name
    }
  }

  private static func buttons(_ topics: [HelpTopic], _ scene: Scene) -> [[Choice]] {
    let choices = topics.map { Choice(title($0, scene.words), .turn(name, $0.rawValue)) }
    return stride(from: 0, to: choices.count, by: 3).map {
      Array(choices[$0..<min($0 + 3, choices.count)])
    }
  }

  private static func title(_ topic: HelpTopic, _ words: Words) -> String {
    switch topic {
    case .look: words(.topicLook)
    case .close: words(.topicClose)
    case .stop: words(.topicStop)
    case .settings: words(.topicSettings)
    }
  }
}
