import TradingModel

/// One slot of the account, flat or not.
public struct PaperPosition: Sendable, Hashable, Codable {
  public let key: PositionKey
  /// Nil when flat.
  public internal(set) var side: PositionSide?
  public internal(set) var quantity: Quantity = .zero
  /// What the open quantity cost at its fills, in USDT. Profit is judged by it, so that rounding of
  /// the average entry never makes or loses money.
  public internal(set) var cost: Notional = .zero
  public internal(set) var leverage: Ratio
  /// Margin added by hand, in USDT; a part of the position takes its part along.
  public internal(set) var extraMargin: Notional = .zero
  /// Full-mode stop and target.
  public internal(set) var stop: Price?
  public internal(set) var target: Price?
  public internal(set) var stopSource: TriggerSource = .last
  public internal(set) var targetSource: TriggerSource = .last
  public internal(set) var trailing: PaperTrailing?
  /// Paid to open what is open, in USDT.
  public internal(set) var openFees: Notional = .zero
  /// `curRealisedPnl`: since the position was opened, fees inside.
  public internal(set) var realised: Notional = .zero
  /// `cumRealisedPnl`: since the account began, fees inside.
  public internal(set) var totalRealised: Notional = .zero
  /// −1 when never traded.
  public internal(set) var sequence: Int64 = -1
  /// When the slot was first used, and when the open position began.
  public internal(set) var createdAt: Timestamp
  public internal(set) var openedAt: Timestamp?
  public internal(set) var updatedAt: Timestamp

  init(_ key: PositionKey, leverage: Ratio, at time: Timestamp) {
    self.key = key
    self.leverage = leverage
    createdAt = time
    updatedAt = time
  }

  public var isFlat: Bool { quantity.isZero }

  /// The average price of the open quantity; nil when flat.
  public var entryPrice: Price? {
    do { return try cost.price(per: quantity) } catch { return nil }
  }

  /// Profit or loss if the whole were valued at `price`, before fees; zero when flat.
  public func unrealised(at price: Price) -> Notional {
    guard let side else { return .zero }
    let value = price * quantity
    return side == .long ? value - cost : cost - value
  }

  /// The margin put up for it in isolated mode: its cost over its leverage, and what was added.
  public var isolatedMargin: Notional { cost.divided(by: leverage) + extraMargin }

  /// Adds to the position, opening it where it is flat.
  mutating func add(
    _ quantity: Quantity, at price: Price, side: PositionSide, time: Timestamp
  ) {
    if isFlat {
      self.side = side
      openedAt = time
      realised = .zero
    }
    self.quantity = Quantity(uncheckedCount: self.quantity.wideCount + quantity.wideCount)
    cost += price * quantity
    updatedAt = time
  }

  /// Takes away at most what is open.
  /// - Returns: The profit or loss of the part, before fees.
  mutating func reduce(_ quantity: Quantity, at price: Price, time: Timestamp) -> Notional {
    guard let side, let entryPrice else { return .zero }
    let closedCost = quantity == self.quantity ? cost : entryPrice * quantity
    let value = price * quantity
    releaseMargin(with: quantity)
    openFees -= openFees(of: quantity)
    self.quantity = Quantity(uncheckedCount: self.quantity.wideCount - quantity.wideCount)
    cost -= closedCost
    updatedAt = time
    if isFlat {
      self.side = nil
      openedAt = nil
      stop = nil
      target = nil
      trailing = nil
    }
    return side == .long ? value - closedCost : closedCost - value
  }

  /// What a part of the position cost to open.
  func openFees(of part: Quantity) -> Notional {
    guard part < quantity else { return openFees }
    do { return try openFees.price(per: quantity) * part } catch { return .zero }
  }

  private mutating func releaseMargin(with quantity: Quantity) {
    guard !extraMargin.isZero else { return }
    do {
      let perUnit = try extraMargin.price(per: self.quantity)
      extraMargin = quantity == self.quantity ? .zero : extraMargin - perUnit * quantity
    } catch {
      extraMargin = .zero
    }
  }

  mutating func book(_ profit: Notional) {
    realised += profit
    totalRealised += profit
  }
}
