import Foundation
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Quarterdeck

extension EndToEnd {
  /// From `settings.yaml` to what the paper venue does, as the program wires it.
  struct PaperSettingsTests {
    private let btc: Symbol = "BTCUSDT"

    /// A paper account on the loopback venue, its market told by the test: the last price alone.
    private func withPaper(
      _ yaml: String, secrets: (LoopbackWorld) -> [String: String] = { _ in [:] },
      _ body: (VenuePorts, PaperExchange) async throws -> Void
    ) async throws {
      let clock = SystemClock()
      let options = LoopbackOptions(market: RestingMarket(start: clock.now))
      try await LoopbackWorld.serving(options, clock: clock, chance: SystemRandom()) { world in
        let folder = NSTemporaryDirectory() + "paper-settings-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        let text =
          yaml + """

            state:
              folder: \(folder)/state

            """
        try text.write(toFile: folder + "/settings.yaml", atomically: true, encoding: .utf8)
        try "".write(toFile: folder + "/coins.yaml", atomically: true, encoding: .utf8)
        var settings = try SettingsLoader(folder: folder, overrides: .none).load()
        settings.environment = .loopback
        settings.endpoints.bybitREST = world.addresses.bybitREST
        settings.endpoints.bybitWebSocket = world.addresses.bybitStreams
        settings.endpoints.binanceREST = world.addresses.binanceREST
        settings.endpoints.binanceWebSocket = world.addresses.binanceStreams
        let thread = EventLoopThread()
        let http = CurlHTTPClient()
        let chance = SystemRandom()
        let orders = LoopHTTPClient(on: thread.loop, chance: chance)
        let ports = try VenueCatalog(
          settings: settings,
          secrets: Secrets(environment: secrets(world), envFile: "/dev/null"),
          network: NetworkSettings(), readings: http, orders: orders, loop: thread.loop,
          clock: clock, chance: chance, alarms: Mailbox<Alert>()
        ).ports()
        let paper = try #require(ports.paper)
        await paper.list([.example()])
        await move(paper, to: "60000")
        try await body(ports, paper)
        await http.shutdown()
        await orders.shutdown()
        await thread.shutdown()
      }
    }

    private func move(_ paper: PaperExchange, to price: Price) async {
      await paper.take(
        .ticker(
          Ticker(
            venue: paper.prices, symbol: btc, last: price, mark: price, time: SystemClock().now)))
    }

    private func buy(
      _ paper: PaperExchange, _ number: Int = 1, slot: PositionSlot = .oneWay,
      kind: OrderKind = .market
    ) async throws {
      _ = try await paper.place(
        OrderRequest(
          id: ClientOrderID("liq-1-\(number)"), symbol: btc, slot: slot, side: .buy,
          quantity: "0.1", kind: kind))
    }

    @Test func `slippage and fees are those of the file`() async throws {
      let yaml = """
        paper:
          balance_usdt: 10000
          slippage_pct: 1
          maker_fee_pct: -0.01
          taker_fee_pct: 0.1
        """
      try await withPaper(yaml) { _, paper in
        try await buy(paper)
        try await buy(paper, 2, kind: .limit("59000", .goodTillCancelled))
        await move(paper, to: "58999")
        let fills = try await paper.fills(since: Timestamp(milliseconds: 0))
        // 60 000 and 1 %; 0.1 % of 6060, and a hundredth of a percent of 5900 back.
        #expect(fills.map(\.price) == ["60600", "59000"])
        #expect(fills.map(\.fee) == ["6.06", "-0.59"])
      }
    }

    @Test(arguments: [(Venue.bybit, "6.60132" as Notional), (.binance, "6.0012")])
    func `else they are the venue's`(venue: Venue, fees: Notional) async throws {
      let yaml = "venue:\n  name: \(venue)\npaper:\n  balance_usdt: 10000\n"
      try await withPaper(yaml) { _, paper in
        try await buy(paper)
        try await buy(paper, 2)
        let fills = try await paper.fills(since: Timestamp(milliseconds: 0))
        #expect(fills.map(\.price) == ["60012", "60012"])
        #expect(fills.map(\.fee).reduce(.zero, +) == fees)
      }
    }

