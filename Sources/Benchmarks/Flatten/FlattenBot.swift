import Bybit
import Engine
import EngineCore
import Foundation
import Journal
import Logging
import TradingModel
import Transport

/// The program from the button to the wire: engine, desk, reconciler, journal and Bybit's client, wired
/// as in the program, with a journal of its own in a temporary folder. No chat and no streams.
struct FlattenBot {
  let account: WatchedAccount
  private let setup: BybitSetup
  private let loop: EngineLoop
  private let journal: Journal
  private let folder: URL

  /// - Parameter ordersPerSecond: What the account may.
  init(port: Int, ordersPerSecond: Int) throws {
    setup = try BybitSetup(
      port: port, readings: KitReadings(port: port), ordersPerSecond: ordersPerSecond)
    folder = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-bench-\(UUID().uuidString)")
    let clock = setup.clock
    journal = try Journal(
      JournalSettings(path: folder.appending(path: "journal.sqlite").path), clock: clock)
    account = WatchedAccount(setup.rest)
    let eventLoop = setup.thread.loop
    let thread = EngineThread(executor: setup.thread.executor) { eventLoop.inEventLoop }
    loop = EngineLoop(
      engine: TradingEngine(
        settings: EngineSettings(
          venue: .bybit, signalVenue: .binance, environment: .loopback, isLive: false)),
      desk: OrderDesk(
        gateway: BybitOrders(rest: setup.rest, socket: nil), reader: account, journal: journal,
        clock: clock, thread: thread),
      reconciler: Reconciler(reader: account, clock: clock, log: setup.log), journal: journal,
      stateFiles: StateFiles(StateFilePaths(directory: folder.path), clock: clock), clock: clock,
      thread: thread, log: setup.log)
  }

  /// Runs the bot while `body` runs, and takes away what it wrote.
  func running<Value>(_ body: (EngineCommandBus) async throws -> Value) async throws -> Value {
    let engine = Task { await loop.run() }
    let writer = Task { await journal.run { _ in } }
    var restored = RestoredState()
    restored.boot = 1
    loop.post(.restored(restored))
    loop.post(.clockSkew(.zero))
    loop.post(.instruments(try await setup.rest.instruments()))
    let value = try await body(EngineCommandBus(loop))
    loop.stop()
    await engine.value
    writer.cancel()
    await writer.value
    await setup.shutdown()
    try journal.close()
    try FileManager.default.removeItem(at: folder)
    return value
  }
}
