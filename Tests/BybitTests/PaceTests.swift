import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

@Suite(.timeLimit(.minutes(1)))
struct PaceTests {
  private let clock = ManualClock()

  private func rest(_ http: ScriptedHTTP, log: Logger? = nil) throws -> BybitREST {
    try BybitREST(
      http: http, settings: BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: ""),
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: clock,
      log: log ?? Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  private func order(_ number: Int, reduceOnly: Bool = false) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID("liq-1-\(number)"), symbol: "BTCUSDT", side: .buy, quantity: "0.1",
      reduceOnly: reduceOnly)
  }

  private func error<Value>(
    _ body: () async throws(VenueError) -> Value
  ) async -> VenueError? {
    do throws(VenueError) {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `entries wait while closing has room left`() async throws {
    let http = ScriptedHTTP()
    for _ in 0..<20 { http.add(.code(0, result: ["orderId": "v1"])) }
    let rest = try rest(http)
    // Seven of ten in a second: three are kept.
    for number in 1...7 { _ = try await rest.place(order(number)) }
    let waiting = Task { try await rest.place(order(8)) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    for number in 9...11 { _ = try await rest.place(order(number, reduceOnly: true)) }
    #expect(http.requests.count == 10)
    #expect(!http.requests.contains { $0.text.contains(#""liq-1-8""#) })
    while !http.requests.contains(where: { $0.text.contains(#""liq-1-8""#) }), !Task.isCancelled {
      clock.advance(by: .milliseconds(100))
      await Task.yield()
    }
    _ = try await waiting.value
    #expect(clock.now - .noon >= .seconds(1))
    // Signed when it left, not when it began to wait.
    #expect(http.requests[10].headers["X-BAPI-TIMESTAMP"] != "1795176000000")
  }

  @Test func `an account of a higher tier learns its limit from answers`() async throws {
    let http = ScriptedHTTP()
    let headers: HeaderFields = ["X-Bapi-Limit": "100", "X-Bapi-Limit-Status": "99"]
    for _ in 0..<40 { http.add(.code(0, result: ["orderId": "v1"], headers: headers)) }
    let rest = try rest(http)
    for number in 1...40 { _ = try await rest.place(order(number)) }
    #expect(http.requests.count == 40)
    #expect(rest.pace.mostItems("/v5/order/create-batch") == 10)
  }

  @Test func `a batch is cut to what the limit lets through`() async throws {
    let http = ScriptedHTTP()
    func answer(_ count: Int) -> Result<HTTPResponse, HTTPError> {
      let rows: JSONValue = .array((1...count).map { ["orderId": .string("v\($0)")] })
      let extra: JSONValue = .array((1...count).map { _ in ["code": 0, "msg": "OK"] })
      let envelope: JSONValue = [
        "retCode": 0, "retMsg": "OK", "result": ["list": rows], "retExtInfo": ["list": extra],
      ]
      return .status(200, envelope.text)
    }
    http.add(answer(10))
    http.add(answer(5))
    let rest = try rest(http)
    let orders = BybitOrders(rest: rest, socket: nil)
    let tickets = (1...15).map { OrderTicket(order($0, reduceOnly: true)) }
    let placing = Task { await orders.place(all: tickets) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    #expect(http.requests.count == 1)
    while clock.now - .noon < .seconds(2), !Task.isCancelled {
      clock.advance(by: .milliseconds(100))
      await Task.yield()
    }
    let outcomes = await placing.value
    #expect(outcomes.count == 15)
    #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
    #expect(try JSONValue(parsing: http.requests[0].text).array("request").count == 10)
    #expect(try JSONValue(parsing: http.requests[1].text).array("request").count == 5)
  }

  @Test func `an address that is shut out asks nothing until the ban is over`() async throws {
    let http = ScriptedHTTP(
      .status(403, "access too frequent"), .code(0, result: ["orderId": "v1"]))
    let rest = try rest(http)
    let first = await error { () async throws(VenueError) in try await rest.place(order(1)) }
    #expect(first == .rateLimited(retryAfter: .seconds(600)))
    clock.advance(by: .seconds(60))
    let second = await error { () async throws(VenueError) in try await rest.serverTime() }
    #expect(second == .rateLimited(retryAfter: .seconds(540)))
    #expect(http.requests.count == 1)
    clock.advance(by: .seconds(540))
    let id = try await rest.place(order(2))
    #expect(id == "v1")
  }

  @Test func `a call that failed is in the log with what was asked and answered, without secrets`()
    async throws
  {
    let book = LogBook()
    let http = ScriptedHTTP(
      .code(110007, "ab not enough for new order, secret key"), .status(502, "<html>"))
    let rest = try rest(http, log: Logger(label: "bybit") { _ in book.handler })
    for number in 1...2 {
      _ = await error { () async throws(VenueError) in try await rest.place(order(number)) }
    }
    let text = book.chronicle.lines.joined(separator: "\n")
    #expect(text.contains(#""orderLinkId":"liq-1-1""#))
    #expect(text.contains("110007") && text.contains("ab not enough"))
    #expect(text.contains("502") && text.contains("<html>"))
    #expect(!text.contains("secret key") && !text.contains("X-BAPI"))
    #expect(text.contains("[secret] [secret]"))
  }
}

/// Writes log lines with their facts into a chronicle.
private struct LogBook {
  let chronicle = Chronicle()
  var handler: Handler { Handler(chronicle: chronicle) }

  struct Handler: LogHandler {
    let chronicle: Chronicle
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      chronicle.write("\(event.message) \(event.metadata ?? [:])")
    }
  }
}
