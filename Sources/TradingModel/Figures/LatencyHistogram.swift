/// How often something took how long, in fixed classes: a few additions a reading, no memory grows.
public struct LatencyHistogram: Sendable, Hashable {
  /// The upper ends of the classes, each included; what took longer counts in none but the whole.
  public static let bounds: [Duration] = [
    .microseconds(1), .microseconds(2), .microseconds(5), .microseconds(10), .microseconds(20),
    .microseconds(50), .microseconds(100), .microseconds(200), .microseconds(500),
    .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(20),
    .milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(500),
    .seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(30), .seconds(60), .seconds(120),
  ]

  private static let boundsInNanoseconds = bounds.map(\.wholeNanoseconds)

  /// In each class alone; those beyond the last bound come last.
  public private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  public private(set) var sum = Duration.zero

  public init() {}

  public var count: UInt64 { counts.reduce(0, &+) }

  /// A clock that went back gives zero.
  public mutating func note(_ duration: Duration) {
    let length = max(0, duration.wholeNanoseconds)
    let bounds = Self.boundsInNanoseconds
    counts[bounds.firstIndex { length <= $0 } ?? bounds.count] &+= 1
    sum += .nanoseconds(length)
  }
}
