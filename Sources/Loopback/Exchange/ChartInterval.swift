import TradingModel

/// How long a candle of a chart lasts. Venues draw more of them than the bot follows: weeks and months,
/// too. Days, weeks (from Monday) and months begin at 00:00 UTC.
public enum ChartInterval: Sendable, Hashable {
  /// Divides a day, or is a day.
  case minutes(Int64)
  case week
  case month

  /// Where the candle that holds `time` begins.
  public func start(of time: Timestamp) -> Timestamp {
    switch self {
    case .minutes(let minutes):
      let length = max(1, minutes) * 60
      return Timestamp(seconds: Self.floor(time.seconds, length) * length)
    case .week:
      // 1970-01-01 was a Thursday.
      let day = Int64(time.day.daysSince1970)
      return UTCDay(daysSince1970: Int(Self.floor(day + 3, 7) * 7 - 3)).start
    case .month:
      let (year, month, _) = time.day.components
      return UTCDay(year: year, month: month, day: 1).start
    }
  }

  /// Where the candle that begins at `start` ends, and the next begins.
  public func end(from start: Timestamp) -> Timestamp {
    switch self {
    case .minutes(let minutes): start + .minutes(max(1, minutes))
    case .week: start + .hours(7 * 24)
    case .month: self.start(of: start + .hours(32 * 24))
    }
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}
