import EngineCore
import TradingModel

/// Looks every `interval`, a second unless said otherwise, whether a hand put
/// `trading_disabled.flag` there or took it away, and whether another program wrote `panic.lock`.
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
    var said: FlagFile??
    while !Task.isCancelled {
      let flag = await store.readFlag()
      if said != .some(flag) {
        post(.flagFile(present: flag != nil, reason: flag?.reason ?? ""))
        said = .some(flag)
      }
      // Told every time: the engine knows which it has obeyed.
      if let panic = await store.readPanicLock() { post(.panicFile(panic)) }
      do { try await clock.sleep(for: interval) } catch { return }
    }
  }
}
