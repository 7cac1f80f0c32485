import Simulation
import TradingModel

// What persons do at the venue, past the bot.

extension BotDay {
  /// Opens a position of that share of the balance at market.
  public func openByHand(_ symbol: Symbol, _ side: PositionSide, share: Ratio) {
    guard let instrument = venue.paper.instrument(symbol), let price = venue.price(of: symbol),
      let budget = venue.share(ofBalance: share)
    else { return }
    do {
      let wanted = try budget.quantity(at: price)
        .roundedDown(toMultipleOf: instrument.quantityStep)
      openByHand(symbol, side, quantity: max(wanted, instrument.minQuantity))
    } catch {
      return  // More than can be written: no hand types that.
    }
  }

  public func openByHand(_ symbol: Symbol, _ side: PositionSide, quantity: Quantity) {
    play(Fault(.openedByHand, symbol.name))
    happen(.byHand(symbol, "opens \(side.rawValue) \(quantity)"))
    _ = venue.carryOut { (paper, now) throws(PaperRejection) in
      try paper.openByHand(symbol, side: side, quantity: quantity, at: now)
    }
  }

  /// Closes that share of a position at market.
  public func closeByHand(_ position: Position, share: Ratio) {
    guard let instrument = venue.paper.instrument(position.symbol) else { return }
    let part: Quantity
    do { part = try position.quantity.scaled(by: share) } catch { return }
    let quantity = max(
      part.roundedDown(toMultipleOf: instrument.quantityStep), instrument.minQuantity)
    play(Fault(share == .one ? .closedByHand : .reducedByHand, position.symbol.name))
    happen(.byHand(position.symbol, "closes \(quantity)"))
    _ = venue.carryOut { (paper, now) throws(PaperRejection) in
      try paper.place(
        PaperOrderRequest(
          symbol: position.symbol, slot: position.key.slot, side: position.side.closing,
          quantity: min(quantity, position.quantity), reduceOnly: true), at: now)
    }
  }

  /// Takes the stop away that guards a position.
  public func removeStopByHand(_ position: Position) {
    play(Fault(.stopRemovedByHand, position.symbol.name))
    happen(.byHand(position.symbol, "removes its stop"))
    _ = venue.carryOut { (paper, now) throws(PaperRejection) in
      _ = try paper.setTradingStop(position.key, stop: .removed, at: now)
    }
  }

  /// Money comes in (above zero) or goes out.
  public func transfer(_ amount: Notional) {
    play(Fault(.moneyMoved, "\(amount)"))
    let result = venue.carryOut { (paper, now) throws(PaperRejection) in
      if amount < .zero {
        try paper.withdraw(-amount, at: now)
      } else {
        try paper.deposit(amount, at: now)
      }
    }
    if case .success = result { happen(.transfer(amount)) }
  }
}

extension SimulatedVenue {
  func share(ofBalance share: Ratio) -> Notional? {
    let balance = paper.wallet(at: now).balance
    do { return try balance.scaled(by: share) } catch { return nil }
  }
}
