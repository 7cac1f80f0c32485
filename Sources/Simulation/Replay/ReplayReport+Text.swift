import EngineCore
import TradingModel

extension ReplayReport: CustomStringConvertible {
  /// The report as plain text, ending in a line break.
  public var description: String {
    [recording, outcome, refusalText, signalText, tradeText, symbolText]
      .filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var recording: [String] {
    var lines = ["REPLAY  \(firstEvent.iso8601) to \(lastEvent.iso8601)"]
    for file in files {
      let others = [
        (file.repeated, "told twice"), (file.otherContracts, "of contracts not in USDT"),
        (file.skipped, "unreadable"),
      ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
      lines.append("  \(file.name): \(file.events) \(file.format.rawValue)\(others)")
    }
    for line in skippedLines {
      lines.append("  skipped \(line.file):\(line.line): \(line.why)")
    }
    let rules =
      areInstrumentsDerived
      ? "derived from the digits seen: the venue's own may be coarser" : "as given"
    lines.append("  instruments: \(rules)")
    lines.append("  prices: trades, and liquidations at their average price")
    if gaps > 0 { lines.append("  silence of over 5 min jumped over: \(gaps) times") }
    return lines
  }

  private var outcome: [String] {
    let closed = closedTrades
    let won = closed.count { $0.net > .zero }
    let lines = [
      ("liquidations", "\(liquidationCount)"),
      ("trades on the tape", "\(tradeCount)"),
      ("raw signals", "\(signalCount)"),
      ("entries", "\(entryCount)"),
      ("closed trades", "\(closed.count), \(won) won"),
      ("liquidated", "\(liquidatedCount)"),
      ("still open", "\(trades.count - closed.count)"),
      ("urgent alerts", "\(urgentAlerts)"),
      ("PnL", "\(result.signed(2)) USDT, fees \(fees.text(decimals: 2)) inside"),
      ("balance", "\(startBalance.text(decimals: 2)) to \(endBalance.text(decimals: 2)) USDT"),
    ]
    return ["RESULT"] + lines.map { "  \($0.0.padded(20))\($0.1)" }
  }

  private var refusalText: [String] {
    table("NO SIGNAL, by the first condition that failed", noes)
      + table("SIGNALS REFUSED, by check (a signal may fail several)", refusals)
      + table("ORDERS FAILED", ordersFailed)
  }

  private func table(_ title: String, _ counts: [ReasonCount]) -> [String] {
    guard !counts.isEmpty else { return [] }
    return [title] + counts.map { "  \(String($0.count).padded(7))\($0.reason)" }
  }

  private var signalText: [String] {
    guard !signals.isEmpty else { return [] }
    let lines = signals.map { signal in
      let intent = signal.intent
      let verdict = signal.refusals.isEmpty ? "ENTERED" : signal.refusals.joined(separator: "; ")
      return "  \(signal.time.text)  \(intent.symbol.name.padded(14))"
        + "\(intent.side.rawValue.padded(6))\(intent.price.description.padded(14))\(verdict)"
    }
    let more = verdictCount - signals.count
    return ["SIGNALS"] + lines + (more > 0 ? ["  and \(more) more"] : [])
  }

  private var tradeText: [String] {
    guard !trades.isEmpty else { return [] }
    let lines = trades.prefix(Self.listed).map { trade in
      let exit = trade.averageExit.map { "\($0)" } ?? "-"
      let end = trade.closedAt.map { "\($0.text) \(trade.reasonOut)" } ?? "open"
      return "  \(trade.openedAt.text)  \(trade.key.description.padded(14))"
        + "\(trade.side.rawValue.padded(6))\(trade.quantity.description.padded(12))"
        + "\(trade.averageEntry.description.padded(14))\(exit.padded(14))"
        + "\(trade.net.signed(2).padded(10))\(end)"
    }
    return ["TRADES  opened, symbol, side, quantity, entry, exit, net USDT, end"] + lines
  }

  private var symbolText: [String] {
    let silent = symbols.filter { $0.entries == 0 && $0.liquidations > 0 }
    guard !silent.isEmpty else { return [] }
    let lines = silent.map { symbol in
      let why = (symbol.noes + symbol.refusals.map { $0.named("refused: ") })
        .map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
      return "  \(symbol.symbol.name.padded(18))\(String(symbol.liquidations).padded(6))\(why)"
    }
    return ["WHY NOTHING TRADED  symbol, liquidations, reasons with their counts"] + lines
  }
}

extension ReasonCount {
  fileprivate func named(_ prefix: String) -> ReasonCount {
    ReasonCount(reason: prefix + reason, count: count)
  }
}

extension Timestamp {
  /// `2025-01-27 12:04:31`.
  fileprivate var text: String { "\(day) \(clockText)" }
}

extension Notional {
  fileprivate func signed(_ decimals: Int) -> String {
    (self > .zero ? "+" : "") + text(decimals: decimals)
  }
}

extension String {
  /// Followed by blanks up to a width, at least one.
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
