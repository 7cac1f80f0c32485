import Loopback
import Synchronization

@testable import Transport

/// Hands requests to the loopback Binance without a socket between, and keeps what it answered.
final class ServedHTTP: HTTPClient {
  struct Exchange: Sendable {
    var line: String
    var status: Int
  }

  private let server: BinanceServer
  private let seen = Mutex<[Exchange]>([])

  init(_ server: BinanceServer) { self.server = server }

  var exchanges: [Exchange] { seen.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let target = request.url.target.split(separator: "?", maxSplits: 1)
    let answer = await server.handle(
      ServerRequest(
        method: request.method.rawValue, path: String(target[0]),
        query: target.count > 1 ? String(target[1]) : "",
        headers: request.headers.fields.map { .init(name: $0.name, value: $0.value) },
        body: request.body ?? []))
    seen.withLock { $0.append(Exchange(line: request.line, status: answer.status)) }
    return HTTPResponse(
      status: answer.status,
      headers: answer.headers.reduce(into: HeaderFields()) { fields, field in
        fields.add(field.name, field.value)
      },
      body: answer.body)
  }
}
