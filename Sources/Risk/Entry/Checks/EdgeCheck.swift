import TradingModel

extension EntryCheck {
  /// The target pays for the fees of both ways and the spread, and leaves more than the minimum.
  /// A spread that is not known is left out; an entry without a target has nothing to judge.
  static let edge = EntryCheck("edge") { entry in
    guard let target = entry.intent.target else { return [] }
    let price = entry.entryPrice
    do {
      let gain = try entry.intent.side == .long ? target - price : price - target
      let spread = entry.situation.spread ?? .zero
      let left = try (gain - spread).ratio(to: price)
      let fees = entry.settings.takerFee + entry.settings.takerFee
      guard left - fees <= entry.settings.minimumEdge else { return [] }
      return [
        "target \(target) from \(price) leaves \((left - fees).percentText(decimals: 3))% after "
          + "fees and spread, asked more than \(entry.settings.minimumEdge.percentDescription)%"
      ]
    } catch {
      return ["target \(target) can't be judged against \(price): \(error)"]
    }
  }
}
