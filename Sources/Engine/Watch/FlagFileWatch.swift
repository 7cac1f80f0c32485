import EngineCore
import TradingModel

/// Looks every `interval`, a second unless said otherwise, whether a hand put
/// `trading_disabled.flag` there or took it away, the bot's own, too, and whether another program wrote
/// `panic.lock`.
public struct FlagFileWatch: Sendable {
  public static let interval = Duration.seconds(1)

  private let store: any StateFileStore
  private let clock: any WallClock
  private let interval: Duration

  public init(
    store: any StateFileStore, clock: any WallClock,
    interval: Duration = FlagFileWatch.interval
  ) {
    self.store = store
    self.clock = clock
    self.interval = interval
  }

  /// Watches until cancelled. Tells what it finds first, and then every change.
  public func run(post: @escaping @Sendable (EngineEvent.Body) -> Void) async {
    var seen: Sight?
    while !Task.isCancelled {
      let sight = await look()
      // The bot's own is no news, unless it took the place of a hand's.
      if sight != seen, sight != .ours || seen?.hand != nil {
        post(.flagFile(present: sight.hand != nil, reason: sight.hand?.reason ?? ""))
      }
      seen = sight
      // Told every time: the engine knows which it has obeyed.
      if let panic = await store.readPanicLock() { post(.panicFile(panic)) }
      do { try await clock.sleep(for: interval) } catch { return }
    }
  }

  private enum Sight: Equatable {
    case none, ours
    case byHand(FlagFile)

    var hand: FlagFile? { if case .byHand(let flag) = self { flag } else { nil } }
  }

  private func look() async -> Sight {
    guard let flag = await store.readFlag() else { return .none }
    return flag.isOurs ? .ours : .byHand(flag)
  }
}
