import TradingModel

/// Shares for display; nil where there is no whole to take them of.
enum Shares {
  static func of(_ part: Notional, in whole: Notional) -> Ratio? {
    do { return try part.ratio(to: whole) } catch { return nil }
  }

  static func of(_ part: Int128, in whole: Int128) -> Ratio? {
    of(Notional(uncheckedCount: part), in: Notional(uncheckedCount: whole))
  }

  static func of(_ ratio: Ratio, from amount: Notional) -> Notional? {
    do { return try amount.scaled(by: ratio) } catch { return nil }
  }
}
