import TradingModel

/// The day's stop, judged by the venue's equity and the baseline that is written down.
struct DayLimitsFire: Invariant {
  static let name = "day-stop-fires"
  static let sentence =
    "When the day has lost more than its stop for a while, the stop has fired: it is written down."

  /// A reading every five seconds, the transfers before it, and the writing.
  private static let allowed = Duration.seconds(45)
  /// Past the limit by this share of it, so that a flicker at the edge is none.
  private static let margin = 0.002
  private let stop: Double
  private static let pace = Duration.seconds(8)
  private var since: Timestamp?
  private var nextAt = Timestamp(nanoseconds: 0)

  init(_ plan: DayPlan) { stop = Double(plan.engine.risk.limits.dayStop.count) / 1e8 }

  mutating func look(at day: BotDay) -> String? {
    guard day.now >= nextAt else { return nil }
    nextAt = day.now + Self.pace
    guard day.isBotAlive, let baseline = day.store.baseline(of: day.clock.now.day),
      !baseline.hasStopped, baseline.equity > .zero, day.clock.offset == .zero,
      day.now - day.venue.lastTransferAt > .minutes(3)
    else {
      since = nil
      return nil
    }
    let equity = day.venue.paper.wallet(at: day.venue.now).equity
    let result =
      Double(equity.wideCount) / Double(baseline.equity.wideCount) - 1
    guard result < stop - Self.margin, day.calmFor > .seconds(1) else {
      since = nil
      return nil
    }
    let began = since ?? day.now
    since = began
    guard day.now - max(began, day.now - day.calmFor) > Self.allowed else { return nil }
    return "the day is at \(Int(result * 10_000)) basis points since \(began.clockText), "
      + "its stop is \(Int(stop * 10_000)), its baseline \(baseline.equity)"
  }
}
