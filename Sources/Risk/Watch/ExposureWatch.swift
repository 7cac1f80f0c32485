import TradingModel

/// How much of the account positions and entries under way weigh.
public struct ExposureWatch: Sendable, Hashable {
  public let base: ExposureBase

  public init(base: ExposureBase) { self.base = base }

  /// Where the margin of a position is not known it weighs its whole size: no entry is let in by what
  /// nobody knows.
  public func weight(of position: Position) -> Notional {
    base == .notional ? position.notional : position.marginInUse ?? position.notional
  }

  public func weight(of entry: PendingEntry) -> Notional {
    weight(notional: entry.notional, leverage: entry.leverage)
  }

  public func weight(notional: Notional, leverage: Ratio) -> Notional {
    base == .notional ? notional : notional.margin(leverage: leverage)
  }

  /// Everything the account carries or is about to.
  public func total(_ positions: [HeldPosition], _ pending: [PendingEntry]) -> Notional {
    let held = positions.reduce(Notional.zero) { $0 + weight(of: $1.position) }
    return pending.reduce(held) { $0 + weight(of: $1) }
  }
}

extension Position {
  /// The venue's initial margin, else size ÷ leverage; nil where neither is known.
  public var marginInUse: Notional? {
    initialMargin ?? leverage.map { notional.margin(leverage: $0) }
  }
}

extension Notional {
  /// The margin of this size, rounded up at 10⁻⁸; all of it where the leverage is unusable, which
  /// never says too little.
  func margin(leverage: Ratio) -> Notional {
    guard leverage > .one else { return self }
    let (whole, rest) = wideCount.quotientAndRemainder(dividingBy: leverage.wideCount)
    let one = Ratio.one.wideCount
    let tail = (rest * one + leverage.wideCount - 1) / leverage.wideCount
    return Notional(uncheckedCount: whole * one + tail)
  }
}
