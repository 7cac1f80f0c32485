import Chat
import TradingModel

extension AlertWriter {
  func day(_ news: Alert.News) -> Notice? {
    switch news {
    case .dayNear(let result, let missing):
      return Notice(
        key: "day.near", kind: .firing,
        lines: [
          line(
            .dayNear,
            [
              "result": Figures.signedPercent(result, decimals: 2),
              "limit": Figures.limit(snapshot.limits.dayStop),
              "missing": Figures.money(missing.magnitude),
            ])
        ], buttons: [[pause, close]], measure: result, step: .basisPoints(25))
    case .dayStop(let result, let amount):
      return Notice(
        key: "day.stop", kind: .firing,
        lines: [line(.dayStop, figures(result, amount))], buttons: [[status, pnl]],
        measure: result, step: .times(1))
    case .dayTarget(let result, let amount):
      return Notice(
        key: "day.target", kind: .firing,
        lines: [line(.dayTarget, figures(result, amount, decimals: 1))],
        buttons: [[status, pnl]], measure: result, step: .times(1))
    case .dayFlattened(let report, let result, let amount):
      return dayFlattened(report, result, amount)
    case .newDay(let baseline):
      let limits = snapshot.limits
      let stop = Shares.of(.one + limits.dayStop, from: baseline.equity)
      let target = Shares.of(.one + limits.dayTarget, from: baseline.equity)
      return Notice(
        key: "day/\(baseline.day)", kind: .news,
        lines: [
          line(
            .newDay,
            [
              "date": words.dayAndMonth(baseline.day), "equity": Figures.money(baseline.equity),
              "stop": stop.map { Figures.money($0) } ?? words(.unknown),
              "target": target.map { Figures.money($0) } ?? words(.unknown),
            ])
        ])
    default: return nil
    }
  }

  private func dayFlattened(
    _ report: FlattenReport, _ result: Ratio?, _ amount: Notional?
  ) -> Notice {
    guard report.isFlat else { return notFlat(report) }
    let key = report.cause == .dayTarget ? "day.target" : "day.stop"
    let ended = report.endedAt ?? now
    var lines: [Line] = [
      Line(
        [.bold(words.badge(.locked)), .plain(" · ")]
          + words.line(.flatConfirmedAt, ["time": .clock(ended)]).spans),
      line(
        .flattenCounts,
        [
          "closed": "\(report.items.count { !$0.wasFlat })",
          "cancelled": "\(report.ordersCancelled)",
          "span": words.span(ended - report.startedAt),
        ]),
    ]
    if let result, let amount { lines.append(line(.dayEnded, figures(result, amount))) }
    lines.append(line(.staysOffUntilDay))
    return Notice(key: key, kind: .resolved, lines: lines, buttons: [[status, pnl]])
  }

  private func figures(
    _ result: Ratio, _ amount: Notional, decimals: Int = 2
  ) -> KeyValuePairs<String, String> {
    [
      "result": Figures.signedPercent(result, decimals: decimals),
      "amount": Figures.gain(amount),
    ]
  }

  func link(_ news: Alert.News, _ severity: Alert.Severity) -> Notice? {
    switch news {
    case .linkDown(let link, let owner, let silence):
      // Entries go on from the other feed, while there is one.
      let other = snapshot.links.first {
        owner != nil && $0.name == link && $0.venue != owner && $0.isUp
      }
      let values: KeyValuePairs<String, String> = [
        "venue": title(of: link, owner), "link": words.word(link), "age": words.age(silence),
        "other": other?.venue.title ?? "",
      ]
      let phrase: Phrase =
        link != .liquidations ? .linkDown : other == nil ? .feedStale : .feedStaleOfTwo
      return Notice(
        key: key(of: link, owner), kind: .firing,
        lines: [line(phrase, values)],
        buttons: [severity == .p0 ? [positions, health] : [health]])
    case .linkUp(let link, let owner, let after):
      return Notice(
        key: key(of: link, owner), kind: .resolved,
        lines: [
          line(
            .linkUp,
            ["venue": title(of: link, owner), "link": words.word(link), "age": words.age(after)])
        ])
    case .accountUnknown(let why):
      return Notice(
        key: "account", kind: .firing,
        lines: [line(.accountUnknown, ["why": String(why.prefix(160))])], buttons: [[health]])
    case .accountKnown(let after):
      return Notice(
        key: "account", kind: .resolved,
        lines: [line(.accountKnown, ["age": words.age(after)])])
    default: return nil
    }
  }

  private func title(of link: LinkName, _ owner: Venue?) -> String {
    (owner ?? snapshot.links.first { $0.name == link }?.venue)?.title ?? venue
  }

  private func key(of link: LinkName, _ owner: Venue?) -> String {
    (["link.down", link.rawValue] + (owner.map { [$0.rawValue] } ?? [])).joined(separator: "/")
  }
}
