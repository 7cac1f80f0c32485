import Loopback
import Synchronization
import TradingModel

@testable import Transport

/// Hands requests to the loopback Binance without a socket between, and keeps what it answered.
final class ServedHTTP: HTTPClient {
  struct Exchange: Sendable {
    var line: String
    var status: Int
  }

  private struct State {
    var seen: [Exchange] = []
    var latency = Duration.zero
    var broken: [String] = []
    var underWay = 0
    var mostUnderWay = 0
  }

  private let server: BinanceServer
  private let clock: any WallClock
  private let state = Mutex(State())

  init(_ server: BinanceServer, clock: any WallClock) {
    self.server = server
    self.clock = clock
  }

  var exchanges: [Exchange] { state.withLock { $0.seen } }
  /// Requests without an answer yet.
  var underWay: Int { state.withLock { $0.underWay } }
  var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

  /// Every answer takes so long from now on, by the clock.
  func slow(by latency: Duration) { state.withLock { $0.latency = latency } }

  /// The next request whose line begins so never arrives.
  func lose(_ line: String) { state.withLock { $0.broken.append(line) } }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let isLost = state.withLock { state in
      guard let place = state.broken.firstIndex(where: request.line.hasPrefix) else { return false }
      state.broken.remove(at: place)
      return true
    }
    if isLost { throw .broken(bodySent: true, "lost") }
    let target = request.url.target.split(separator: "?", maxSplits: 1)
    let answer = await server.handle(
      ServerRequest(
        method: request.method.rawValue, path: String(target[0]),
        query: target.count > 1 ? String(target[1]) : "",
        headers: request.headers.fields.map { .init(name: $0.name, value: $0.value) },
        body: request.body ?? []))
    let latency = state.withLock { state in
      state.seen.append(Exchange(line: request.line, status: answer.status))
      state.underWay += 1
      state.mostUnderWay = max(state.mostUnderWay, state.underWay)
      return state.latency
    }
    defer { state.withLock { $0.underWay -= 1 } }
    if latency > .zero {
      // It was carried out: only its answer is late.
      do { try await clock.sleep(for: latency) } catch { throw .cancelled(bodySent: true) }
    }
    return HTTPResponse(
      status: answer.status,
      headers: answer.headers.reduce(into: HeaderFields()) { fields, field in
        fields.add(field.name, field.value)
      },
      body: answer.body)
  }
}
