import ChatOps
import TradingModel

/// What this process is there for.
enum BotRole: Sendable {
  /// The one that trades.
  /// - Parameter guardWatch: Sees how the guard stands; nil where none is expected.
  /// - Parameter loopingStarts: So many starts within ten minutes that it comes up paused.
  case main(guardWatch: GuardWatch? = nil, loopingStarts: Int? = nil)
  /// The guard, while the main process is not there.
  case standIn(StandIn)

  /// What the guard brings along.
  struct StandIn: Sendable {
    /// Why the main process is not there, and whether it is being started again.
    let ending: MainEnding
    let isRestarting: Bool
    /// Since then it has had the chat.
    let since: Timestamp
    /// What was read before it was needed.
    let instruments: [Instrument]
    /// By which others see that the guard goes on.
    let beat: @Sendable () -> Void
    let clock: any WallClock
  }

  var isStandIn: Bool { if case .standIn = self { true } else { false } }

  /// What is called on every tick of the engine, instead of the main process's heartbeat.
  var beat: (@Sendable () -> Void)? { if case .standIn(let part) = self { part.beat } else { nil } }

  /// How the guard stands, for the screens.
  var sight: @Sendable () -> GuardSight? {
    switch self {
    case .main(let watch, _): { watch?.sight }
    case .standIn(let part): { .hasTheChat(part.clock.now - part.since) }
    }
  }
}
