import Simulation
import TradingModel

/// How much is meant when a person trades on the venue's own screen.
public enum HandSize: Sendable, Hashable {
  case quantity(Quantity)
  /// In USDT at the price of the moment, rounded down to the step.
  case notional(Notional)
}

// What a person does on the venue's own screen, past the bot.
extension LoopbackExchange {
  /// Opens a position at market.
  /// - Parameter leverage: Set first, where given; it stays also when the order is refused.
  /// - Throws: The venue's `PaperRejection`.
  @discardableResult
  public func open(
    _ symbol: Symbol, side: PositionSide, size: HandSize, leverage: Ratio? = nil
  ) throws(PaperRejection) -> PaperOrder {
    try carryOut { (venue, now) throws(PaperRejection) in
      if let leverage {
        do throws(PaperRejection) {
          try venue.setLeverage(symbol, long: leverage, short: leverage, at: now)
        } catch {
          guard error.meaning == .notModified else { throw error }
        }
      }
      let quantity = try Self.quantity(of: size, symbol, on: venue)
      return try venue.openByHand(symbol, side: side, quantity: quantity, at: now)
    }
  }

  /// Closes the positions of a symbol, or all of them, at market.
  /// - Returns: The closing orders.
  @discardableResult
  public func close(_ symbol: Symbol? = nil) throws(PaperRejection) -> [PaperOrder] {
    try carryOut { (venue, now) throws(PaperRejection) in
      var orders: [PaperOrder] = []
      for position in venue.openPositions(of: symbol) {
        guard let side = position.side else { continue }
        orders.append(
          try venue.place(
            PaperOrderRequest(
              symbol: position.key.symbol, slot: position.key.slot, side: side.closing,
              quantity: position.quantity, reduceOnly: true), at: now))
      }
      return orders
    }
  }

  /// Pays in (above zero) or out.
  public func transfer(_ amount: Notional) throws(PaperRejection) {
    try carryOut { (venue, now) throws(PaperRejection) in
      if amount < .zero {
        try venue.withdraw(-amount, at: now)
      } else {
        try venue.deposit(amount, at: now)
      }
    }
  }

  private static func quantity(
    of size: HandSize, _ symbol: Symbol, on venue: PaperVenue
  ) throws(PaperRejection) -> Quantity {
    switch size {
    case .quantity(let quantity): return quantity
    case .notional(let notional):
      guard let instrument = venue.instrument(symbol), let price = venue.market(symbol)?.last
      else { return .zero }  // Refused by the venue in its own words.
      do {
        return try notional.quantity(at: price).roundedDown(toMultipleOf: instrument.quantityStep)
      } catch {
        return .zero
      }
    }
  }
}
