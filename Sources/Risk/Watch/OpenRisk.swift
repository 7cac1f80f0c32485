import TradingModel

/// What is at stake today: the result if every open stop filled now, with slippage and fees.
///
/// Longterm positions are left out, as of everything.
public struct OpenRisk: Sendable, Hashable {
  /// Nil while the day has none.
  public var baseline: DayBaseline?
  /// At this moment; nil is unknown.
  public var equity: Notional?
  /// What the stops of positions and entries under way would cost beyond that equity.
  public var loss: Notional
  /// Engines' positions whose loss can't be computed: no stop is known, no price, or no spread.
  public var unknown: [Symbol]
  /// Opened by hand and without a stop: not in it.
  public var unstopped: [Symbol]

  public init(
    baseline: DayBaseline?, equity: Notional?, loss: Notional = .zero, unknown: [Symbol] = [],
    unstopped: [Symbol] = []
  ) {
    self.baseline = baseline
    self.equity = equity
    self.loss = loss
    self.unknown = unknown
    self.unstopped = unstopped
  }

  /// - Parameter more: What an entry would put at stake besides.
  /// - Returns: Nil while it can't be computed.
  public func worstCase(adding more: Notional = .zero) -> WorstCase? {
    guard let baseline, baseline.equity > .zero, let equity, unknown.isEmpty else { return nil }
    let worst = equity - loss - more
    do {
      return WorstCase(
        equity: worst, net: worst - baseline.equity,
        result: try (worst - baseline.equity).ratio(to: baseline.equity), unstopped: unstopped)
    } catch {
      return nil
    }
  }
}

extension RiskSettings {
  /// What a stop costs when it fills, against a size that now stands at `price`: the way to the
  /// stop, the spread and `stopSlippage` beyond it, and the fee. Never under zero.
  ///
  /// - Parameter spread: Ask less bid.
  /// - Returns: Nil when it leaves the range of amounts.
  public func cost(
    ofStop stop: Price, at price: Price, _ side: PositionSide, _ quantity: Quantity,
    spread: Price
  ) -> Notional? {
    let (now, then) = (price * quantity, stop * quantity)
    let way = side == .long ? now - then : then - now
    do {
      let extra = try then.scaled(by: stopSlippage + takerFee)
      let cost = way + extra + spread * quantity
      return max(.zero, cost)
    } catch {
      return nil
    }
  }
}
