import Logging
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Binance
@testable import Transport

/// An order that is placed on the loop leaves on it, also by the port that the desk knows.
@Suite(.timeLimit(.minutes(1)))
struct NoHopTests {
  /// Writes down whether it was asked on the loop's thread, and refuses.
  private final class Watch: HTTPClient {
    private let thread: EventLoopThread
    private let calls = Mutex<[Bool]>([])

    init(_ thread: EventLoopThread) { self.thread = thread }

    var seen: [Bool] { calls.withLock { $0 } }

    nonisolated(nonsending)
      func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
    {
      calls.withLock { $0.append(thread.loop.inEventLoop) }
      throw .connect("nobody there")
    }
  }

  /// Somebody who lives on the loop, as the order desk does.
  private actor Resident {
    private let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ executor: any SerialExecutor) { self.executor = executor }

    func place(_ order: OrderRequest, by gateway: any OrderGateway) async throws {
      _ = try await gateway.place(order)
    }
  }

  @Test func `an order of the loop is handed to the HTTP client on the loop`() async throws {
    let thread = EventLoopThread()
    let watch = Watch(thread)
    let rest = try BinanceREST(
      http: watch, settings: BinanceSettings(webSocketURL: "", restURL: "http://127.0.0.1:1"),
      keys: try BinanceKeys(key: Secret("key"), secret: Secret("secret")), clock: ManualClock(),
      log: Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() })
    await #expect(throws: VenueError.self) {
      try await Resident(thread.executor).place(
        OrderRequest(id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "0.1"),
        by: rest)
    }
    #expect(watch.seen == [true])
    await thread.shutdown()
  }
}
