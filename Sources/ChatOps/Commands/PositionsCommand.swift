import Chat
import TradingModel

/// `/positions`: a card per position, three per page.
enum PositionsCommand: ChatCommand {
  static let name = "positions"
  static let aliases = ["p"]
  static let summary = Phrase.positionsSummary
  static let usage = Phrase.positionsUsage
  static let topic = HelpTopic.look
  static let access = Access.viewer

  static let cardsPerPage = 3
  static let worksInGuard = true

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    let page = try arguments.page()
    let filter = arguments.keyword("losers", "winners", "all")
    let symbols = try arguments.symbols(
      among: scene.book.symbols + scene.snapshot.positions.map(\.position.symbol))
    guard filter == nil || symbols.isEmpty else { throw .usage }
    let scope: CloseScope =
      switch filter {
      case "losers": .losers
      case "winners": .winners
      default: symbols.isEmpty ? .all : .symbols(symbols)
      }
    let text = ([filter].compactMap { $0 } + symbols.map(\.name)).joined(separator: " ")
    return .show(screen(of: scope.positions(in: scene.snapshot), page: page, text, in: scene))
  }

  private static func screen(
    of positions: [PositionView], page: Int, _ text: String, in scene: Scene
  ) -> Screen {
    guard !positions.isEmpty else {
      return Screen(
        [scene.words(scene.snapshot.noPositions)],
        choices: [[Choice(scene.words(.buttonRefresh), .turn(name, text))]])
    }
    let pages = Pages(count: positions.count, perPage: cardsPerPage, wanted: page)
    var blocks: [Block] = []
    for index in pages.range {
      if !blocks.isEmpty { blocks.append(.gap) }
      let card = PositionCard(view: positions[index], scene: scene)
      blocks += card.blocks(number: index + 1, of: positions.count)
    }
    var choices: [[Choice]] = []
    if scene.may(.operator) {
      choices.append(
        pages.range.map { index in
          let symbol = positions[index].position.symbol
          return Choice(
            scene.words(.buttonCloseOne, ["symbol": String(symbol.base)]),
            .open("close", symbol.name))
        })
    }
    choices += pages.choices(command: name, arguments: text)
    return Screen(blocks, choices: choices)
  }
}
