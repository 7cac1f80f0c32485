import Simulation
import Synchronization
import TestSupport
import Testing
import TradingModel

struct PaperExchangeTests {
  private let clock = ManualClock()

  private func exchange() async -> PaperExchange {
    let exchange = PaperExchange(
      settings: PaperSettings(), instruments: [.example()], prices: .bybit, clock: clock)
    await see("64000", on: .bybit, exchange)
    return exchange
  }

  private func see(_ price: Price, on venue: Venue, _ exchange: PaperExchange) async {
    await exchange.take(
      .ticker(
        Ticker(
          venue: venue, symbol: btc, last: price, mark: price, bid: price, ask: price, time: .noon)
      ))
  }

  private func entry(_ id: String) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(id), symbol: btc, side: .buy, quantity: "0.1", stop: "63000",
      target: "66000")
  }

  @Test func `an entry is filled, guarded, stopped out, and told in order`() async throws {
    let exchange = await exchange()
    let told = Mutex<[VenueEvent]>([])
    let running = Task { await exchange.run { event in told.withLock { $0.append(event) } } }
    while clock.sleeperCount == 0 { await Task.yield() }

    let venueID = try await exchange.place(entry("liq-1-1"))
    let reading = try await exchange.readAccount()
    #expect(reading.positions.first?.stop == "63000")
    #expect(reading.orders.map(\.role) == [.stop, .target])
    #expect(try await exchange.order(ClientOrderID("liq-1-1"), symbol: btc)?.venueID == venueID)

    await see("60000", on: .binance, exchange)  // Another venue's price fills nothing.
    #expect(try await exchange.readAccount().positions.count == 1)
    await see("62900", on: .bybit, exchange)
    #expect(try await exchange.readAccount().positions.isEmpty)
    #expect(try await exchange.fills(since: .noon).map(\.role) == [.placed, .stop])
    running.cancel()
    await running.value

    let events = told.withLock { $0 }
    #expect(events.first == .link(.account, isUp: true, detail: "paper"))
    #expect(events.last == .link(.account, isUp: false, detail: "stopped"))
    let fills = events.compactMap { event in
      if case .account(.fill(let fill)) = event { fill } else { nil }
    }
    #expect(fills.map(\.side) == [.buy, .sell])
    #expect(
      events.contains {
        if case .account(.position(PositionKey(btc), nil, _)) = $0 { true } else { false }
      })
  }

  @Test func `what stands already is success, what is refused keeps its code`() async throws {
    let exchange = await exchange()
    try await exchange.setIsolatedMargin(for: btc)
    try await exchange.setLeverage("10", for: btc)
    try await exchange.cancel(OrderReference(symbol: btc, id: ClientOrderID("gone")))
    _ = try await exchange.place(entry("liq-1-1"))
    let change = ProtectionChange(
      key: PositionKey(btc), side: .long, stop: "63000", target: "66000")
    try await exchange.protect(change)
    do {
      _ = try await exchange.place(entry("liq-1-1"))
      Issue.record("taken twice")
    } catch {
      guard case .rejected(let rejection) = error else { throw error }
      #expect(rejection.code == 110072 && rejection.meaning == .duplicateID)
    }
  }

  @Test func `on Binance's prices it refuses in Binance's words and keeps Binance's rules`()
    async throws
  {
    var settings = PaperSettings.binance
    settings.marginMode = .isolated
    let exchange = PaperExchange(
      settings: settings, instruments: [.example()], prices: .binance, clock: clock)
    await see("64000", on: .binance, exchange)
    #expect(!exchange.refusesUsedIDs)
    try await exchange.setIsolatedMargin(for: btc)
    func code(_ order: OrderRequest) async -> Int? {
      do throws(VenueError) {
        _ = try await exchange.place(order)
        return nil
      } catch {
        guard case .rejected(let rejection) = error else { return 0 }
        return rejection.code
      }
    }
    var order = entry("liq-1-1")
    order.quantity = "0.0001"
    #expect(await code(order) == -4023)
    order.quantity = "100"
    #expect(await code(order) == -2019)
    var close = OrderRequest(
      id: ClientOrderID("rsk-1-1"), symbol: btc, side: .sell, quantity: "0.1", reduceOnly: true)
    #expect(await code(close) == -2022)
    #expect(await code(entry("liq-1-1")) == nil)
    close.id = ClientOrderID("rsk-1-2")
    #expect(await code(close) == nil)
    // An id is free again when its order has ended.
    #expect(await code(entry("liq-1-1")) == nil)
  }
}
