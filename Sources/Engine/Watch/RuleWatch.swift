import Logging
import TradingModel

/// Reads the venue's contracts: at the start, every hour, and when an order broke a rule of one.
public struct RuleWatch: Sendable {
  static let interval = Duration.hours(1)
  /// Between two readings, however often they are asked for: an entry that was refused for an old rule
  /// waits ten seconds for the new one.
  static let shortestInterval = Duration.seconds(4)
  /// Before the second try of a reading that failed; doubles up to `longestRetry`.
  static let firstRetry = Duration.seconds(1)
  static let longestRetry = Duration.seconds(30)
  static let deadline = Duration.seconds(30)

  private let market: any MarketReader
  private let clock: any WallClock
  private let log: Logger
  private let requests: AsyncStream<Void>
  private let requester: AsyncStream<Void>.Continuation

  public init(market: any MarketReader, clock: any WallClock, log: Logger) {
    self.market = market
    self.clock = clock
    self.log = log
    (requests, requester) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Asks for a reading soon. Any thread may call it.
  public func readSoon() { requester.yield() }

  /// Reads until cancelled.
  /// - Parameter take: Told every list that was read, whole.
  public func run(take: @escaping @Sendable ([Instrument]) async -> Void) async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        while !Task.isCancelled {
          requester.yield()
          do { try await clock.sleep(for: Self.interval) } catch { return }
        }
      }
      for await _ in requests {
        guard let instruments = await read() else { break }
        await take(instruments)
        do { try await clock.sleep(for: Self.shortestInterval) } catch { break }
      }
      group.cancelAll()
    }
  }

  /// The list, after as many tries as it takes; nil when cancelled.
  private func read() async -> [Instrument]? {
    var wait = Self.firstRetry
    while !Task.isCancelled {
      let result = await limited(until: clock.now + Self.deadline, on: clock) {
        [market] () async throws(VenueError) in try await market.instruments()
      }
      switch result {
      case .success(let instruments): return instruments
      // An interface out of reach tells so itself.
      case .failure(.unreachable): break
      case .failure(let error):
        log.warning(
          "can't read the venue's contracts, trying again",
          metadata: ["error": "\(error)", "retry_in": "\(wait)"])
      }
      do { try await clock.sleep(for: wait) } catch { return nil }
      wait = min(wait * 2, Self.longestRetry)
    }
    return nil
  }
}
