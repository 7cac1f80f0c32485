import TradingModel

// `/allow` and `/deny`.

extension TradingEngine {
  mutating func allow(
    _ symbols: [Symbol], _ duration: Duration?, _ command: OperatorCommand
  ) -> CommandOutcome {
    guard !instruments.isEmpty else {
      return .refused(.accountUnknown(why: "the venue's instruments are not known yet"))
    }
    let unknown = symbols.filter { instruments[$0]?.isTrading != true }
    guard unknown.isEmpty else { return .refused(.unknownSymbols(nearest(to: unknown))) }
    return change(symbols, until: duration.map { now + $0 }) { list, symbol, now, until in
      list.allow(symbol, by: command.by, at: now, until: until)
    } report: { changed, unchanged in
      (added: changed, removed: [], unchanged: unchanged)
    }
  }

  mutating func deny(
    _ symbols: [Symbol], _ duration: Duration?, _ command: OperatorCommand
  ) -> CommandOutcome {
    let unknown = symbols.filter { instruments[$0] == nil && !allowlist.knows($0) }
    guard unknown.isEmpty || instruments.isEmpty else {
      return .refused(.unknownSymbols(nearest(to: unknown)))
    }
    return change(symbols, until: duration.map { now + $0 }) { list, symbol, now, until in
      list.deny(symbol, by: command.by, at: now, until: until)
    } report: { changed, unchanged in
      (added: [], removed: changed, unchanged: unchanged)
    }
  }

  private mutating func change(
    _ symbols: [Symbol], until: Timestamp?,
    by edit: (inout Allowlist, Symbol, Timestamp, Timestamp?) -> Bool,
    report: ([Symbol], [Symbol]) -> (added: [Symbol], removed: [Symbol], unchanged: [Symbol])
  ) -> CommandOutcome {
    guard standing.isJournalWorking else { return .refused(.notRecorded) }
    var changed: [Symbol] = []
    var unchanged: [Symbol] = []
    for symbol in Set(symbols).sorted() {
      if edit(&allowlist, symbol, now, until) {
        changed.append(symbol)
      } else {
        unchanged.append(symbol)
      }
    }
    if !changed.isEmpty {
      record(.allowlist(allowlist.entries))
      standing.areLeveragesJudged = false
    }
    let parts = report(changed, unchanged)
    return .allowlistChanged(
      AllowlistChange(
        added: parts.added, removed: parts.removed, unchanged: parts.unchanged,
        count: allowlist.symbols.count, until: until,
        stillOpen: positionViews.filter { parts.removed.contains($0.position.symbol) }))
  }

  private func nearest(to unknown: [Symbol]) -> [Symbol: [Symbol]] {
    let known = instruments.values.filter(\.isTrading).map(\.symbol.name).sorted()
    let pairs = unknown.map { symbol in
      (
        symbol,
        Spelling.nearest(to: symbol.name, among: known, count: 3).map(Symbol.init(venueName:))
      )
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
