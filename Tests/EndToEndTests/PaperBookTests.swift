import Foundation
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Quarterdeck

extension EndToEnd {
  /// The paper account as the program wires it, on the prices of either venue.
  struct PaperBookTests {
    private func settings(_ venue: Venue, _ world: LoopbackWorld) -> Settings {
      var settings = Settings()
      settings.venue = venue
      settings.environment = .loopback
      settings.endpoints.bybitREST = world.addresses.bybitREST
      settings.endpoints.bybitWebSocket = world.addresses.bybitStreams
      settings.endpoints.binanceREST = world.addresses.binanceREST
      settings.endpoints.binanceWebSocket = world.addresses.binanceStreams
      settings.paper.balance = "10000000"
      settings.stateFolder = NSTemporaryDirectory() + "paper-\(venue.rawValue)-\(UUID())"
      return settings
    }

    @Test(arguments: [Venue.bybit, .binance])
    func `a large paper order walks the book of the venue whose prices count`(
      venue: Venue
    ) async throws {
      let clock = SystemClock()
      let options = LoopbackOptions(market: RestingMarket(start: clock.now))
      try await LoopbackWorld.serving(options, clock: clock, chance: SystemRandom()) { world in
        let thread = EventLoopThread()
        let http = CurlHTTPClient()
        let chance = SystemRandom()
        let orders = LoopHTTPClient(on: thread.loop, chance: chance)
        let ports = try VenueCatalog(
          settings: settings(venue, world),
          secrets: Secrets(environment: [:], envFile: "/dev/null"), network: NetworkSettings(),
          readings: http, orders: orders,
          loop: thread.loop, clock: clock, chance: chance, alarms: Mailbox<Alert>()
        ).ports()
        let paper = try #require(ports.paper)
        let books = try #require(ports.paperBooks)
        await paper.list(try await ports.market.instruments())
        ports.follow(["BTCUSDT"])
        let shown = Latch()
        let running = Task {
          await withDiscardingTaskGroup { group in
            for stream in ports.streams {
              group.addTask {
                await stream.run { event in
                  guard case .market(let event) = event else { return }
                  Task { await paper.take(event) }
                }
              }
            }
            group.addTask {
              for await news in books.news.values where news.symbol == "BTCUSDT" {
                guard let book = news.book else { continue }
                await paper.show(book, of: news.symbol)
                shown.open()
              }
            }
          }
        }
        await shown.wait()
        _ = try await paper.place(
          OrderRequest(
            id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "20"))
        let prices = try await paper.fills(since: clock.now - .minutes(1)).map(\.price)
        #expect(Set(prices).count > 1)
        running.cancel()
        await running.value
        await http.shutdown()
        await orders.shutdown()
        await thread.shutdown()
      }
    }
  }
}
