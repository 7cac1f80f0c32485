import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Transport

/// What only the client on the engine's loop does.
@Suite(.timeLimit(.minutes(1)))
struct LoopHTTPClientTests {
  private let thread = EventLoopThread()

  private func client(_ limits: LoopHTTPClient.Limits = .init()) -> LoopHTTPClient {
    LoopHTTPClient(on: thread.loop, chance: SteadyRandom(), limits: limits)
  }

  private static func ok(_ body: String, _ fields: String = "") -> [RawServer.Step] {
    [
      .send("HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    ]
  }

  /// An engine on the loop, as the real one is.
  private actor Desk {
    private let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let client: LoopHTTPClient
    /// As the venue sees it.
    private let http: any HTTPClient
    private let loop: any EventLoop

    init(_ thread: EventLoopThread, _ client: LoopHTTPClient) {
      (executor, loop) = (thread.executor, thread.loop)
      self.client = client
      http = SplitHTTPClient(readings: client, changes: client)
    }

    /// Sends, and tells how many connections were idle in the loop's very next step.
    func send(_ request: HTTPRequest) async throws -> Int {
      let probe = Probe()
      loop.execute { [client] in probe.idle = client.pool.value.idleConnections }
      _ = try await http.send(request)
      loop.assertInEventLoop()
      return probe.idle
    }

    private final class Probe: @unchecked Sendable { var idle = -1 }
  }

  @Test
  func `a connection is opened ahead and opened again when it is lost`() async throws {
    let server = try await RawServer { $0.number == 0 ? [.close] : Self.ok("x") }
    let client = client()
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    client.keepWarm(url, connections: 1)
    while await client.idleConnections() == 0, !Task.isCancelled { await Task.yield() }
    await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(.post, url)) }
    while await client.idleConnections() == 0, !Task.isCancelled { await Task.yield() }
    #expect(try await client.send(HTTPRequest(.post, url)).status == 200)
    #expect(server.connections == 2)
    await client.shutdown()
  }

  @Test
  func `requests beyond the connections wait for one`() async throws {
    let server = try await RawServer { _ in Self.ok("x") }
    let client = client(LoopHTTPClient.Limits(connections: 2))
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 {
        group.addTask { try await client.send(HTTPRequest(.post, url, body: [65])).status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 20))
    #expect(server.requests.count == 20)
    #expect((1...2).contains(server.connections))
  }

  @Test(arguments: ["Connection: close\r\n", "connection: Close\r\n"])
  func `a connection that the server wants closed is not used again`(field: String) async throws {
    let server = try await RawServer { _ in Self.ok("x", field) }
    let client = client()
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    for _ in 0..<2 { _ = try await client.send(HTTPRequest(.post, url)) }
    #expect(server.connections == 2)
  }

  @Test
  func `connections that are kept open are replaced before they are stale`() async throws {
    let server = try await RawServer { _ in Self.ok("x") }
    let client = client(LoopHTTPClient.Limits(idle: .milliseconds(30)))
    client.keepWarm(try RequestURL("http://127.0.0.1:\(server.port)"))
    var ends = 0
    for await _ in server.ends {
      ends += 1
      if ends == 4 { break }
    }
    while await client.idleConnections() < 2, !Task.isCancelled { await Task.yield() }
    await client.shutdown()
  }

  @Test
  func `an idle connection is closed in time`() async throws {
    let server = try await RawServer { _ in Self.ok("x") }
    let client = client(LoopHTTPClient.Limits(idle: .milliseconds(20)))
    _ = try await client.send(HTTPRequest(.get, try RequestURL("http://127.0.0.1:\(server.port)")))
    for await _ in server.ends { break }
    #expect(await client.idleConnections() == 0)
  }

  @Test
  func `what comes without being asked for ends the connection, not the client`() async throws {
    let server = try await RawServer { _ in Self.ok("x") + [.send("HTTP/1.1 200 OK\r\n\r\n")] }
    let client = client()
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
    for await _ in server.ends { break }
    #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
    #expect(server.connections == 2)
  }

  @Test
  func `what is no HTTP is a broken connection`() async throws {
    let server = try await RawServer { _ in [.send("SSH-2.0-OpenSSH\r\n\r\n")] }
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    let error = await #expect(throws: HTTPError.self) {
      try await client().send(HTTPRequest(.post, url))
    }
    guard case .broken(bodySent: true, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test
  func `an actor on the loop sends and hears without leaving it`() async throws {
    let server = try await RawServer { _ in Self.ok("x") }
    let client = client()
    let desk = Desk(thread, client)
    let request = HTTPRequest(.post, try RequestURL("http://127.0.0.1:\(server.port)"))
    _ = try await client.send(request)
    #expect(await client.idleConnections() == 1)
    #expect(try await desk.send(request) == 0)
  }
}
