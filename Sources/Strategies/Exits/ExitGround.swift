import TradingModel

/// Why an exit can't be placed where the plan wants it.
public enum ExitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A distance in ATR, and the ATR is not known.
  case rangeUnknown
  /// A distance in R, and the first stop of the position is not known.
  case riskUnknown
  /// A fixed price on the wrong side of the entry.
  case wrongSide(Price, entry: Price)
  case amount(AmountError)

  public var description: String {
    switch self {
    case .rangeUnknown: "the ATR is not known"
    case .riskUnknown: "the distance to the first stop is not known"
    case .wrongSide(let price, let entry): "\(price) is on the wrong side of the entry \(entry)"
    case .amount(let error): "\(error)"
    }
  }
}

/// What the exits of one position are reckoned from.
public struct ExitGround: Sendable, Hashable {
  public var side: PositionSide
  public var averageEntry: Price
  /// The ATR when the average entry was made, in USDT; nil is unknown.
  public var range: Price?
  /// R: the distance from the average entry to the stop of the plan, in USDT; nil is unknown.
  public var risk: Price?

  public init(side: PositionSide, averageEntry: Price, range: Price? = nil, risk: Price? = nil) {
    self.side = side
    self.averageEntry = averageEntry
    self.range = range
    self.risk = risk
  }

  /// Which way from the entry.
  public enum Way: Sendable { case profit, loss }

  /// The price that lies `distance` from the average entry, not on the tick yet.
  public func level(_ distance: ExitDistance, towards way: Way) throws(ExitError) -> Price {
    let isUp = (side == .long) == (way == .profit)
    do {
      switch distance {
      case .share(let share):
        return try averageEntry.scaled(by: isUp ? .one + share : .one - share)
      case .ranges(let times):
        guard let range else { throw ExitError.rangeUnknown }
        return try away(try range.scaled(by: times), isUp)
      case .risks(let times):
        guard let risk else { throw ExitError.riskUnknown }
        return try away(try risk.scaled(by: times), isUp)
      case .price(let price):
        guard isUp ? price > averageEntry : price < averageEntry else {
          throw ExitError.wrongSide(price, entry: averageEntry)
        }
        return price
      }
    } catch let error as AmountError {
      throw .amount(error)
    } catch let error as ExitError {
      throw error
    } catch {
      throw .amount(.overflow)
    }
  }

  private func away(_ distance: Price, _ isUp: Bool) throws(AmountError) -> Price {
    let price = isUp ? try averageEntry + distance : try averageEntry - distance
    // Nothing trades at zero or below: a range as large as the price gives no level.
    guard price > .zero else { throw .overflow }
    return price
  }

  /// Whether `price` is at `level` or farther in profit.
  func hasReached(_ level: Price, at price: Price) -> Bool {
    side == .long ? price >= level : price <= level
  }
}

extension PositionSide {
  /// Whether a stop at `one` protects more of a position than one at `other`.
  public func isTighter(_ one: Price, than other: Price) -> Bool {
    self == .long ? one > other : one < other
  }

  /// The stop of the two that protects more.
  public func tighter(_ one: Price?, _ other: Price?) -> Price? {
    guard let one, let other else { return one ?? other }
    return isTighter(one, than: other) ? one : other
  }

  /// The price of the two that is the better one for a position.
  public func better(_ one: Price, _ other: Price) -> Price {
    self == .long ? max(one, other) : min(one, other)
  }
}
