import TestSupport
import Testing
import Transport

/// What holds for both clients: the one on libcurl, and the one on the engine's loop.
@Suite(.timeLimit(.minutes(1)))
struct HTTPClientTests {

  private func url(_ server: RawServer, _ path: String = "/x") throws -> RequestURL {
    try RequestURL("http://127.0.0.1:\(server.port)").appending(path: path)
  }

  private func ok(_ body: String) -> [RawServer.Step] {
    [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nX-Kind: a\r\n\r\n\(body)")]
  }

  private func failure(_ client: any HTTPClient, _ request: HTTPRequest) async -> HTTPError? {
    do throws(HTTPError) {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: Stack.allCases)
  func `a request goes out as asked, and the answer comes back whole`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in ok("hello") }
    let request = HTTPRequest(
      .post, try url(server, "/v5/a b").with(query: "q=1%202"),
      headers: ["X-Sign": "abc", "Content-Type": "application/json"], body: Array("{}".utf8))
    let response = try await client.send(request).checked()
    #expect(response.status == 200)
    #expect(response.body == Array("hello".utf8))
    #expect(response.headers["x-KIND"] == "a")
    let text = try #require(server.requests.first).text
    #expect(text.hasPrefix("POST /v5/a%20b?q=1%202 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
    #expect(text.contains("X-Sign: abc\r\n"))
    #expect(text.hasSuffix("\r\n\r\n{}"))
  }

  @Test(arguments: Stack.allCases, [HTTPRequest.Method.get, .post, .put, .delete])
  func `every method arrives, with its body or without`(stack: Stack, method: HTTPRequest.Method)
    async throws
  {
    let client = stack.client()
    let server = try await RawServer { _ in ok("") }
    _ = try await client.send(HTTPRequest(method, try url(server)))
    let body = Array("a=1".utf8)
    if method != .get {
      _ = try await client.send(HTTPRequest(method, try url(server), body: body))
    }
    #expect(server.requests.allSatisfy { $0.text.hasPrefix("\(method.rawValue) /x ") })
    #expect(method == .get || server.requests.last?.text.hasSuffix("\r\n\r\na=1") == true)
    #expect(server.requests.allSatisfy { !$0.text.contains("Content-Type") })
  }

