import TradingModel

/// One step of a venue's risk limits: the larger a position, the more margin it must keep.
///
/// Source: Bybit V5 `GET /v5/market/risk-limit` (`maintenanceMargin`, `mmDeduction`, `maxLeverage`);
/// Binance `GET /fapi/v1/leverageBracket` (`maintMarginRatio`, `cum`, `initialLeverage`).
public struct PaperTier: Sendable, Hashable, Codable {
  /// Positions up to this value, in USDT; nil is without end.
  public var cap: Notional?
  /// Share of the value that must be left.
  public var maintenanceRate: Ratio
  /// Taken off, in USDT, so that the margin does not jump between tiers.
  public var deduction: Notional
  public var maxLeverage: Ratio

  public init(
    cap: Notional?, maintenanceRate: Ratio, deduction: Notional = .zero, maxLeverage: Ratio
  ) {
    self.cap = cap
    self.maintenanceRate = maintenanceRate
    self.deduction = deduction
    self.maxLeverage = maxLeverage
  }
}

extension PaperVenue {
  /// Tells the risk limits of a symbol, in any order. None are as one tier without end, at the rate
  /// of the settings.
  public mutating func setTiers(_ tiers: [PaperTier], of symbol: Symbol) {
    self.tiers[symbol] =
      tiers.isEmpty
      ? nil : tiers.sorted { ($0.cap ?? Self.endless) < ($1.cap ?? Self.endless) }
  }

  private static let endless = Notional(uncheckedCount: Notional.limit)

  /// The tier that a position of this value lies in: the last one beyond all caps.
  public func tier(of symbol: Symbol, at value: Notional) -> PaperTier {
    let known = tiers[symbol] ?? []
    return known.first { value <= $0.cap ?? Self.endless } ?? known.last
      ?? PaperTier(
        cap: nil, maintenanceRate: settings.maintenanceMarginRate,
        maxLeverage: instruments[symbol]?.maxLeverage ?? settings.leverage)
  }

  /// What must be left of a position of this value, without the fee to close.
  func maintenance(of value: Notional, _ symbol: Symbol) -> Notional {
    let tier = tier(of: symbol, at: value)
    return max(.zero, value.share(tier.maintenanceRate) - tier.deduction)
  }
}
