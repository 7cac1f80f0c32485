import EngineCore
import Synchronization
import TradingModel

/// Where everything that happens waits for the engine. Any thread may post, and never waits.
///
/// Three lanes: what people, the account, answers and links say comes first, in order and never
/// dropped; then the clock, of which only the latest tick counts; then the market, bounded.
final class Inbox: Sendable {
  private struct State {
    var urgent = Fifo<EngineEvent>()
    var tick: EngineEvent?
    var market: MarketLane
    /// A wake-up is on its way, or the reader is at work.
    var isReaderAwake = false
  }

  private let state: Mutex<State>
  private let waker: AsyncStream<Void>.Continuation

  /// An element whenever something may wait. One listener.
  let wakes: AsyncStream<Void>

  /// - Parameter marketCapacity: How many prints, and how many tickers, wait at most.
  init(marketCapacity: Int = 4096) {
    state = Mutex(State(market: MarketLane(capacity: marketCapacity)))
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func post(_ event: EngineEvent) {
    let mustWake = state.withLock { state in
      switch event.body {
      case .market(let body): state.market.append(body, at: event.time)
      case .tick: state.tick = event
      default: state.urgent.append(event)
      }
      defer { state.isReaderAwake = true }
      return !state.isReaderAwake
    }
    if mustWake { wake() }
  }

  /// The next event to handle; nil when nothing waits.
  func take() -> EngineEvent? {
    state.withLock { state in
      if let event = state.urgent.popFirst() { return event }
      if let tick = state.tick {
        state.tick = nil
        return tick
      }
      if let event = state.market.popFirst() { return event }
      state.isReaderAwake = false
      return nil
    }
  }

  /// Wakes the reader though nothing was posted.
  func wake() { waker.yield() }

  /// How many wait.
  var depth: Int {
    state.withLock { $0.urgent.count + $0.market.count + ($0.tick == nil ? 0 : 1) }
  }

  /// Market events that had to go because there was no room, since the start.
  var droppedCount: Int { state.withLock { $0.market.droppedCount } }
}