  @Test(arguments: Stack.allCases)
  func `connections are kept`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in ok("x") }
    for _ in 0..<5 { _ = try await client.send(HTTPRequest(.get, try url(server))) }
    #expect(server.connections == 1)
  }

  @Test(arguments: Stack.allCases)
  func `a long poll on its own connection holds nobody up`(stack: Stack) async throws {
    let client = stack.client(maxInFlight: 1)
    let server = try await RawServer { $0.text.hasPrefix("GET /poll") ? [] : ok("x") }
    let poll = HTTPRequest(.get, try url(server, "/poll"), connection: .own("poll"))
    let polling = Task { try await client.send(poll) }
    for await _ in server.arrivals { break }
    #expect(try await client.send(HTTPRequest(.get, try url(server))).status == 200)
    #expect(server.connections == 2)
    await #expect(throws: HTTPError.busy(limit: 1)) { try await client.send(poll) }
    polling.cancel()
    await #expect(throws: HTTPError.cancelled(bodySent: true)) { try await polling.value }
  }

  @Test(arguments: Stack.allCases)
  func `chunks are put together`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in
      [
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        .send("7\r\n, world\r\n0\r\n\r\n"),
      ]
    }
    let response = try await client.send(HTTPRequest(.get, try url(server)))
    #expect(response.body == Array("hello, world".utf8))
  }

  @Test(arguments: Stack.allCases)
  func `no answer in time, after the request went out`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { $0.number == 0 ? ok("x") : [] }
    // On a connection that stands, the request is out long before its time is.
    _ = try await client.send(HTTPRequest(.get, try url(server)))
    let request = HTTPRequest(
      .post, try url(server), body: Array("x".utf8), totalTimeout: .milliseconds(400))
    #expect(await failure(client, request) == .timedOut(bodySent: true))
    while server.requests.count < 2, !Task.isCancelled { await Task.yield() }
    #expect(server.connections == 1)
  }

  @Test(arguments: Stack.allCases)
  func `no answer in time, while the request still goes out`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer(reads: false)
    let body = [UInt8](repeating: 120, count: 32 << 20)
    let request = HTTPRequest(
      .post, try url(server), body: body, totalTimeout: .milliseconds(400))
    #expect(await failure(client, request) == .timedOut(bodySent: false))
  }

  @Test(arguments: Stack.allCases)
  func `nobody listens`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer()
    let url = try url(server)
    try await server.stop()
    let error = try #require(await failure(client, HTTPRequest(.post, url, body: [1])))
    guard case .connect(let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("refused"))
    #expect(!error.mayHaveBeenCarriedOut)
  }

  @Test(
    arguments: Stack.allCases,
    [
      [], [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")],
    ] as [[RawServer.Step]])
  func `a connection that breaks before the answer is whole`(stack: Stack, first: [RawServer.Step])
    async throws
  {
    let client = stack.client()
    for end in [RawServer.Step.close, .reset] {
      let server = try await RawServer { _ in first + [end] }
      let error = await failure(client, HTTPRequest(.post, try url(server), body: Array("x".utf8)))
      guard case .broken(bodySent: true, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: Stack.allCases)
  func `on a kept connection that dies a read is repeated, an order is not`(stack: Stack)
    async throws
  {
    let client = stack.client()
    let server = try await RawServer { $0.number == 0 || $0.number == 2 ? ok("x") : [.close] }
    _ = try await client.send(HTTPRequest(.get, try url(server)))
    #expect(try await client.send(HTTPRequest(.get, try url(server))).status == 200)
    #expect(server.requests.count == 3)
    let error = await failure(
      client, HTTPRequest(.post, try url(server), body: Array("order".utf8)))
    #expect(error?.mayHaveBeenCarriedOut == true)
    #expect(server.requests.count == 4)
  }

  @Test(arguments: Stack.allCases, [true, false])
  func `an answer above the limit is cut off, one at the limit is not`(stack: Stack, chunked: Bool)
    async throws
  {
    let client = stack.client()
    let body = String(repeating: "x", count: 1000)
    let server = try await RawServer { _ in
      chunked
        ? [
          .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n\(body)\r\n0\r\n\r\n")
        ]
        : ok(body)
    }
    let fits = HTTPRequest(.get, try url(server), maxResponseBytes: 1000)
    #expect(try await client.send(fits).body.count == 1000)
    let small = HTTPRequest(.get, try url(server), maxResponseBytes: 999)
    #expect(await failure(client, small) == .tooLarge(limitBytes: 999))
  }

  @Test(arguments: Stack.allCases)
  func `headers without end are cut off`(stack: Stack) async throws {
    let client = stack.client()
    let lines = String(repeating: "X-Filler: \(String(repeating: "y", count: 990))\r\n", count: 400)
    let server = try await RawServer { _ in [.send("HTTP/1.1 200 OK\r\n" + lines)] }
    let error = await failure(client, HTTPRequest(.get, try url(server)))
    #expect(error == .tooLarge(limitBytes: 16 << 20))
  }

  @Test(arguments: Stack.allCases)
  func `a gateway's HTML is a status and no JSON`(stack: Stack) async throws {
    let client = stack.client()
    let page = "<html>\n<h1>502 Bad Gateway</h1></html>"
    let server = try await RawServer { _ in
      [
        .send(
          "HTTP/1.1 502 Bad Gateway\r\nRetry-After: 7\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"
        )
      ]
    }
    let response = try await client.send(HTTPRequest(.get, try url(server)))
    #expect(throws: JSONError.self) { try response.json() }
    #expect(
      throws: HTTPError.status(
        502, retryAfter: .seconds(7), body: "<html> <h1>502 Bad Gateway</h1></html>")
    ) { try response.checked() }
  }

  @Test(arguments: Stack.allCases)
  func `a redirect is an answer like any other`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in
      [.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    }
    #expect(try await client.send(HTTPRequest(.get, try url(server))).status == 302)
  }

  @Test(arguments: Stack.allCases)
  func `cancelling the task ends the transfer and closes its connection`(stack: Stack) async throws
  {
    let client = stack.client()
    let server = try await RawServer()
    let request = HTTPRequest(.get, try url(server), totalTimeout: .seconds(60))
    let sending = Task { try await client.send(request) }
    for await _ in server.arrivals { break }
    sending.cancel()
    await #expect(throws: HTTPError.cancelled(bodySent: true)) { try await sending.value }
    for await _ in server.ends { break }

    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.send(request)
    }
    await #expect(throws: HTTPError.cancelled(bodySent: false)) { try await late.value }
    #expect(server.requests.count == 1)
  }

  @Test(arguments: Stack.allCases)
  func `whenever the task is cancelled, sending ends`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in ok("x") }
    let request = HTTPRequest(.post, try url(server), totalTimeout: .seconds(60))
    for attempt in 0..<300 {
      let sending = Task {
        if attempt % 3 == 0 { withUnsafeCurrentTask { $0?.cancel() } }
        return try await client.send(request)
      }
      if attempt % 3 == 1 { sending.cancel() }
      if attempt % 3 == 2 {
        await Task.yield()
        sending.cancel()
      }
      guard case .failure(let error) = await sending.result else { continue }
      guard case HTTPError.cancelled = error else {
        Issue.record("\(error)")
        continue
      }
    }
  }

  @Test(arguments: Stack.allCases)
  func `shutting down ends everything at once`(stack: Stack) async throws {
    let client = stack.client()
    let server = try await RawServer()
    let request = HTTPRequest(.get, try url(server), totalTimeout: .seconds(60))
    let sending = Task { try await client.send(request) }
    for await _ in server.arrivals { break }
    await client.shutdown()
    await #expect(throws: HTTPError.cancelled(bodySent: true)) { try await sending.value }
    #expect(await failure(client, request) == .cancelled(bodySent: false))
  }

  @Test(arguments: Stack.allCases)
  func `a certificate that nobody vouches for is refused, and so is no TLS at all`(stack: Stack)
    async throws
  {
    let client = stack.client()
    let secure = try await RawServer(tls: try SelfSigned.context()) { _ in ok("x") }
    // Answers what it cannot read with 400, in the clear.
    let plain = try await WebSocketServer()
    for port in [secure.port, plain.port] {
      let error = await failure(
        client, HTTPRequest(.get, try RequestURL("https://127.0.0.1:\(port)")))
      guard case .tls = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(secure.requests.isEmpty)
  }

  @Test(arguments: Stack.allCases)
  func `a server that never finishes the TLS handshake is no connection`(stack: Stack) async throws
  {
    let client = stack.client()
    let server = try await RawServer(reads: false)
    let request = HTTPRequest(
      .get, try RequestURL("https://127.0.0.1:\(server.port)"), connectTimeout: .milliseconds(80))
    guard case .connect = await failure(client, request) else {
      Issue.record("it should not connect")
      return
    }
  }

  @Test(arguments: Stack.allCases, ["a\r\nX-Evil: 1", "a\0b"])
  func `a header that would break out is not sent`(stack: Stack, value: String) async throws {
    let client = stack.client()
    let server = try await RawServer { _ in ok("x") }
    let request = HTTPRequest(.get, try url(server), headers: ["X-Name": value])
    #expect(await failure(client, request) == .invalidRequest("header 'X-Name'"))
    #expect(server.connections == 0)
  }

  @Test(arguments: Stack.allCases)
  func `neither errors nor requests show a token, even when the server repeats it`(stack: Stack)
    async throws
  {
    let client = stack.client()
    let server = try await RawServer { request in
      let path = request.text.split(separator: " ")[1]
      return [.send("HTTP/1.1 404 Not Found\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")]
    }
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
      .appending(prefix: "bot", secret: Secret("42:secret/token")).appending(path: "/getMe")
    let request = HTTPRequest(.get, url)
    #expect("\(request)" == "GET http://127.0.0.1:\(server.port)/bot[secret]/getMe")
    let response = try await client.send(request)
    #expect(server.requests.first?.text.hasPrefix("GET /bot42:secret%2Ftoken/getMe ") == true)
    #expect(response.bodyPrefix == "/bot[secret]/getMe")
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!dumped.contains("token"))
    try await server.stop()
    let error = await failure(client, HTTPRequest(.get, try RequestURL("http://127.0.0.1:1")))
    #expect(!"\(String(describing: error))".contains("token"))
  }
}
