import Chat
import TradingModel

/// A close of some positions, as its message shows it.
struct CloseReport {
  let report: FlattenReport
  let scene: Scene
  private var words: Words { scene.words }

  // MARK: While it runs

  var working: Screen {
    let lines = report.items.prefix(12).map(progress)
    return Screen(lines.isEmpty ? [words(.closing)] : lines)
  }

  private func progress(of item: FlattenReport.Item) -> String {
    let symbol = item.key.symbol
    if item.left.isZero { return words(.itemClosed, ["symbol": symbol.name]) }
    if case .outcomeUnknown? = item.failure?.error {
      return words(.itemNoAnswer, ["symbol": symbol.name, "venue": scene.venue])
    }
    guard item.tries > 1 else { return words(.itemClosing, ["symbol": symbol.name]) }
    return words(
      .itemTryingAgain,
      [
        "symbol": symbol.name, "closed": closed(item), "wanted": wanted(item), "left": left(item),
        "try": "\(item.tries)", "tries": "\(scene.settings.closeTries)",
      ])
  }

  // MARK: When it has ended

  func final(by name: String, at time: Timestamp) -> Screen {
    let body =
      report.items.count == 1 ? report.items.map(one).first ?? [] : several
    var lines: [Line] = body
    if report.isUnrecorded { lines.append(Line(words(.notRecordedNote))) }
    lines += report.warnings.prefix(3).map { Line(String($0.prefix(160))) }
    lines.append(words.line(.byAt, ["name": .text(name), "time": .clock(time)]))
    return Screen(lines.map { .line($0) }, choices: choices)
  }

  private var choices: [[Choice]] {
    let left = report.left
    guard !left.isEmpty else { return [] }
    let symbols = left.map(\.key.symbol.name).joined(separator: " ")
    return [
      [
        Choice(words(.buttonTryAgain), .turn("close", symbols), style: .danger),
        Choice(words(.buttonPositions), .open("positions")),
      ]
    ]
  }

  private func one(_ item: FlattenReport.Item) -> [Line] {
    let symbol = item.key.symbol.name
    if item.wasFlat {
      return [
        Line(
          words(
            .alreadyFlat,
            ["symbol": symbol, "venue": scene.venue, "count": "\(report.ordersCancelled)"]))
      ]
    }
    guard item.left.isZero, !item.isDust else { return [.bold(notClosed(item))] + fills(item) }
    guard report.isFlat else {
      return [.bold(words(.closedUnverified, ["symbol": symbol]))] + fills(item)
    }
    let title =
      item.wanted == item.before
      ? words(.closed, ["symbol": symbol])
      : words(
        .closedPart,
        [
          "symbol": symbol, "closed": wanted(item),
          "before": scene.quantity(item.before, of: item.key.symbol),
        ])
    return [.bold(title)] + fills(item) + [Line(facts(item))]
  }

  /// `0.120 @ 64,974.0 · +91.68 − fees 8.53 = +83.15 USDT net`
  private func fills(_ item: FlattenReport.Item) -> [Line] {
    guard let exit = item.averageExit else { return [] }
    let result = CloseResult(item, isWhole: report.endsRoundTrips)
    return [
      Line(
        words(
          result.isWhole ? .closedFills : .closedFillsExit,
          [
            "quantity": closed(item), "price": scene.price(exit, of: item.key.symbol),
            "realised": Figures.gain(result.realised),
            "fee": Figures.money(result.fees) + result.fundingText(in: words),
            "net": Figures.gain(result.net),
          ]))
    ]
  }

  private func facts(_ item: FlattenReport.Item) -> String {
    var facts = [words.span(took)]
    if let slippage = slippage(of: item) {
      facts.append(
        words(.slippage, ["percent": Figures.percent(slippage, decimals: 2)]))
    }
    if item.wanted == item.before {
      facts.append(words(.flatConfirmed))
      if report.ordersCancelled >= report.ordersToCancel { facts.append(words(.noOrdersLeft)) }
    } else {
      facts.append(words(.restVerified))
    }
    return facts.joined(separator: " · ")
  }

  private var several: [Line] {
    let left = report.left
    let title =
      left.isEmpty
      ? words(
        report.isFlat ? .closedSeveral : .closedSeveralUnverified,
        ["positions": words.positions(report.items.count)])
      : words(
        .notClosedSeveral, ["left": "\(left.count)", "count": "\(report.items.count)"])
    var lines: [Line] = [.bold(title)]
    lines += report.items.prefix(20).map { Line(summary(of: $0)) }
    if report.items.count > 20 {
      lines.append(Line(words(.andMore, ["count": "\(report.items.count - 20)"])))
    }
    let result = CloseResult(report)
    lines.append(
      Line(
        words(
          result.isWhole ? .closedSum : .closedSumExit,
          [
            "net": Figures.gain(result.net),
            "fee": Figures.money(result.fees) + result.fundingText(in: words),
          ])))
    if report.isFlat {
      lines.append(Line([words.span(took), words(.flatConfirmed)].joined(separator: " · ")))
    }
    return lines
  }

  private func summary(of item: FlattenReport.Item) -> String {
    if item.wasFlat { return words(.itemWasFlat, ["symbol": item.key.symbol.name]) }
    guard item.left.isZero, !item.isDust else { return notClosed(item) }
    let exit = item.averageExit.map { " @ \(scene.price($0, of: item.key.symbol))" } ?? ""
    let result = CloseResult(item, isWhole: report.endsRoundTrips)
    return "\(item.key.symbol) \(closed(item))\(exit) \(Figures.gain(result.net))"
  }

  private func notClosed(_ item: FlattenReport.Item) -> String {
    let symbol = item.key.symbol.name
    if item.isDust {
      let dust = scene.quantity(item.dust, of: item.key.symbol)
      return words(.dustLeft, ["symbol": symbol, "left": dust])
    }
    let stop = item.stop.map {
      " " + words(.stopStillInPlace, ["price": scene.price($0, of: item.key.symbol)])
    }
    guard let failure = item.failure else {
      return words(.stillOpen, ["symbol": symbol, "left": left(item)]) + (stop ?? "")
    }
    return words(
      .notClosedBecause,
      ["symbol": symbol, "venue": scene.venue, "reason": words.reason(failure.error)])
      + (stop ?? "")
  }

  private var took: Duration { (report.endedAt ?? scene.now) - report.startedAt }

  private func slippage(of item: FlattenReport.Item) -> Ratio? {
    guard let expected = item.expectedPrice, let exit = item.averageExit else { return nil }
    do { return try exit.distance(from: expected) } catch { return nil }
  }

  private func closed(_ item: FlattenReport.Item) -> String {
    scene.quantity(
      Quantity(uncheckedCount: item.wanted.wideCount - item.left.wideCount), of: item.key.symbol)
  }

  private func wanted(_ item: FlattenReport.Item) -> String {
    scene.quantity(item.wanted, of: item.key.symbol)
  }

  private func left(_ item: FlattenReport.Item) -> String {
    scene.quantity(item.left, of: item.key.symbol)
  }
}
