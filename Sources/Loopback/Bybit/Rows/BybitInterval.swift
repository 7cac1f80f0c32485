import TradingModel

/// The intervals of Bybit's candles by its own names.
enum BybitInterval {
  /// `1` to `720` are minutes; `D`, `W` and `M`.
  static let names = [
    "1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M",
  ]

  static func named(_ name: String) -> ChartInterval? {
    guard names.contains(name) else { return nil }
    return switch name {
    case "D": .minutes(1_440)
    case "W": .week
    case "M": .month
    default: Int64(name).map { .minutes($0) }
    }
  }
}
