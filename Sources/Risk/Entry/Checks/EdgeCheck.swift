import TradingModel

extension EntryCheck {
  /// The target pays for the fees of both ways and the spread, and leaves more than the minimum.
  /// A spread that is not known is no spread of zero; an entry without a target has nothing to judge.
  static let edge = EntryCheck("edge") { entry in
    guard let target = entry.intent.target else { return [] }
    let price = entry.entryPrice
    guard let spread = entry.situation.spread else {
      return ["the spread of \(entry.intent.symbol) is not known"]
    }
    let costs = entry.settings.takerFee + entry.settings.takerFee
    let asked = costs + entry.settings.minimumEdge
    let clears: Bool
    do {
      clears =
        entry.intent.side == .long
        ? try (target - spread).isAbove(price, by: asked)
        : try (target + spread).isBelow(price, by: asked)
    } catch {
      return ["target \(target) can't be judged: \(error)"]
    }
    if clears { return [] }
    return [
      "target \(target) does not clear \(price) by spread \(spread), fees "
        + "\(costs.percentDescription)% and \(entry.settings.minimumEdge.percentDescription)%"
    ]
  }
}
