import TradingModel

/// What the liquidation engine asks of one symbol. Percentages mean price moves, never multiplied
/// by leverage.
public struct LiquidationParameters: Sendable, Hashable, Codable {
  public var isEnabled: Bool
  public var leverage: Ratio
  /// Stop, targets, and how the stop follows.
  public var exits: ExitPlan
  /// Margin of one entry as a share of the balance.
  public var orderSize: Ratio
  /// How far under the VWAP the price must be after a long was liquidated.
  public var longVWAPOffset: Ratio
  /// How far over the VWAP the price must be after a short was liquidated.
  public var shortVWAPOffset: Ratio
  /// The value that a liquidation must exceed, in USDT.
  public var minimumLiquidation: Notional

  /// - Parameters:
  ///   - takeProfit: The target, and
  ///   - stopLoss: the stop, as shares of the average entry. Half a risk in profit, the stop goes to the
  ///     entry plus costs; the rest of `exits` is off.
  public init(
    isEnabled: Bool = true, leverage: Ratio = .times(3), takeProfit: Ratio = .basisPoints(250),
    stopLoss: Ratio = .percent(3), orderSize: Ratio = .percent(1),
    longVWAPOffset: Ratio = .basisPoints(150), shortVWAPOffset: Ratio = .percent(4),
    minimumLiquidation: Notional = .usdt(25)
  ) {
    self.isEnabled = isEnabled
    self.leverage = leverage
    exits = ExitPlan(
      stop: .share(stopLoss), target: .share(takeProfit),
      breakEven: BreakEven(after: .risks(.percent(50))))
    self.orderSize = orderSize
    self.longVWAPOffset = longVWAPOffset
    self.shortVWAPOffset = shortVWAPOffset
    self.minimumLiquidation = minimumLiquidation
  }

  /// Everything wrong with these parameters, each line beginning with the key in the settings.
  public var problems: [String] {
    var problems: [String] = []
    func check(_ isRight: Bool, _ key: String, _ problem: String) {
      if !isRight { problems.append("\(key): \(problem)") }
    }
    let offsets = Ratio.zero..<Ratio.one
    check(leverage >= .one, "leverage", "must be at least 1, is \(leverage)")
    problems += exits.problems
    check(
      orderSize > .zero && orderSize <= .one, "order_size_percent_balance",
      "must be above 0 and at most 100, is \(orderSize.percentDescription)")
    check(
      offsets.contains(longVWAPOffset), "long_vwap_offset",
      "must be at least 0 and under 100, is \(longVWAPOffset.percentDescription)")
    check(
      offsets.contains(shortVWAPOffset), "short_vwap_offset",
      "must be at least 0 and under 100, is \(shortVWAPOffset.percentDescription)")
    check(
      minimumLiquidation >= .zero, "lick_value",
      "must not be under 0 USDT, is \(minimumLiquidation)")
    return problems
  }
}
