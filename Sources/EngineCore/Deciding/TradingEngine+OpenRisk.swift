import Risk
import TradingModel

// What is at stake.

extension TradingEngine {
  /// Today's result if every open stop filled, entries under way included.
  var openRisk: OpenRisk {
    let exposures = exposures
    var risk = OpenRisk(
      baseline: day.baseline.flatMap { $0.day == now.day ? $0 : nil },
      equity: liveWallet?.equity)
    for exposure in exposures where !settings.longterm.contains(exposure.position.symbol) {
      let symbol = exposure.position.symbol
      guard let stop = exposure.stop ?? exposure.plan?.stop else {
        let isLeftAlone = exposure.owner == .manual && !settings.protectManual
        if isLeftAlone { risk.unstopped.append(symbol) } else { risk.unknown.append(symbol) }
        continue
      }
      guard let cost = cost(ofStop: stop, of: exposure.position) else {
        risk.unknown.append(symbol)
        continue
      }
      risk.loss += cost
    }
    for entry in pendingEntries(beside: exposures) {
      guard let cost = cost(of: entry) else {
        risk.unknown.append(entry.request.symbol)
        continue
      }
      risk.loss += cost
    }
    return risk
  }

  private func cost(ofStop stop: Price, of position: Position) -> Notional? {
    guard let price = price(of: position.symbol) ?? position.markPrice,
      let spread = spread(of: position.symbol)
    else { return nil }
    return settings.risk.cost(
      ofStop: stop, at: price, position.side, position.quantity, spread: spread)
  }

  /// The way to its stop, and the fee of the way in.
  private func cost(of entry: EntryOrders.Entry) -> Notional? {
    let (request, price) = (entry.request, entry.intent.price)
    guard let stop = request.stop, let spread = spread(of: request.symbol),
      let cost = settings.risk.cost(
        ofStop: stop, at: price, entry.intent.side, request.quantity, spread: spread)
    else { return nil }
    do {
      return cost + (try (price * request.quantity).scaled(by: settings.risk.takerFee))
    } catch {
      return nil
    }
  }

  /// For what is open already: where the book is silent just now the last spread counts, for it is
  /// nearer the truth than none. Nil where none was ever told.
  private func spread(of symbol: Symbol) -> Price? {
    let market = markets[settings.priceVenue, symbol]
    return market.spread(at: now) ?? market.lastSpread
  }
}
