import Risk
import TradingModel

/// Positions in all and each, by the venue's own figures right after an entry.
struct EntriesKeepToLimits: Invariant {
  static let name = "limits-kept"
  static let sentence =
    "After an entry there are no more positions than allowed, and neither one nor all of them weigh "
    + "more than their share of the equity."

  /// Of the equity: prices move between the decision and the fill, and fees are paid.
  private static let tolerance = 0.02
  private let risk: RiskSettings
  private let longterm: Symbol?

  init(_ plan: DayPlan) {
    risk = plan.engine.risk
    longterm = plan.longterm
  }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    guard case .order(let order, nil) = happening, !order.reduceOnly,
      // What a hand has just opened the bot could not know of.
      day.ledger.lastHandAt.values.allSatisfy({ day.now - $0 > .seconds(30) }),
      // What was set for a symbol is believed for an hour, as long as nothing is open in it.
      day.ledger.settingsByHandAt[order.symbol].map({ day.now - $0 > .hours(1) }) ?? true,
      day.now - day.venue.lastTransferAt > .seconds(30)
    else { return nil }
    let positions = day.venue.positions
    guard positions.count <= risk.maxPositions else {
      return "\(positions.count) positions are open, \(risk.maxPositions) are allowed"
    }
    let equity = amount(day.venue.paper.wallet(at: day.venue.now).equity)
    guard equity > 0 else { return "\(order.words) was sent with nothing left" }
    let margins = positions.map { ($0, weight(of: $0)) }
    let all = margins.reduce(0) { $0 + $1.1 } / equity
    guard all <= share(risk.maxExposure) + Self.tolerance else {
      return "all positions weigh \(percent(all)) of the equity"
    }
    for (position, margin) in margins
    where position.symbol == order.symbol && position.key.slot == order.slot {
      let most = share(risk.maxPositionShare(of: .liquidation)) + Self.tolerance
      guard margin / equity <= most else {
        return "\(position.key) weighs \(percent(margin / equity)) of the equity"
      }
    }
    return nil
  }

  private func weight(of position: Position) -> Double {
    let notional = amount(position.entryPrice * position.quantity)
    switch risk.exposureBase {
    case .notional: return notional
    case .margin: return notional / max(1, share(position.leverage ?? .one))
    }
  }

  private func amount(_ value: Notional) -> Double { Double(value.wideCount) / 1e8 }
  private func share(_ value: Ratio) -> Double { Double(value.count) / 1e8 }
  private func percent(_ value: Double) -> String { "\(Int((value * 1000).rounded())) ‰" }
}
