/// How long a candle lasts. Every interval divides a UTC day, so candles begin on its grid.
public enum CandleInterval: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case oneMinute = "1m"
  case threeMinutes = "3m"
  case fiveMinutes = "5m"
  case fifteenMinutes = "15m"
  case oneHour = "1h"
  case fourHours = "4h"
  case oneDay = "1d"

  public var duration: Duration { .seconds(seconds) }

  private var seconds: Int64 {
    switch self {
    case .oneMinute: 60
    case .threeMinutes: 180
    case .fiveMinutes: 300
    case .fifteenMinutes: 900
    case .oneHour: 3600
    case .fourHours: 14_400
    case .oneDay: 86_400
    }
  }

  /// When the candle began that `time` falls into.
  public func start(of time: Timestamp) -> Timestamp {
    let second = time.seconds
    return Timestamp(seconds: second - second.flooredRemainder(by: seconds))
  }

  /// When that candle ends, and the next one begins.
  public func end(of time: Timestamp) -> Timestamp { start(of: time) + duration }

  public static func < (left: CandleInterval, right: CandleInterval) -> Bool {
    left.seconds < right.seconds
  }
}
