import TradingModel

/// Positions as the venue's own fills make them: who opened them, and what they brought.
final class TruthLedger {
  struct Trip {
    /// The client id of the order that opened it; empty for a hand's.
    let opener: ClientOrderID
    let key: PositionKey
    let side: PositionSide
    let openedAt: Timestamp
    var openQuantity: Quantity
    /// The value of entries and of exits, and the fees of both.
    var spent = Notional.zero
    var received = Notional.zero
    var fees = Notional.zero
    var closedAt: Timestamp?
    /// Somebody else than the opener added to it or took from it.
    var isTouchedByHand = false

    /// Price result of the whole trip, before fees and funding.
    var realised: Notional { side == .long ? received - spent : spent - received }
    var owner: Owner { opener.owner ?? .manual }
  }

  private(set) var open: [PositionKey: Trip] = [:]
  private(set) var closed: [String: Trip] = [:]
  private(set) var fillCount = 0
  private(set) var lastFillAt = Timestamp(nanoseconds: 0)
  private(set) var entryCount = 0
  private(set) var lastHandAt: [Symbol: Timestamp] = [:]
  /// When a hand changed leverage or modes of a symbol last.
  private(set) var settingsByHandAt: [Symbol: Timestamp] = [:]
  /// What of the venue's executions the bot was told by a reading: from when on, as of when, and when
  /// it heard that.
  private(set) var fillReadings: [(since: Timestamp, at: Timestamp, heard: Timestamp)] = []
  private(set) var noted: [ClientOrderID: OrderRequest] = [:]

  func owner(of key: PositionKey) -> Owner? { open[key]?.owner }

  func see(_ happening: Happening, in day: BotDay) {
    switch happening {
    case .fill(let fill): take(fill, at: day.now)
    case .byHand(let symbol, let what):
      lastHandAt[symbol] = day.now
      if what.hasPrefix("sets the leverage") || what.hasPrefix("switches") {
        settingsByHandAt[symbol] = day.now
      }
    case .fillsRead(let start, let at): fillReadings.append((start, at, day.now))
    case .intent(let order, _): noted[order.id] = order
    case .order(let order, nil) where !order.reduceOnly: entryCount += 1
    default: break
    }
  }

  private func take(_ fill: Fill, at now: Timestamp) {
    fillCount += 1
    lastFillAt = now
    let key = PositionKey(fill.symbol, fill.slot)
    let part = fill.closedQuantity
    if part > .zero, var trip = open[key] {
      let fee = part == fill.quantity ? fill.fee : share(of: fill.fee, part, fill.quantity)
      trip.openQuantity = less(trip.openQuantity, part)
      trip.received += fill.price * part
      trip.fees += fee
      trip.isTouchedByHand =
        trip.isTouchedByHand || (fill.role == .placed && fill.orderID.owner == nil)
      if trip.openQuantity.isZero {
        trip.closedAt = now
        open[key] = nil
        if !trip.opener.text.isEmpty { closed[trip.opener.text] = trip }
      } else {
        open[key] = trip
      }
    }
    let opened = less(fill.quantity, part)
    guard opened > .zero else { return }
    var trip =
      open[key]
      ?? Trip(
        opener: fill.orderID, key: key, side: fill.side == .buy ? .long : .short, openedAt: now,
        openQuantity: .zero)
    trip.openQuantity = Quantity(
      uncheckedCount: trip.openQuantity.wideCount + opened.wideCount)
    trip.spent += fill.price * opened
    trip.fees += part.isZero ? fill.fee : share(of: fill.fee, opened, fill.quantity)
    trip.isTouchedByHand =
      trip.isTouchedByHand || (fill.orderID.owner == nil) != (trip.owner == .manual)
    open[key] = trip
  }

  private func less(_ one: Quantity, _ other: Quantity) -> Quantity {
    Quantity(uncheckedCount: one.wideCount - other.wideCount)
  }

  private func share(of fee: Notional, _ part: Quantity, _ whole: Quantity) -> Notional {
    Notional(uncheckedCount: fee.wideCount * part.wideCount / whole.wideCount)
  }
}
