import TradingModel

/// One position on its way to flat.
struct FlattenTarget: Sendable {
  var item: FlattenReport.Item
  /// What is to stay open.
  let keep: Quantity
  /// Closes since the position last became smaller.
  var tries = 0
  var nextAt: Timestamp
  var isFailureTold = true
  private var exited = Quantity.zero
  private var proceeds = Notional.zero

  init(_ position: Position, keep: Quantity, closedBefore: Quantity = .zero, at now: Timestamp) {
    let left = difference(position.quantity, keep) ?? .zero
    item = FlattenReport.Item(
      key: position.key, side: position.side,
      before: sum(position.quantity, closedBefore), wanted: sum(left, closedBefore), left: left,
      averageEntry: position.entryPrice, expectedPrice: position.markPrice, stop: position.stop)
    self.keep = keep
    nextAt = now
  }

  /// A position that was named, and is not there.
  init(flat key: PositionKey, side: PositionSide, entry: Price, closed: Quantity, at now: Timestamp)
  {
    item = FlattenReport.Item(
      key: key, side: side, before: closed, wanted: closed, left: .zero, averageEntry: entry,
      wasFlat: closed.isZero)
    keep = .zero
    nextAt = now
  }

  var key: PositionKey { item.key }
  var hasFills: Bool { exited > .zero }
  /// Its result is no amount of USDT, and its executions are not told.
  var isForeign: Bool { !key.symbol.isUSDTPerpetual }
  /// The executions explain what is gone.
  var isExplained: Bool {
    isForeign || item.isDust || exited >= (difference(item.wanted, item.left) ?? .zero)
  }

  /// What a reading shows of it; nil is flat.
  mutating func see(_ position: Position?, smallest: Quantity, at now: Timestamp) {
    let quantity = position?.quantity ?? .zero
    // Opened again the other way: all of that is to go, too.
    let kept = position.map { $0.side == item.side } ?? true ? keep : .zero
    var left = difference(quantity, kept) ?? .zero
    item.dust = left > .zero && left < smallest ? left : .zero
    if item.isDust { left = .zero }
    if left < item.left {
      tries = 0
      nextAt = now
    }
    if left.isZero {
      if item.failure?.isReduceOnlyRefusal == true, !hasFills { item.wasFlat = position == nil }
      item.failure = nil
    }
    item.left = left
    item.stop = position?.stop
  }

  mutating func take(_ fill: Fill) throws(AmountError) {
    let quantity = min(fill.closedQuantity, fill.quantity)
    guard quantity > .zero else { return }
    let all = try exited + quantity
    let more = proceeds + fill.price * quantity
    item.averageExit = try more.price(per: all)
    exited = all
    proceeds = more
    let entry = item.averageEntry * quantity
    let exit = fill.price * quantity
    item.realised += item.side == .long ? exit - entry : entry - exit
    item.fees += fill.fee
    // It closed, though by another order than the one that was refused.
    item.wasFlat = false
  }
}

extension OrderFailure {
  var isReduceOnlyRefusal: Bool {
    if case .rejected(let rejection) = error {
      rejection.meaning == .reduceOnlyRefused
    } else {
      false
    }
  }
}

/// The sum of two sizes of one position; capped where it would leave the range.
func sum(_ one: Quantity, _ other: Quantity) -> Quantity {
  do { return try one + other } catch { return max(one, other) }
}
