/// Why no tradable quantity fits a budget.
public enum SizingError: Error, Equatable, Sendable {
  /// Rounded down to the step it is under the venue's minimum; `smallest` would trade.
  case belowMinimum(intended: Quantity, smallest: Quantity)
  /// Above the largest order the venue takes.
  case aboveMaximum(Quantity)
  /// The price is zero, or the numbers leave the range of exact amounts.
  case unusable(AmountError)
}

extension Instrument {
  /// The largest tradable quantity that costs at most `budget`.
  ///
  /// Rounds down to the step.
  ///
  /// - Parameters:
  ///   - budget: What may be spent, in USDT, before fees.
  ///   - price: The price to size against, in USDT per unit of base.
  /// - Throws: `SizingError.belowMinimum` when even that is under the venue's minimum.
  public func quantity(for budget: Notional, at price: Price) throws(SizingError) -> Quantity {
    let quantity = try intendedQuantity(for: budget, at: price)
    let smallest = try smallestQuantity(at: price)
    guard quantity >= smallest else {
      throw .belowMinimum(intended: quantity, smallest: smallest)
    }
    guard quantity <= maxMarketQuantity else { throw .aboveMaximum(maxMarketQuantity) }
    return quantity
  }

  /// As `quantity(for:at:)`, but raised to the smallest tradable quantity where that costs at most
  /// `factor` times the budget.
  /// - Throws: `SizingError.belowMinimum` when the raise would cost more.
  public func quantity(
    for budget: Notional, at price: Price, raisingUpTo factor: Ratio
  ) throws(SizingError) -> Quantity {
    do {
      return try quantity(for: budget, at: price)
    } catch .belowMinimum(let intended, let smallest) {
      do {
        guard price * smallest <= (try budget.scaled(by: factor)) else {
          throw SizingError.belowMinimum(intended: intended, smallest: smallest)
        }
      } catch let error as AmountError {
        throw .unusable(error)
      } catch {
        throw .belowMinimum(intended: intended, smallest: smallest)
      }
      return smallest
    }
  }

  /// The same rules with a larger minimum quantity; a smaller one changes nothing, so that the
  /// venue's own minimum always holds.
  public func raised(to minimum: Quantity?) -> Instrument {
    guard let minimum, minimum > minQuantity else { return self }
    var instrument = self
    instrument.minQuantity = minimum.roundedUp(toMultipleOf: quantityStep)
    return instrument
  }

  /// The smallest quantity that the venue takes for an opening order at `price`: a multiple of the
  /// step, at least the minimum quantity and at least max(5 USDT, the venue's minimum notional).
  public func smallestQuantity(at price: Price) throws(SizingError) -> Quantity {
    let floor = max(minNotional, .usdt(5))
    do {
      var quantity = try floor.quantity(at: price).roundedUp(toMultipleOf: quantityStep)
      // The division rounds down: one step more where that fell short.
      if price * quantity < floor { quantity = try quantity + quantityStep }
      return max(quantity, minQuantity.roundedUp(toMultipleOf: quantityStep))
    } catch {
      throw .unusable(error)
    }
  }

  private func intendedQuantity(
    for budget: Notional, at price: Price
  ) throws(SizingError) -> Quantity {
    do {
      return try budget.quantity(at: price).roundedDown(toMultipleOf: quantityStep)
    } catch {
      throw .unusable(error)
    }
  }
}
