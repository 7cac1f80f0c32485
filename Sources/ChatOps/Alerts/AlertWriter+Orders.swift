import Chat
import TradingModel

extension AlertWriter {
  func failing(_ one: OrderFailures.Case) -> Notice {
    let values: KeyValuePairs<String, Words.Value> = [
      "symbol": .text(one.key.symbol.name), "reason": .text(words.reason(one.error)),
      "count": .text(Figures.count(one.count)), "since": .clock(one.since),
      "last": .clock(one.last),
    ]
    return Notice(
      key: one.noticeKey, kind: .firing,
      lines: [words.line(one.count == 1 ? .orderFailing : .ordersFailing, values)],
      buttons: [[status]])
  }

  /// Many symbols at once: one line with a count.
  func failing(together cases: [OrderFailures.Case], key: String) -> Notice {
    let symbols = cases.map(\.key.symbol).reduce(into: [Symbol]()) { symbols, symbol in
      if !symbols.contains(symbol) { symbols.append(symbol) }
    }
    let reasons = cases.map { words.reason($0.error) }.reduce(into: [String]()) { reasons, reason in
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    return Notice(
      key: key, kind: .firing,
      lines: [
        line(
          .ordersFailingTogether,
          [
            "symbols": "\(symbols.count)",
            "count": Figures.count(cases.reduce(0) { $0 + $1.count }),
            "list": symbols.prefix(8).map { String($0.base) }.joined(separator: ", "),
            "reasons": reasons.prefix(3).joined(separator: ", "),
          ])
      ], buttons: [[status]])
  }

  func calmAgain(_ one: OrderFailures.Case) -> Notice {
    Notice(
      key: one.noticeKey, kind: .resolved,
      lines: [
        line(
          .ordersCalm,
          [
            "symbol": one.key.symbol.name, "age": words.age(OrderFailures.forgetting),
            "count": Figures.count(one.count),
          ])
      ])
  }
}

extension OrderFailures.Case {
  var noticeKey: String { group ?? "order.fail/\(key.symbol)/\(key.failureClass)" }
}
