import EngineCore
import Logging
import TradingModel

/// Measures how far the venue's clock is from ours: at the start, every ten minutes, every minute
/// while it is far off, and when the venue refuses our time.
public struct ClockWatch: Sendable {
  static let interval = Duration.minutes(10)
  /// Between two measurements, however often they are asked for.
  static let shortestInterval = Duration.seconds(10)
  /// While the clocks are further apart than this they are compared more often.
  static let suspicious = Duration.milliseconds(500)
  static let suspiciousInterval = Duration.minutes(1)
  static let roundTrips = 5
  static let roundTripDeadline = Duration.seconds(5)

  private let market: any MarketReader
  private let clock: any WallClock
  private let log: Logger
  private let onRoundTrip: @Sendable (Duration) -> Void
  private let requests: AsyncStream<Void>
  private let requester: AsyncStream<Void>.Continuation

  /// - Parameter onRoundTrip: How long a request to the venue took, each time one was answered.
  public init(
    market: any MarketReader, clock: any WallClock, log: Logger,
    onRoundTrip: @escaping @Sendable (Duration) -> Void = { _ in }
  ) {
    self.onRoundTrip = onRoundTrip
    self.market = market
    self.clock = clock
    self.log = log
    (requests, requester) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Asks for a measurement soon. Any thread may call it.
  public func measureSoon() { requester.yield() }

  /// Measures until cancelled.
  public func run(post: @escaping @Sendable (EngineEvent.Body) -> Void) async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        while !Task.isCancelled {
          requester.yield()
          do { try await clock.sleep(for: Self.interval) } catch { return }
        }
      }
      for await _ in requests {
        if let skew = await measure() {
          post(.clockSkew(skew))
          if skew.magnitude > Self.suspicious {
            group.addTask {
              do { try await clock.sleep(for: Self.suspiciousInterval) } catch { return }
              requester.yield()
            }
          }
        }
        do { try await clock.sleep(for: Self.shortestInterval) } catch { break }
      }
      group.cancelAll()
    }
  }

  /// The venue's clock less ours: the median of five round trips; nil when fewer than three worked.
  ///
  /// The venue is taken to have answered in the middle of each.
  func measure() async -> Duration? {
    var skews: [Duration] = []
    for _ in 1...Self.roundTrips {
      let start = clock.now
      let result = await limited(until: start + Self.roundTripDeadline, on: clock) {
        [market] () async throws(VenueError) in try await market.serverTime()
      }
      switch result {
      case .success(let venueTime):
        let roundTrip = clock.now - start
        skews.append(venueTime - (start + roundTrip / 2))
        onRoundTrip(roundTrip)
      case .failure(let error):
        log.debug("venue time not read", metadata: ["error": "\(error)"])
      }
    }
    guard skews.count >= 3 else { return nil }
    return skews.sorted()[skews.count / 2]
  }
}
