import Logging
import Loopback
import Simulation
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Bybit
@testable import Transport

/// The loopback Bybit, its limits on, our client before it, and no socket between. Waits are over at
/// once.
struct ServedBybit {
  let clock = PassingClock()
  let http: ServedHTTP
  let rest: BybitREST
  let exchange: LoopbackExchange

  init() throws {
    exchange = LoopbackExchange(
      market: SyntheticMarket(seed: 1, start: clock.now),
      paper: PaperSettings(balance: "1000000"), clock: clock)
    let settings = Loopback.BybitSettings()
    http = ServedHTTP(
      BybitServer(
        exchange, settings: settings, clock: clock, faults: FaultPlan(),
        transcript: Transcript(clock: clock)))
    rest = try BybitREST(
      http: http, settings: Bybit.BybitSettings(restURL: "http://venue.test", webSocketURL: ""),
      keys: BybitKeys(key: Secret(settings.apiKey), secret: Secret(settings.apiSecret)),
      clock: clock, log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Limit orders that do not fill, so many of each symbol.
  func rest(_ count: Int, of symbols: [Symbol]) async throws {
    for symbol in symbols {
      let orders = (0..<count).map { number in
        OrderTicket(
          OrderRequest(
            id: ClientOrderID("liq-\(symbol.name.prefix(3))-\(number)"), symbol: symbol,
            side: .buy, quantity: "0.1", kind: .limit("1000", .goodTillCancelled)))
      }
      for start in stride(from: 0, to: count, by: 10) {
        let bodies = orders[start..<min(start + 10, count)].map { $0.body(category: false) }
        let outcomes = try await rest.sendBatch(
          .create, OrderBatch.body(bodies), count: bodies.count, reducesOnly: false,
          isCharged: false)
        for outcome in outcomes { _ = try outcome.get() }
      }
    }
  }
}

/// Hands requests to the loopback Bybit, and keeps what was asked.
final class ServedHTTP: HTTPClient {
  private struct State {
    var lines: [String] = []
    var before: [String: @Sendable () async throws -> Void] = [:]
  }

  private let server: BybitServer
  private let state = Mutex(State())

  init(_ server: BybitServer) { self.server = server }

  var lines: [String] { state.withLock { $0.lines } }

  /// Done once, before the next request to that path whose query holds a cursor.
  func once(beforeNextPageOf path: String, _ deed: @escaping @Sendable () async throws -> Void) {
    state.withLock { $0.before[path] = deed }
  }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let target = request.url.target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = target.count > 1 ? target[1] : ""
    let deed = state.withLock { state in
      state.lines.append("\(request.method.rawValue) \(target[0])")
      return query.contains("cursor=") ? state.before.removeValue(forKey: target[0]) : nil
    }
    if let deed {
      do { try await deed() } catch { throw .connect("\(error)") }
    }
    let answer = await server.handle(
      ServerRequest(
        method: request.method.rawValue, path: target[0], query: query,
        headers: request.headers.fields.map { .init(name: $0.name, value: $0.value) },
        body: request.body ?? []))
    return HTTPResponse(
      status: answer.status,
      headers: answer.headers.reduce(into: HeaderFields()) { fields, field in
        fields.add(field.name, field.value)
      },
      body: answer.body)
  }
}