    @Test func `a forced close costs the liquidation fee of the file`() async throws {
      let yaml = "paper:\n  balance_usdt: 10000\n  liquidation_fee_pct: 1.25\n"
      try await withPaper(yaml) { _, paper in
        try await paper.setLeverage(.times(10), for: btc)
        try await buy(paper)
        await move(paper, to: "54000")
        let forced = try #require(try await paper.fills(since: Timestamp(milliseconds: 0)).last)
        #expect(forced.role == .liquidation)
        #expect(forced.fee == (try (forced.price * forced.quantity).scaled(by: "0.0125")))
      }
    }

    @Test(arguments: [("", MarginMode.isolated), ("  margin_mode: cross\n", .cross)])
    func `the account begins in the margin mode of the file, and can be set`(
      line: String, mode: MarginMode
    ) async throws {
      try await withPaper("paper:\n  balance_usdt: 1000\n" + line) { _, paper in
        #expect(try await paper.symbolSettings(of: btc).marginMode == mode)
        #expect(try await paper.readAccount().wallet.marginMode == mode)
        try await paper.setIsolatedMargin(for: btc)
        #expect(try await paper.symbolSettings(of: btc).marginMode == .isolated)
      }
    }

    @Test func `in hedge mode an order names its leg`() async throws {
      try await withPaper("paper:\n  balance_usdt: 10000\n  position_mode: hedge\n") { _, paper in
        #expect(try await paper.symbolSettings(of: btc).positionMode == .hedge)
        let error = await #expect(throws: VenueError.self) { try await buy(paper) }
        guard case .rejected(let rejection)? = error else { throw error ?? .outcomeUnknown }
        #expect(rejection.meaning == .wrongPositionMode)
        try await buy(paper, 2, slot: .hedgeLong)
        #expect(try await paper.readAccount().positions.map(\.key.slot) == [.hedgeLong])
      }
    }

    @Test(
      arguments: [
        // 10x loses 10 % at 54 010.8; what must be left of 6001.2 brings it nearer.
        (Venue.bybit, "", "54310.9"),
        // Binance tells its brackets to those with a key alone.
        (.binance, "", "55395.7"), (.binance, "  maintenance_margin_pct: 0.5\n", "54282.3"),
        (.bybit, "  maintenance_margin_pct: 5\n", "57011.4"),
      ] as [(Venue, String, Price)])
    func `where no tiers are known the rate of the file decides the liquidation price`(
      venue: Venue, line: String, price: Price
    ) async throws {
      let yaml = "venue:\n  name: \(venue)\npaper:\n  balance_usdt: 10000\n" + line
      try await withPaper(yaml) { ports, paper in
        #expect((ports.paperTiers == nil) == (venue == .binance))
        try await paper.setLeverage(.times(10), for: btc)
        try await buy(paper)
        #expect(try await paper.readAccount().positions.first?.liquidationPrice == price)
      }
    }

    @Test func `the venue's own risk tiers are read and held to`() async throws {
      let bybit = "paper:\n  balance_usdt: 10000\n"
      try await withPaper(bybit) { ports, _ in
        let read = try #require(ports.paperTiers)
        let tiers = try await read()
        #expect(tiers[btc]?.first?.maintenanceRate == "0.005")
        #expect(tiers.count > 1)
      }
      let keys = { (world: LoopbackWorld) in
        [
          "BINANCE_API_KEY": world.addresses.apiKey,
          "BINANCE_API_SECRET": world.addresses.apiSecret,
        ]
      }
      try await withPaper("venue:\n  name: binance\n" + bybit, secrets: keys) { ports, paper in
        let read = try #require(ports.paperTiers)
        let tiers = try await read()
        #expect(tiers[btc]?.count == 5)
        #expect(tiers[btc]?[1].maintenanceRate == "0.005" && tiers[btc]?[1].deduction == "50")
        try await paper.setLeverage(.times(10), for: btc)
        try await buy(paper)
        let watch = PaperTierWatch(
          paper: paper,
          read: { () async throws(VenueError) in
            [btc: [PaperTier(cap: nil, maintenanceRate: "0.05", maxLeverage: .times(5))]]
          }, clock: SystemClock())
        let before = try await paper.readAccount().positions.first?.liquidationPrice
        let watching = Task { await watch.run() }
        while try await paper.readAccount().positions.first?.liquidationPrice == before,
          !Task.isCancelled
        { await Task.yield() }
        #expect(try await paper.readAccount().positions.first?.liquidationPrice == "56853.5")
        watching.cancel()
        await watching.value
        // Nor does it take more than the tier allows at that leverage.
        await #expect(throws: VenueError.self) { try await buy(paper, 2) }
      }
    }
  }
}
