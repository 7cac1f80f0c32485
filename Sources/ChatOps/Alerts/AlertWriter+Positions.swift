import Chat
import TradingModel

extension AlertWriter {
  func position(_ news: Alert.News) -> Notice? {
    switch news {
    case .positionOpened(let view, let trip): return opened(view, trip)
    case .positionClosed(let trip): return closed(trip)
    case .positionLiquidated(let trip): return liquidated(trip)
    case .closeFailed(let key, let failure, let tries):
      return Notice(
        key: "close.fail/\(key)", kind: .firing,
        lines: [
          line(
            .closeFailed,
            [
              "symbol": key.symbol.name, "reason": words.reason(failure.error),
              "try": "\(tries)", "tries": "\(settings.closeTries)",
            ])
        ], buttons: [[close, positions]])
    case .stopMissing(let key, let side, let quantity):
      return Notice(
        key: "sl.missing/\(key)", kind: .firing,
        lines: [
          line(.stopMissing, ["position": text(key, side, quantity), "venue": venue])
        ], buttons: [[close, positions]])
    case .emergencyClose(let key, let side, let quantity):
      return Notice(
        key: "sl.missing/\(key)", kind: .firing,
        lines: [line(.emergencyClose, ["position": text(key, side, quantity)])],
        buttons: [[positions]])
    case .stopNotMoved(let key, let standing, let wanted, let error):
      return Notice(
        key: "sl.missing/\(key)", kind: .firing,
        lines: [
          line(
            .stopNotMoved,
            [
              "symbol": key.symbol.name, "wanted": book.price(wanted, of: key.symbol),
              "reason": words.reason(error), "price": book.price(standing, of: key.symbol),
            ])
        ], buttons: [[close, positions]])
    case .stopSet(let key, let stop):
      return Notice(
        key: "sl.missing/\(key)", kind: .resolved,
        lines: [
          line(
            .stopSet,
            [
              "symbol": key.symbol.name, "price": book.price(stop, of: key.symbol),
              "venue": venue,
            ])
        ])
    default: return nil
    }
  }

  private func opened(_ view: PositionView, _ trip: RoundTrip) -> Notice {
    let position = view.position
    let symbol = position.symbol
    let exits = [
      position.stop.map { words(.stopAt, ["price": book.price($0, of: symbol)]) },
      position.target.map { words(.targetAt, ["price": book.price($0, of: symbol)]) },
    ].compactMap { $0 }
    var lines = [
      line(
        .opened,
        [
          "position": text(position.key, position.side, position.quantity),
          "price": book.price(position.entryPrice, of: symbol), "owner": view.owner.title,
        ]),
      exits.isEmpty ? .bold(words(.noStopOnExchange)) : Line(exits.joined(separator: " · ")),
    ]
    if !trip.reasonIn.isEmpty {
      lines.append(Line(Figures.tidied(String(trip.reasonIn.prefix(160)))))
    }
    return Notice(
      key: "position/\(trip.id)", kind: .firing, lines: lines, buttons: [[close, positions]])
  }

  private func closed(_ trip: RoundTrip) -> Notice {
    let reason =
      trip.reasonOut.isEmpty ? [] : [ExitReason(words: words, given: given).text(of: trip)]
    return Notice(
      key: "position/\(trip.id)", kind: .news,
      lines: [line(.closedPosition, end(of: trip, reason: reason))])
  }

  /// The stop should have ended it first: somebody has to look.
  private func liquidated(_ trip: RoundTrip) -> Notice {
    Notice(
      key: "position/\(trip.id)", kind: .news,
      lines: [
        .bold(words(.liquidated, ["venue": venue])),
        line(.liquidatedPosition, end(of: trip, reason: [])), line(.liquidatedAdvice),
      ], buttons: [[status, positions]])
  }

  private func end(of trip: RoundTrip, reason: [String]) -> KeyValuePairs<String, String> {
    let net = words(.netOfFees, ["amount": words(.usdt, ["amount": Figures.gain(trip.net)])])
    let funding =
      trip.funding.isZero
      ? nil : words(.fundingOfTrip, ["amount": Figures.gain(-trip.funding)])
    let age = trip.closedAt.map { words.age($0 - trip.openedAt) }
    return [
      "position": text(trip.key, trip.side, trip.quantity),
      "price": trip.averageExit.map { book.price($0, of: trip.key.symbol) } ?? words(.unknown),
      "facts": ([net, funding, age].compactMap { $0 } + reason).joined(separator: " · "),
    ]
  }

  func flatten(_ news: Alert.News) -> Notice? {
    switch news {
    // A close is told by its own message and by the positions that it ended.
    case .flattening(let report) where report.isOfSomePositions: return nil
    case .flattened(let report) where report.isOfSomePositions: return nil
    case .notFlat(let report) where report.isOfSomePositions:
      let screen = CloseReport(report: report, scene: scene).final(by: report.by, at: now)
      return Notice(
        key: "close.fail/\(report.startedAt.milliseconds)", kind: .news,
        lines: screen.blocks.lines, buttons: [[close, positions]], subject: report.subject)
    case .flattening(let report):
      let screen = FlattenScreen(report: report, scene: scene).working
      return Notice(
        key: "flatten/\(report.startedAt.milliseconds)", kind: .firing,
        lines: screen.blocks.lines, tables: screen.blocks.rows, buttons: [[status]],
        subject: report.subject)
    case .flattened(let report):
      guard report.isFlat else { return notFlat(report) }
      let isHalted = if case .kill = report.cause { true } else { false }
      let screen = FlattenScreen(report: report, scene: scene).final(isHalted: isHalted)
      return Notice(
        key: "flatten/\(report.startedAt.milliseconds)", kind: .news, lines: screen.blocks.lines,
        buttons: [[status]], subject: report.subject)
    case .notFlat(let report): return notFlat(report)
    default: return nil
    }
  }

  func notFlat(_ report: FlattenReport) -> Notice {
    let screen = FlattenScreen(report: report, scene: scene).notFlat
    return Notice(
      key: AlertDesk.notFlatKey, kind: .firing, lines: screen.blocks.lines,
      buttons: [[tryAgain], [positions]])
  }
}

extension FlattenReport.Cause {
  /// The command whose message shows it.
  var command: CommandID? {
    switch self {
    case .close(let id), .kill(let id): id
    case .panic(let id): id
    case .dayStop, .dayTarget, .margin: nil
    }
  }
}

extension FlattenReport {
  fileprivate var subject: Notice.Subject? { cause.command.map { .command($0) } }

  /// A close, after which trading goes on.
  var isOfSomePositions: Bool { if case .close = cause { true } else { false } }
}

extension [Block] {
  var lines: [Line] {
    compactMap { if case .line(let line) = $0 { line } else { nil } }
  }

  var rows: [String] {
    flatMap { block -> [String] in if case .table(let rows) = block { rows } else { [] } }
  }
}
