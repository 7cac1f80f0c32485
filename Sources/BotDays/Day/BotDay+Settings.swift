import Simulation
import TradingModel

// What persons change on the venue's own screen: stops, targets, leverage and modes.

extension BotDay {
  /// Buys more of what is held, on the same side.
  public func addByHand(_ position: Position, share: Ratio) {
    guard let rules = venue.paper.instrument(position.symbol) else { return }
    let part: Quantity
    do { part = try position.quantity.scaled(by: share) } catch { return }
    let quantity = max(part.roundedDown(toMultipleOf: rules.quantityStep), rules.minQuantity)
    play(Fault(.addedByHand, position.symbol.name))
    hand(position.symbol, "adds \(quantity)") { (paper, now) throws(PaperRejection) in
      try paper.openByHand(position.symbol, side: position.side, quantity: quantity, at: now)
    }
  }

  /// Puts the stop somewhere else, or where there was none: `share` of the price away from it.
  public func moveStopByHand(_ position: Position, away share: Ratio) {
    guard let price = venue.price(of: position.symbol),
      let rules = venue.paper.instrument(position.symbol)
    else { return }
    let stop: Price
    do {
      stop = try price.scaled(by: position.side == .long ? .one - share : .one + share)
        .roundedDown(toMultipleOf: rules.tickSize)
    } catch { return }
    play(Fault(.stopMovedByHand, position.symbol.name))
    hand(position.symbol, "sets the stop to \(stop)") { (paper, now) throws(PaperRejection) in
      _ = try paper.setTradingStop(position.key, stop: .at(stop), at: now)
    }
  }

  /// Adds a stop for a part of the position.
  public func addPartialStopByHand(_ position: Position, away share: Ratio) {
    guard let price = venue.price(of: position.symbol),
      let rules = venue.paper.instrument(position.symbol)
    else { return }
    let (stop, part): (Price, Quantity)
    do {
      stop = try price.scaled(by: position.side == .long ? .one - share : .one + share)
        .roundedDown(toMultipleOf: rules.tickSize)
      part = try position.quantity.scaled(by: .percent(50))
        .roundedDown(toMultipleOf: rules.quantityStep)
    } catch { return }
    play(Fault(.partialByHand, position.symbol.name))
    hand(position.symbol, "adds a stop for \(part) at \(stop)") {
      (paper, now) throws(PaperRejection) in
      try paper.addPartialProtection(
        position.key, quantity: part, stop: PaperPartialLeg(at: stop), at: now)
    }
  }

  /// Puts a trailing stop of the venue's own beside the stop.
  public func trailByHand(_ position: Position, behind share: Ratio) {
    guard let price = venue.price(of: position.symbol),
      let rules = venue.paper.instrument(position.symbol)
    else { return }
    let distance: Price
    do {
      distance = try max(
        price.scaled(by: share).roundedDown(toMultipleOf: rules.tickSize), rules.tickSize)
    } catch { return }
    play(Fault(.trailingByHand, position.symbol.name))
    hand(position.symbol, "trails \(distance) behind") { (paper, now) throws(PaperRejection) in
      _ = try paper.setTradingStop(
        position.key, trailing: .at(PaperTrailing(distance: .price(distance))), at: now)
    }
  }

  /// Cancels a limit that rests for a part of the position.
  /// - Returns: Whether there is one.
  @discardableResult
  public func cancelTargetByHand(_ position: Position) -> Bool {
    let resting = venue.paper.openOrders(of: position.symbol).first {
      $0.slot == position.key.slot && $0.limitPrice != nil && !$0.isWaiting
    }
    guard let resting else { return false }
    play(Fault(.targetCancelledByHand, position.symbol.name))
    hand(position.symbol, "cancels \(resting.link?.text ?? resting.id)") {
      (paper, now) throws(PaperRejection) in
      _ = try paper.cancel(
        OrderReference(symbol: position.symbol, venueID: resting.id), at: now)
    }
    return true
  }

  public func setLeverageByHand(_ symbol: Symbol, _ leverage: Ratio) {
    play(Fault(.leverageByHand, "\(symbol) \(leverage)"))
    hand(symbol, "sets the leverage to \(leverage)") { (paper, now) throws(PaperRejection) in
      try paper.setLeverage(symbol, long: leverage, short: leverage, at: now)
    }
  }

  /// Only a flat account, or symbol, lets its margin mode be changed.
  public func setMarginModeByHand(_ mode: MarginMode, _ symbol: Symbol) {
    play(Fault(.marginModeByHand, "\(mode.rawValue)"))
    hand(symbol, "sets \(mode.rawValue) margin") { (paper, now) throws(PaperRejection) in
      switch paper.settings.rules.marginScope {
      case .account: try paper.setMarginMode(mode, at: now)
      case .symbol: try paper.setMarginMode(mode, of: symbol)
      }
    }
  }

  /// Switches one symbol between one-way and hedge mode; the venue lets it only while that is free.
  public func switchPositionModeByHand(_ symbol: Symbol) {
    let mode: PaperPositionMode = venue.paper.mode(of: symbol) == .oneWay ? .hedge : .oneWay
    play(Fault(.positionModeByHand, "\(symbol) \(mode.rawValue)"))
    hand(symbol, "switches to \(mode.rawValue) mode") { (paper, now) throws(PaperRejection) in
      try paper.setPositionMode(mode, symbol: symbol)
    }
  }

  private func hand<Value>(
    _ symbol: Symbol, _ words: String,
    _ deed: (inout PaperVenue, Timestamp) throws(PaperRejection) -> Value
  ) {
    happen(.byHand(symbol, words))
    _ = venue.carryOut(deed)
  }
}
