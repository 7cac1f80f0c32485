import TradingModel

extension EntryCheck {
  /// Today's result would stay above the day stop if every open stop filled, this entry's included.
  /// A stop that has fired today guards nothing before tomorrow.
  static let openRisk = EntryCheck("open-risk") { entry in
    let risk = entry.situation.openRisk
    guard let baseline = risk.baseline, risk.equity != nil, baseline.equity > .zero else {
      return ["today's result is not known"]
    }
    guard !baseline.hasStopped else { return [] }
    guard risk.unknown.isEmpty else {
      let names = risk.unknown.map(\.name).joined(separator: ", ")
      return ["what the stop of \(names) would cost is not known"]
    }
    // Without a size the entry is refused already.
    guard case .success(let size) = entry.size else { return [] }
    guard let spread = entry.situation.spread else {
      return ["the spread of \(entry.intent.symbol) is not known"]
    }
    guard
      let cost = entry.settings.cost(
        ofStop: entry.intent.stop, at: entry.entryPrice, entry.intent.side, size.quantity,
        spread: spread),
      let worst = risk.worstCase(adding: cost + size.fees)
    else { return ["what the stop would cost can't be computed"] }
    let stop = entry.settings.limits.dayStop
    guard worst.net.isAtMost(stop, of: baseline.equity) else { return [] }
    return [
      "if every stop filled the day would end at \(worst.result.percentText(decimals: 2))% "
        + "(\(worst.net.text(decimals: 2)) USDT), the day stop is \(stop.percentDescription)%"
    ]
  }
}
