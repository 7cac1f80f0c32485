import Binance
import Bybit
import Foundation
import TradingModel
import Transport

/// Judges liquidations and sends what they lead to, on the loop's thread: frame, rule, size,
/// signature and socket share it, as in the program.
actor SignalDesk {
  private var rule: SignalRule
  private let orders: BybitOrders
  private let clock: SpacedClock
  private let executor: any SerialExecutor
  private let frames = BinanceFrames()

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ setup: BybitSetup, rule: SignalRule, socket: BybitTradeSocket? = nil) {
    self.rule = rule
    orders = BybitOrders(rest: setup.rest, socket: socket)
    clock = setup.clock
    executor = setup.thread.executor
  }

  /// Goes through the frames one after the other.
  /// - Returns: For each order, when its frame was taken up (`Stopwatch.wall`).
  func run(_ texts: [[UInt8]]) async throws -> [Int64] {
    var starts: [Int64] = []
    for text in texts {
      let start = Stopwatch.wall
      var event: Liquidation?
      try text.withUnsafeBytes { bytes in
        try frames.liquidations(in: bytes) { event = $0 }
      }
      guard let event, let order = try rule.order(for: event) else { continue }
      clock.jump()
      _ = try await orders.place(order)
      starts.append(start)
    }
    return starts
  }

  /// What the stream tells, on the loop. The order leaves as the loop's next job, as in the program.
  func take(_ liquidation: Liquidation) {
    do {
      guard let order = try rule.order(for: liquidation) else { return }
      clock.jump()
      Task { await self.place(order) }
    } catch {
      Self.complain("no size for \(liquidation.symbol): \(error)")
    }
  }

  private func place(_ order: OrderRequest) async {
    do throws(VenueError) {
      _ = try await orders.place(order)
    } catch {
      Self.complain("\(order.symbol) was not placed: \(error)")
    }
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data("Benchmarks: \(text)\n".utf8))
  }
}
