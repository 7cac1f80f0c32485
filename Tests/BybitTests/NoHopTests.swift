import Logging
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Bybit
@testable import Transport

/// An order that is placed on the loop leaves on it: the way to the wire takes no other thread.
@Suite(.timeLimit(.minutes(1)))
struct NoHopTests {
  /// Writes down whether it was asked for the time on the loop's thread.
  private final class Watch: WallClock {
    private let thread: EventLoopThread
    private let state = Mutex<[Bool]>([])

    init(_ thread: EventLoopThread) { self.thread = thread }

    var seen: [Bool] { state.withLock { $0 } }
    func forget() { state.withLock { $0 = [] } }

    var now: Timestamp {
      state.withLock { $0.append(thread.loop.inEventLoop) }
      return .noon
    }

    func sleep(until deadline: Timestamp) async throws {
      try await Task.sleep(for: .seconds(3600))
    }
  }

  /// Somebody who lives on the loop, as the order desk does.
  private actor Resident {
    private let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ executor: any SerialExecutor) { self.executor = executor }

    func place(_ order: OrderRequest, by orders: BybitOrders) async throws -> String {
      try await orders.place(order)
    }
  }

  @Test func `an order of the loop is written on the loop, and its answer heard there`()
    async throws
  {
    let server = TradeServer.answering { request, voice in
      voice.reply(to: request, data: ["orderId": "v1"])
    }
    try await server.serving { address in
      let thread = EventLoopThread()
      let watch = Watch(thread)
      let log = Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }
      let settings = BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: address)
      let keys = BybitKeys(key: Secret("key"), secret: Secret("secret"))
      let rest = try BybitREST(
        http: ScriptedHTTP(), settings: settings, keys: keys, clock: watch, log: log)
      let made = BybitTradeSocket(
        settings: settings, keys: keys, clockOffset: { .zero },
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: watch, chance: SeededRandom(seed: 2), log: log)
      let socket = try #require(made)
      let running = Task { await socket.run { _ in } }
      await socket.waitUntilUp()
      // The connection's own start is over.
      while watch.seen.count < 2, !Task.isCancelled { await Task.yield() }
      watch.forget()
      let id = try await Resident(thread.executor).place(
        OrderRequest(
          id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "0.1"),
        by: BybitOrders(rest: rest, socket: socket))
      #expect(id == "v1")
      #expect(watch.seen.count >= 3)
      #expect(watch.seen.allSatisfy { $0 })
      running.cancel()
      await running.value
      await thread.shutdown()
    }
  }
}
