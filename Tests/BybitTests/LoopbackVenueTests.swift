import Logging
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// The client against the loopback Bybit, over real sockets; the market stands still unless a test
/// moves it.
@Suite(.timeLimit(.minutes(1)))
struct LoopbackVenueTests {
  /// Runs `body` with a world that serves and a client that can sign.
  private func serving(
    clockError: Duration = .zero,
    _ body: @Sendable (LoopbackWorld, BybitREST, BybitKeys) async throws -> Void
  ) async throws {
    let time = ManualClock()
    let http = CurlHTTPClient()
    try await LoopbackWorld.serving(
      LoopbackOptions(paper: PaperSettings(balance: "10000")), clock: time,
      chance: SeededRandom(seed: 1)
    ) { world in
      let keys = BybitKeys(
        key: Secret(world.addresses.apiKey), secret: Secret(world.addresses.apiSecret))
      let rest = try BybitREST(
        http: http,
        settings: Bybit.BybitSettings(restURL: world.addresses.bybitREST, webSocketURL: ""),
        keys: keys,
        clock: clockError == .zero ? world.clock : ManualClock(time.now + clockError),
        log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
      try await body(world, rest, keys)
    }
    await http.shutdown()
  }

  private func entry(
    _ id: String, _ symbol: Symbol = "BTCUSDT", quantity: Quantity = "0.01",
    kind: OrderKind = .market, stop: Price? = "60000", target: Price? = "70000"
  ) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(id), symbol: symbol, side: .buy, quantity: quantity, kind: kind,
      stop: stop, target: target)
  }

  private func rejection(
    _ body: () async throws(VenueError) -> Void
  ) async -> Rejection? {
    do throws(VenueError) { try await body() } catch {
      if case .rejected(let rejection) = error { return rejection }
      Issue.record(error)
    }
    return nil
  }

  @Test func `an entry leaves a position with its stop and target on the venue`() async throws {
    try await serving { _, rest, _ in
      let venueID = try await rest.place(entry("liq-1-1"))
      let account = try await rest.readAccount()
      let position = try #require(account.positions.first)
      #expect(account.positions.count == 1)
      #expect(position.key == PositionKey("BTCUSDT"))
      #expect(position.side == .long)
      #expect(position.quantity == "0.01")
      #expect((position.stop, position.target) == ("60000", "70000"))
      #expect(account.orders.map(\.role).sorted { $0.rawValue < $1.rawValue } == [.stop, .target])
      let wallet = try #require(account.wallet)
      #expect(wallet.equity < "10000" && wallet.initialMargin ?? .zero > .zero)
      let order = try await rest.order(ClientOrderID("liq-1-1"), symbol: "BTCUSDT")
      #expect(order?.venueID == venueID)
      #expect(order?.status == .filled)
      #expect(try await rest.order(ClientOrderID("liq-9-9"), symbol: "BTCUSDT") == nil)
      let fills = try await rest.fills(since: .noon - .hours(1))
      #expect(fills.map(\.orderID) == [ClientOrderID("liq-1-1")])
      #expect(fills.first?.venueOrderID == venueID)
      #expect(fills.first?.fee ?? .zero > .zero)
    }
  }

  @Test func `protection is moved, kept when all else is cancelled, and gone with the rest`()
    async throws
  {
    try await serving { _, rest, _ in
      _ = try await rest.place(entry("liq-1-1"))
      let change = ProtectionChange(
        key: PositionKey("BTCUSDT"), side: .long, stop: "61000", target: nil)
      try await rest.protect(change)
      try await rest.protect(change)
      let resting = entry(
        "liq-1-2", "ETHUSDT", quantity: "0.1", kind: .limit("2000", .goodTillCancelled),
        stop: nil, target: nil)
      _ = try await rest.place(resting)
      #expect(try await rest.cancelAll(symbol: nil, keepingProtection: true) == 1)
      var account = try await rest.readAccount()
      #expect(account.positions.map(\.stop) == ["61000"])
      #expect(account.positions.map(\.target) == ["70000"])
      #expect(account.orders.count { !$0.isProtective } == 0)
      #expect(account.orders.count == 2)
      #expect(try await rest.cancelAll(symbol: "BTCUSDT", keepingProtection: false) == 2)
      account = try await rest.readAccount()
      #expect(account.orders == [])
    }
  }

  @Test func `a stop placed by hand stays when all but protection is cancelled`() async throws {
    try await serving { _, rest, _ in
      _ = try await rest.place(entry("liq-1-1", stop: nil, target: nil))
      for (id, side, reduces) in [("hand", Side.sell, true), ("waits", .buy, false)] {
        let trigger: Price = reduces ? "50000" : "90000"
        _ = try await rest.place(
          OrderTicket(
            OrderRequest(
              id: ClientOrderID(id), symbol: "BTCUSDT", side: side, quantity: "0.01",
              reduceOnly: reduces),
            trigger: OrderTrigger(trigger, reduces ? .falls : .rises)))
      }
      #expect(try await rest.cancelAll(symbol: nil, keepingProtection: true) == 1)
      let account = try await rest.readAccount()
      #expect(account.orders.map(\.id.text) == ["hand"])
      #expect(account.orders.allSatisfy { $0.isProtective })
    }
  }

  @Test func `refusals carry the venue's code and what it means`() async throws {
    try await serving { _, rest, _ in
      _ = try await rest.place(entry("liq-1-1"))
      let cases: [(OrderRequest, Rejection.Meaning)] = [
        (entry("liq-1-1"), .duplicateID), (entry("a", quantity: "0.00001"), .badQuantity),
        (entry("b", quantity: "100"), .insufficientBalance),
        (entry("c", "NONEUSDT"), .unknownSymbol),
        (entry("d", "1000PEPEUSDT", quantity: "100", stop: nil, target: nil), .notionalTooSmall),
        (entry("e", stop: "90000"), .triggerPassed),
      ]
      for (request, meaning) in cases {
        let found = await rejection { () async throws(VenueError) in
          _ = try await rest.place(request)
        }
        #expect(found?.meaning == meaning, "\(request.id): \(found as Any)")
      }
      let flat = ProtectionChange(key: PositionKey("ETHUSDT"), side: .long, stop: "1", target: nil)
      let found = await rejection { () async throws(VenueError) in try await rest.protect(flat) }
      #expect(found?.meaning == .reduceOnlyRefused)
      try await rest.cancel(OrderReference(symbol: "BTCUSDT", venueID: "unknown"))
    }
  }

  @Test func `leverage and margin mode are set, also when they stand already`() async throws {
    try await serving { _, rest, _ in
      for _ in 0..<2 {
        try await rest.setLeverage(.times(7), for: "BTCUSDT")
        try await rest.setIsolatedMargin(for: "BTCUSDT")
      }
      #expect(rest.lastMarginMode == .isolated)
      _ = try await rest.place(entry("liq-1-1"))
      #expect(try await rest.readAccount().positions.map(\.leverage) == [.times(7)])
    }
  }

  @Test func `long lists arrive whole`() async throws {
    try await serving { world, rest, _ in
      for number in 1...60 {
        // The venue takes ten orders a second, of which entries may be seven.
        if number % 7 == 0 { world.clock.advance(by: .milliseconds(1100)) }
        _ = try await rest.place(
          entry(
            "liq-1-\(number)", quantity: "0.001", kind: .limit("50000", .goodTillCancelled),
            stop: nil, target: nil))
      }
      let account = try await rest.readAccount()
      #expect(account.orders.count == 60)
      #expect(Set(account.orders.map(\.id)).count == 60)
      #expect(try await rest.instruments().count == 9)
    }
  }

  @Test func `a clock that is off is measured, and then orders are taken`() async throws {
    try await serving(clockError: .seconds(-40)) { world, rest, _ in
      await #expect(throws: VenueError.self) { try await rest.place(entry("liq-1-1")) }
      _ = try await rest.place(entry("liq-1-1"))
      #expect(abs(rest.clockOffset.wholeMilliseconds - 40_000) < 2_000)
      #expect(try await rest.readAccount().positions.count == 1)
    }
  }

  @Test func `an order whose answer is lost is found by its id`() async throws {
    try await serving { world, rest, _ in
      world.faults.add(
        FaultRule(service: "bybit", endpoint: "order/create", Fault("close_before")))
      await #expect(throws: VenueError.outcomeUnknown) { try await rest.place(entry("liq-1-1")) }
      let order = try await rest.order(ClientOrderID("liq-1-1"), symbol: "BTCUSDT")
      #expect(order?.status == .filled)
    }
  }

  @Test func `the stream tells of an entry, its stop and its end, in order`() async throws {
    try await serving { world, rest, keys in
      let listening = Listening(keys: keys)
      try await listening.to(world.addresses.bybitStreams) { streams in
        streams.follow(["BTCUSDT"])
        await listening.book.chronicle.wait(for: "gap")
        await listening.book.chronicle.wait(for: "ticker BTCUSDT")
        _ = try await rest.place(entry("liq-1-1"))
        await listening.book.chronicle.wait(for: "position BTCUSDT long 0.01")
        _ = await world.exchange.jump(["BTCUSDT"], by: .percent(-15))
        await listening.book.chronicle.wait(for: "position BTCUSDT flat")
        await listening.book.chronicle.wait(for: "wallet", times: 2)
      }
      let words = listening.book.words
      let entered = try #require(words.firstIndex(of: "order liq-1-1 filled"))
      let opened = try #require(words.firstIndex(of: "position BTCUSDT long 0.01"))
      let closed = try #require(words.lastIndex(of: "position BTCUSDT flat"))
      #expect(entered < closed && opened < closed)
      let fills = listening.book.account.compactMap { event -> Fill? in
        if case .fill(let fill) = event { fill } else { nil }
      }
      #expect(fills.map(\.role) == [.placed, .stop])
      #expect(fills.map(\.closedQuantity) == ["0", "0.01"])
      #expect(try await rest.readAccount().positions == [])
    }
  }

  @Test func `a cut private stream comes back and asks for a reading`() async throws {
    try await serving { world, rest, keys in
      let listening = Listening(keys: keys)
      try await listening.to(world.addresses.bybitStreams) { _ in
        await listening.book.chronicle.wait(for: "gap")
        _ = await world.control.handle(
          ServerRequest(method: "POST", path: "/control/cut"))
        await listening.book.chronicle.wait(for: "link account down")
        _ = try await rest.place(entry("liq-1-1"))
        await listening.reconnect()
        await listening.book.chronicle.wait(for: "gap", times: 2)
      }
      // What happened in between is not told, but can be read.
      #expect(listening.book.account == [])
      #expect(try await rest.readAccount().positions.count == 1)
    }
  }
}
