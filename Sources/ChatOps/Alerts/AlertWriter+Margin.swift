import Chat
import TradingModel

extension AlertWriter {
  static let cutKey = "im.cut"

  func margin(_ news: Alert.News) -> Notice? {
    switch news {
    case .marginWarn(let use, let limit, let largest, let share):
      return warning(use, limit, largest, share)
    case .marginNormal(let use, let after, let peak):
      return Notice(
        key: "im.warn", kind: .resolved,
        lines: [
          line(
            .imNormal,
            ["use": figure(use), "age": words.age(after), "peak": figure(peak)])
        ])
    case .marginCut(let cut):
      return notice(of: cut, lines: [Line(beginning(of: cut))])
    case .marginCutDone(let cut, let report, let use, let nextAt):
      return notice(of: cut, lines: [ending(of: cut, report, use, nextAt)], isPrompt: true)
    case .marginUnblocked(let use, let cuts):
      let limits = snapshot.limits
      return Notice(
        key: Self.cutKey, kind: .resolved,
        lines: [
          line(
            .imUnblocked,
            [
              "use": figure(use), "limit": Figures.limit(limits.marginBlock),
              "cuts": "\(cuts)", "warn": Figures.limit(limits.marginWarn),
            ])
        ])
    case .marginStuck(let use):
      return Notice(
        key: Self.cutKey, kind: .firing,
        lines: [
          line(
            .imStuck,
            ["use": figure(use), "limit": Figures.limit(snapshot.limits.marginBlock)])
        ], buttons: [[risk, positions]], measure: use)
    case .marginCloseAll(let use, let cuts):
      let phrase = cuts == 0 ? Phrase.imCloseAll : .imCloseAllAfter
      return Notice(
        key: Self.cutKey, kind: .news,
        lines: [line(phrase, ["use": figure(use), "cuts": "\(cuts)"])],
        buttons: [[status, pnl]])
    default: return nil
    }
  }

  private func warning(
    _ use: Ratio, _ limit: Ratio, _ largest: Symbol?, _ share: Ratio?
  ) -> Notice {
    let limits = snapshot.limits
    var text = words(
      .imWarn,
      [
        "use": figure(use), "limit": Figures.limit(limit),
        "block": Figures.limit(limits.marginBlock), "cut": Figures.limit(limits.marginCut),
      ])
    if let largest, let share {
      text +=
        " "
        + words(
          .imLargest, ["symbol": largest.name, "share": Figures.percent(share, decimals: 0)])
    }
    return Notice(
      key: "im.warn", kind: .firing, lines: [Line(text)], buttons: [[close, risk, status]],
      measure: use)
  }

  /// One message for each reduction, edited when it is over.
  private func notice(of cut: MarginCut, lines: [Line], isPrompt: Bool = false) -> Notice {
    Notice(
      key: "\(Self.cutKey)/\(cut.number)", kind: .firing, lines: lines,
      buttons: [[risk, positions], [panic]], isPrompt: isPrompt)
  }

  private func beginning(of cut: MarginCut) -> String {
    words(
      .imCut,
      [
        "use": figure(cut.use), "share": Figures.limit(cut.share),
        "positions": words.positions(cut.positions), "number": "\(cut.number)",
        "most": "\(cut.most)",
      ])
  }

  private func ending(
    of cut: MarginCut, _ report: FlattenReport, _ use: Ratio?, _ nextAt: Timestamp
  ) -> Line {
    let closed = report.items.count { $0.left.isZero }
    let span = words.span((report.endedAt ?? now) - report.startedAt)
    return words.line(
      report.isFlat ? .imCutDone : .imCutPartly,
      [
        "beginning": .text(beginning(of: cut)), "span": .text(span),
        "closed": .text("\(closed)"), "count": .text("\(report.items.count)"),
        "use": .text(use.map(figure) ?? words(.unknown)), "next": .clock(nextAt),
      ])
  }

  private func figure(_ use: Ratio) -> String { Figures.percent(use, decimals: 1) }
}
