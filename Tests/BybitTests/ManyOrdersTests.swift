import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// More open orders than one answer holds.
@Suite(.timeLimit(.minutes(1)))
struct ManyOrdersTests {
  private static let symbols: [Symbol] = ["BTCUSDT", "ETHUSDT"]

  @Test func `two hundred open orders are all read, all cancelled, and read back as gone`()
    async throws
  {
    let venue = try ServedBybit()
    try await venue.rest(100, of: Self.symbols)
    let orders = try await venue.rest.readAccount().orders
    #expect(orders.count == 200 && Set(orders.map(\.venueID)).count == 200)
    #expect(Set(orders.map(\.symbol)) == Set(Self.symbols))
    // Four pages of those in USDT, one of those in USDC.
    #expect(venue.http.lines.count { $0 == "GET /v5/order/realtime" } == 5)
    #expect(try await venue.rest.cancelAll(symbol: nil, keepingProtection: true) == 200)
    #expect(try await venue.rest.readAccount().orders.isEmpty)
  }

  @Test func `orders that come and go between two pages cost no other its place`() async throws {
    let venue = try ServedBybit()
    try await venue.rest(80, of: Self.symbols)
    let before = try await venue.rest.openOrders()
    let rest = venue.rest
    // The last of the first page, and one of it, are gone when the second is asked for; one is new.
    let newest = before.sorted { $0.venueID > $1.venueID }
    let gone = [newest[49], newest[10]]
    venue.http.once(beforeNextPageOf: "/v5/order/realtime") {
      for order in gone {
        try await rest.cancel(OrderReference(symbol: order.symbol, venueID: order.venueID))
      }
      _ = try await rest.place(
        OrderRequest(
          id: ClientOrderID("liq-new"), symbol: "BTCUSDT", side: .buy, quantity: "0.1",
          kind: .limit("1000", .goodTillCancelled)))
    }
    let after = try await rest.openOrders()
    let lost = Set(before.map(\.venueID)).subtracting(after.map(\.venueID))
    #expect(lost.isSubset(of: gone.map(\.venueID)))
    #expect(Set(after.map(\.venueID)).count == after.count)
  }

  @Test func `more orders than one cancellation takes are cancelled by several`() async throws {
    let venue = try ServedBybit()
    try await venue.rest(310, of: Self.symbols)
    #expect(try await venue.rest.cancelAll(symbol: nil, keepingProtection: true) == 620)
    #expect(try await venue.rest.openOrders().isEmpty)
    // 500, and the rest; conditional ones go by their ids.
    #expect(venue.http.lines.count { $0 == "POST /v5/order/cancel-all" } == 2)
  }

  private func client(_ http: any HTTPClient) throws -> BybitREST {
    try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://venue.test", webSocketURL: ""),
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: PassingClock(),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test func `a list whose pages go round in a circle ends in an error, at once`() async throws {
    let row: JSONValue = ["orderId": "1"]
    let http = ScriptedHTTP(
      .page([row], next: "a"), .page([row], next: "b"), .page([row], next: "a"))
    await #expect(throws: VenueError.malformed("/v5/order/realtime: the pages repeat")) {
      _ = try await client(http).allRows("/v5/order/realtime", [])
    }
    #expect(http.requests.count == 3)
  }

  @Test func `an order that two pages tell counts once`() async throws {
    let venue = try ServedBybit()
    try await venue.rest(3, of: ["BTCUSDT"])
    let rows = try await venue.rest.get(
      "/v5/order/realtime", [("category", "linear"), ("settleCoin", "USDT")]
    ).array("list")
    let http = ScriptedHTTP(.page(rows, next: "a"), .page(Array(rows.suffix(2))))
    #expect(try await client(http).openOrders().count == 3)
  }
}
