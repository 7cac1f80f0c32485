import EngineCore
import Risk
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Engine

/// What the desk sends leaves on its own thread, in the order in which it was asked for.
@Suite(.timeLimit(.minutes(1)))
struct NoHopTests {
  /// Notes what it is handed, and whether on the desk's thread.
  private final class Gate: OrderGateway {
    let refusesUsedIDs = true
    private let executor: QueueExecutor
    private let state = Mutex<[(id: String, isOnThread: Bool)]>([])

    init(_ executor: QueueExecutor) { self.executor = executor }

    var seen: [(id: String, isOnThread: Bool)] { state.withLock { $0 } }

    private func note(_ id: String) {
      let isOnThread = executor.isCurrent
      state.withLock { $0.append((id, isOnThread)) }
    }

    nonisolated(nonsending) func place(_ order: OrderRequest) async throws(VenueError) -> String {
      note(order.id.text)
      await Task.yield()
      return "v"
    }

    nonisolated(nonsending) func cancel(_ order: OrderReference) async throws(VenueError) {
      note("cancel")
    }

    nonisolated(nonsending) func cancelAll(
      symbol: Symbol?, keepingProtection: Bool
    ) async throws(VenueError) -> Int {
      note("cancelAll")
      return 0
    }

    nonisolated(nonsending) func protect(_ change: ProtectionChange) async throws(VenueError) {
      note("protect")
    }

    nonisolated(nonsending) func setLeverage(
      _ leverage: Ratio, for symbol: Symbol
    ) async throws(VenueError) {}

    nonisolated(nonsending) func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {}
  }

  /// Someone on the same thread: the engine's loop.
  private actor Loop {
    private let thread: EngineThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.unownedExecutor }

    init(_ thread: EngineThread) { self.thread = thread }

    /// - Returns: How many had reached the venue before anything waited.
    func reduce(_ orders: [ReducingOrder], by desk: OrderDesk, count: () -> Int) async -> Int {
      await withDiscardingTaskGroup { group in
        for order in orders {
          group.addImmediateTask {
            _ = self
            _ = await desk.reduce(order)
          }
        }
        return count()
      }
    }
  }

  @Test func `fifty closes are with the venue's client before the thread does anything else`()
    async throws
  {
    let clock = ManualClock()
    let executor = QueueExecutor()
    let thread = EngineThread(executor: executor) { executor.isCurrent }
    let gate = Gate(executor)
    let desk = OrderDesk(
      gateway: gate, reader: ScriptedVenue(clock: clock, chronicle: Chronicle()),
      journal: ScriptedJournal(), clock: clock, thread: thread)
    let orders = (1...50 as ClosedRange<UInt64>).map { ReducingOrder.example($0) }
    let count = await Loop(thread).reduce(orders, by: desk) { gate.seen.count }
    #expect(count == 50)
    #expect(gate.seen.map(\.id) == orders.map(\.request.id.text))
    #expect(gate.seen.allSatisfy { $0.isOnThread })
  }

  @Test func `a cancellation and a stop leave there, too`() async throws {
    let clock = ManualClock()
    let executor = QueueExecutor()
    let gate = Gate(executor)
    let desk = OrderDesk(
      gateway: gate, reader: ScriptedVenue(clock: clock, chronicle: Chronicle()),
      journal: ScriptedJournal(), clock: clock,
      thread: EngineThread(executor: executor) { executor.isCurrent })
    _ = await desk.cancelAll(symbol: nil, keepingProtection: true)
    _ = await desk.cancel(OrderReference(symbol: "BTCUSDT", venueID: "v"))
    #expect(gate.seen.map(\.id) == ["cancelAll", "cancel"])
    #expect(gate.seen.allSatisfy { $0.isOnThread })
  }
}
