import TradingModel

extension EntryCheck {
  /// 7: the stop is on the tick, on the losing side, neither too near nor too far.
  static let stop = EntryCheck("stop") { entry in
    let (stop, price, side) = (entry.intent.stop, entry.entryPrice, entry.intent.side)
    let (near, far) = (entry.settings.minStopDistance, entry.settings.maxStopDistance)
    guard stop > .zero else { return ["no stop"] }

    var objections: [String] = []
    let isTooNear =
      side == .long ? stop.isAbove(price, by: -near) : stop.isBelow(price, by: -near)
    let isTooFar = side == .long ? stop.isBelow(price, by: far) : stop.isAbove(price, by: far)
    if side == .long ? stop >= price : stop <= price {
      objections.append("stop \(stop) is on the wrong side of \(price) for a \(side.rawValue)")
    } else if isTooNear || isTooFar {
      objections.append(
        "stop \(stop) is outside \(near.percentDescription)% to \(far.percentDescription)% "
          + "of \(price)")
    }
    if let instrument = entry.situation.instrument, !stop.isMultiple(of: instrument.tickSize) {
      objections.append("stop \(stop) is off the tick \(instrument.tickSize)")
    }
    return objections
  }
}
