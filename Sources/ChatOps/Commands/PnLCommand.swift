import Chat
import TradingModel

/// `/pnl`: the UTC day in figures.
enum PnLCommand: ChatCommand {
  static let name = "pnl"
  static let summary = Phrase.pnlSummary
  static let usage = Phrase.pnlUsage
  static let topic = HelpTopic.look
  static let access = Access.viewer

  static func answer(_ arguments: Arguments, in scene: Scene) throws(Objection) -> CommandAnswer {
    var arguments = arguments
    _ = arguments.keyword("today")
    try arguments.end()
    return .show(screen(in: scene))
  }

  private static func screen(in scene: Scene) -> Screen {
    let words = scene.words
    let choices = [
      [
        Choice(words(.buttonRefresh), .turn(name)),
        Choice(words(.buttonPositions), .open("positions")),
      ]
    ]
    guard let day = scene.snapshot.day else {
      return Screen([words(.dayUnknown)], choices: choices)
    }
    var blocks: [Block] = [
      .line(.bold(words(.pnlTitle, ["date": words.dayAndMonth(day.baseline.day)]))),
      .table(table(day, words)),
    ]
    if day.baseline.isLate {
      blocks.append(.line(words.line(.baselineLate, ["time": .clock(day.baseline.takenAt)])))
    }
    if isOther(day) { blocks.append(.line(Line(words(.otherNote)))) }
    blocks.append(.line(Line(trades(day, words))))
    if !day.byOwner.isEmpty {
      let list = day.byOwner.prefix(8).map { "\($0.owner.title) \(Figures.gain($0.net))" }
      blocks.append(.line(Line(words(.byModule, ["list": list.joined(separator: " · ")]))))
    }
    return Screen(blocks, choices: choices)
  }

  private static func table(_ day: DayView, _ words: Words) -> [String] {
    let taken = day.baseline.takenAt.clockText.prefix(5)
    let clock = day.baseline.isLate ? String(taken) : "00:00"
    let rows =
      [
        (words(.baselineRow, ["clock": clock]), Figures.money(day.baseline.equity, in: .table)),
        (words(.realisedRow), Figures.gain(day.realised, in: .table)),
        (words(.unrealisedRow), Figures.gain(day.unrealised, in: .table)),
        (words(.feesRow), Figures.gain(-day.fees, in: .table)),
        (words(.fundingRow), Figures.gain(-day.funding, in: .table)),
      ] + other(day, words)
    let sums = [
      (words(.netRow), Figures.gain(day.net, in: .table)),
      (words(.equityRow), Figures.money(day.equity, in: .table)),
    ]
    return rows.map { TableRows.pair($0.0, $0.1) } + [String(repeating: "-", count: 28)]
      + sums.map { TableRows.pair($0.0, $0.1) }
  }

  /// What the parts do not explain of the whole, so that the table adds up: positions held over
  /// midnight bring yesterday's result with them, and the account is read less often than prices.
  private static func unexplained(_ day: DayView) -> Notional {
    day.net - (day.realised + day.unrealised - day.fees - day.funding)
  }

  private static func isOther(_ day: DayView) -> Bool { unexplained(day).magnitude >= .cent }

  private static func other(_ day: DayView, _ words: Words) -> [(String, String)] {
    isOther(day) ? [(words(.otherRow), Figures.gain(unexplained(day), in: .table))] : []
  }

  private static func trades(_ day: DayView, _ words: Words) -> String {
    let count = day.won + day.lost
    guard count > 0 else { return words(.noTrades) }
    let extremes = [(Phrase.bestTrade, day.best), (.worstTrade, day.worst)].compactMap {
      phrase, trip in
      trip.map {
        words(phrase, ["symbol": String($0.key.symbol.base), "net": Figures.gain($0.net)])
      }
    }
    let summary = words(
      .tradesWonLost, ["count": "\(count)", "won": "\(day.won)", "lost": "\(day.lost)"])
    return ([summary] + extremes).joined(separator: " · ")
  }
}

extension Notional {
  /// 0.01 USDT: less is not seen.
  fileprivate static let cent = Notional(uncheckedCount: 1_000_000)
}
