/// An instant in UTC: whole nanoseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
  public let nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// What venues and the journal speak. Out-of-range values are clamped (years 1677 to 2262).
  public init(milliseconds: Int64) {
    let (value, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    nanoseconds = overflow ? (milliseconds < 0 ? .min : .max) : value
  }

  /// What Telegram speaks.
  public init(seconds: Int64) {
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    nanoseconds = overflow ? (seconds < 0 ? .min : .max) : value
  }

  public var milliseconds: Int64 { nanoseconds.flooredQuotient(by: 1_000_000) }
  public var seconds: Int64 { nanoseconds.flooredQuotient(by: 1_000_000_000) }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds.addingClamped(duration.wholeNanoseconds))
  }

  public static func - (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds.subtractingClamped(duration.wholeNanoseconds))
  }

  public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
    .nanoseconds(later.nanoseconds.subtractingClamped(earlier.nanoseconds))
  }

  /// The date in UTC that this instant falls on.
  public var day: UTCDay { UTCDay(daysSince1970: Int(seconds.flooredQuotient(by: 86_400))) }

  /// `12:04:31`, in UTC.
  public var clockText: String {
    let second = seconds.flooredRemainder(by: 86_400)
    return [second / 3600, second / 60 % 60, second % 60].map { twoDigits(Int($0)) }
      .joined(separator: ":")
  }

  /// `2026-11-20T12:04:31.250Z`.
  public var iso8601: String {
    let thousandth = String(milliseconds.flooredRemainder(by: 1000))
    let padded = String(repeating: "0", count: 3 - thousandth.count) + thousandth
    return "\(day)T\(clockText).\(padded)Z"
  }
}

extension Timestamp: CustomStringConvertible {
  public var description: String { iso8601 }
}

extension Duration {
  /// Whole nanoseconds, clamped to 64 bits (292 years).
  public var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    return value.addingClamped(attoseconds / 1_000_000_000)
  }

  public var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }
  public var wholeSeconds: Int64 { wholeNanoseconds / 1_000_000_000 }

  public static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
  public static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
}

extension Int64 {
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  func flooredRemainder(by divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }

  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}

func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
