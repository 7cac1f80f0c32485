import Bybit
import TradingModel

/// Places one order after the other from the loop's thread, as the order desk does.
actor OrderHand {
  private let orders: BybitOrders
  private let clock: SpacedClock
  private let executor: any SerialExecutor
  private var numbers = ClientOrderIDs(boot: 1)

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ setup: BybitSetup, socket: BybitTradeSocket?) {
    orders = BybitOrders(rest: setup.rest, socket: socket)
    clock = setup.clock
    executor = setup.thread.executor
  }

  /// The time from the call to the venue's answer in our hands, order by order.
  func place(_ count: Int) async throws(VenueError) -> Samples {
    var samples = Samples(capacity: count)
    for _ in 0..<count {
      clock.jump()
      let order = OrderRequest(
        id: numbers.next(for: .engine(.liquidation)), symbol: Symbol(venueName: "BTCUSDT"),
        side: .buy,
        quantity: Quantity(uncheckedCount: 10_000_000),
        stop: Price(uncheckedCount: 6_000_000_000_000))
      let start = Stopwatch.wall
      _ = try await orders.place(order)
      samples.note(Stopwatch.wall - start)
    }
    return samples
  }
}
