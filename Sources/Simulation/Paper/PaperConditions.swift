import TradingModel

/// How bad the line to the paper venue is. The default is a perfect one.
public struct PaperConditions: Sendable, Hashable {
  /// How long a request is under way before the venue hears it.
  public var latency: Duration
  /// At most so much more, by chance.
  public var jitter: Duration
  /// So many requests do not get through: nothing happens, and the caller knows it.
  public var failureShare: Ratio
  /// So many requests that change something are carried out, and their answer is lost.
  public var lostAnswerShare: Ratio

  public static let perfect = PaperConditions()

  public init(
    latency: Duration = .zero, jitter: Duration = .zero, failureShare: Ratio = .zero,
    lostAnswerShare: Ratio = .zero
  ) {
    self.latency = latency
    self.jitter = jitter
    self.failureShare = failureShare
    self.lostAnswerShare = lostAnswerShare
  }
}

/// The line to the paper venue: its conditions, and the chance that decides each request.
struct PaperLine: Sendable {
  let conditions: PaperConditions
  let chance: any RandomSource
  let clock: any WallClock

  /// The way there.
  /// - Throws: `unreachable` for what does not get through; `outcomeUnknown` when the caller gives up
  ///   on the way: nothing has happened then, but it can't know.
  func travel() async throws(VenueError) {
    var wait = conditions.latency
    let most = conditions.jitter.wholeNanoseconds
    if most > 0 { wait += .nanoseconds(Int64(clamping: draw(below: UInt64(most) + 1))) }
    if wait > .zero {
      do { try await clock.sleep(for: wait) } catch { throw .outcomeUnknown }
    }
    if happens(conditions.failureShare) {
      throw .unreachable("lost on the way, as paper.failure_pct asks")
    }
  }

  /// The way back of a request that was carried out.
  func bringAnswer() throws(VenueError) {
    if happens(conditions.lostAnswerShare) { throw .outcomeUnknown }
  }

  private func happens(_ share: Ratio) -> Bool {
    guard share > .zero else { return false }
    return draw(below: UInt64(Ratio.one.count)) < UInt64(clamping: share.count)
  }

  /// One draw, whatever it is: what a share of 2⁶⁴ is off does not show.
  private func draw(below bound: UInt64) -> UInt64 {
    chance.next().multipliedFullWidth(by: bound).high
  }
}
