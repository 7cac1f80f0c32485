import Logging
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// Orders over the loopback Bybit's trade connection, and its books.
@Suite(.timeLimit(.minutes(1)))
struct LoopbackTradeTests {
  /// Runs `body` with a world that serves and a gateway whose trade connection is up.
  private func trading(
    _ body: @Sendable (LoopbackWorld, BybitREST, BybitOrders, BybitTradeSocket) async throws -> Void
  ) async throws {
    let http = CurlHTTPClient()
    try await LoopbackWorld.serving(
      LoopbackOptions(paper: PaperSettings(balance: "10000")), clock: ManualClock(),
      chance: SeededRandom(seed: 1)
    ) { world in
      let thread = EventLoopThread()
      let log = Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }
      let keys = BybitKeys(
        key: Secret(world.addresses.apiKey), secret: Secret(world.addresses.apiSecret))
      let settings = Bybit.BybitSettings(
        restURL: world.addresses.bybitREST, webSocketURL: world.addresses.bybitStreams)
      let rest = try BybitREST(
        http: http, settings: settings, keys: keys, clock: world.clock, log: log)
      let made = BybitTradeSocket(
        settings: settings, keys: keys, clockOffset: { rest.clockOffset },
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: world.clock, chance: SeededRandom(seed: 2), log: log)
      let socket = try #require(made)
      let running = Task { await socket.run { _ in } }
      await socket.waitUntilUp()
      do {
        try await body(world, rest, BybitOrders(rest: rest, socket: socket), socket)
      } catch {
        running.cancel()
        throw error
      }
      running.cancel()
      await running.value
      await thread.shutdown()
    }
    await http.shutdown()
  }

  private func order(
    _ id: String, _ symbol: Symbol = "BTCUSDT", quantity: Quantity = "0.01",
    kind: OrderKind = .market
  ) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(id), symbol: symbol, side: .buy, quantity: quantity, kind: kind)
  }

  @Test func `an entry over the connection is a position, and closes by a batch`() async throws {
    try await trading { _, rest, orders, _ in
      let id = try await orders.place(order("liq-1-1"))
      #expect(try await rest.order(ClientOrderID("liq-1-1"), symbol: "BTCUSDT")?.venueID == id)
      #expect(try await rest.positions().map(\.quantity) == ["0.01"])
      var close = order("risk-1-2")
      close.side = .sell
      close.reduceOnly = true
      var tooMuch = order("risk-1-3", "ETHUSDT", quantity: "1")
      tooMuch.reduceOnly = true
      let outcomes = await orders.place(all: [OrderTicket(close), OrderTicket(tooMuch)])
      #expect((try? outcomes[0].get()) != nil)
      guard case .failure(.rejected(let rejection)) = outcomes[1] else {
        return #expect(Bool(false), "\(outcomes[1])")
      }
      #expect(rejection.meaning == .reduceOnlyRefused)
      #expect(try await rest.positions() == [])
    }
  }

  @Test func `a resting order is amended and cancelled over the connection`() async throws {
    try await trading { _, rest, orders, _ in
      let resting = order("liq-1-1", kind: .limit("50000", .goodTillCancelled))
      let reference = OrderReference(
        symbol: "BTCUSDT", venueID: try await orders.place(resting))
      try await orders.amend(OrderChange(reference, price: "51000"))
      #expect(try await rest.openOrders().map(\.kind) == [.limit("51000", .goodTillCancelled)])
      try await orders.cancel(reference)
      try await orders.cancel(reference)
      #expect(try await rest.openOrders() == [])
    }
  }

  @Test func `an answer that is cut off leaves an order to be found, and the next goes by REST`()
    async throws
  {
    try await trading { world, rest, orders, socket in
      world.faults.add(FaultRule(service: "bybit_stream", endpoint: "order.create", Fault("cut")))
      await #expect(throws: VenueError.outcomeUnknown) {
        try await orders.place(order("liq-1-1"))
      }
      #expect(
        try await rest.order(ClientOrderID("liq-1-1"), symbol: "BTCUSDT")?.status == .filled)
      await socket.waitUntilDown()
      _ = try await orders.place(order("liq-1-2"))
      #expect(try await rest.positions().map(\.quantity) == ["0.02"])
    }
  }

  @Test func `a refusal over the connection has the venue's code`() async throws {
    try await trading { _, _, orders, _ in
      _ = try await orders.place(order("liq-1-1"))
      do throws(VenueError) {
        _ = try await orders.place(order("liq-1-1"))
        #expect(Bool(false))
      } catch {
        guard case .rejected(let rejection) = error else { return #expect(Bool(false), "\(error)") }
        #expect(rejection.meaning == .duplicateID)
      }
    }
  }

  @Test func `books follow the market over the loopback's streams`() async throws {
    let time = ManualClock()
    try await LoopbackWorld.serving(
      LoopbackOptions(paper: PaperSettings(balance: "10000")), clock: time,
      chance: SeededRandom(seed: 1)
    ) { world in
      let listener = BookListener()
      var listening = Listening(clock: time)
      listening.account = false
      listening.feeds = PublicFeeds(trades: true, book: .fifty, candles: [.oneMinute])
      listening.listener = listener
      try await listening.to(world.addresses.bybitStreams) { streams in
        streams.follow(["BTCUSDT"])
        await listening.book.chronicle.wait(for: "ticker BTCUSDT")
        while !listener.chronicle.lines.contains(where: { $0.hasPrefix("book BTCUSDT") }),
          !Task.isCancelled
        { await Task.yield() }
        streams.unfollow(["BTCUSDT"])
        #expect(streams.frameCounts.malformed == 0)
      }
    }
  }
}
