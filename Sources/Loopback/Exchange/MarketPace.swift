import TradingModel

/// How the market's own time follows the clock on the wall: faster, or not at all.
struct MarketPace: Sendable {
  /// Market seconds per second.
  var speed: Ratio
  var isPaused = false
  /// The market's own time.
  private(set) var time: Timestamp
  private var lastLook: Timestamp
  private var lastStamp: Timestamp

  init(speed: Ratio, start: Timestamp, now: Timestamp) {
    self.speed = speed
    time = start
    lastLook = now
    lastStamp = now
  }

  /// Follows the wall. A clock that was set back moves nothing.
  mutating func follow(to now: Timestamp) {
    let elapsed = max(.zero, now - lastLook)
    lastLook = now
    guard !isPaused else { return }
    time = time + Self.scaled(elapsed, by: speed.wideCount, over: Ratio.one.wideCount)
  }

  /// Lets the market run ahead of the wall a little, so that a change shows at once.
  mutating func push(by step: Duration) { time = time + step }

  /// When something that happened at `marketTime` is told to have happened: never before what was
  /// told earlier, never in the future.
  mutating func stamp(_ marketTime: Timestamp, now: Timestamp) -> Timestamp {
    let behind = max(.zero, time - marketTime)
    let told = now - Self.scaled(behind, by: Ratio.one.wideCount, over: speed.wideCount)
    lastStamp = min(now, max(lastStamp, told))
    return lastStamp
  }

  private static func scaled(_ duration: Duration, by factor: Int128, over base: Int128) -> Duration
  {
    let nanoseconds = Int128(duration.wholeNanoseconds) * factor / max(1, base)
    return .nanoseconds(Int64(clamping: nanoseconds))
  }
}
