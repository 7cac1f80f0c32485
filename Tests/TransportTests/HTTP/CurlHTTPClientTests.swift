import TestSupport
import Testing
import Transport

/// What only the client on libcurl does.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientTests {
  /// `hello, compressed world` through gzip.
  private static let packed: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 72, 206, 207, 45, 40, 74, 45,
    46, 78, 77, 81, 40, 207, 47, 202, 73, 1, 0, 8, 158, 52, 53, 23, 0, 0, 0,
  ]

  private func server() async throws -> RawServer {
    try await RawServer { _ in
      [
        .send(
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Self.packed.count)\r\n\r\n"
        ),
        .sendBytes(Self.packed),
      ]
    }
  }

  @Test
  func `answers may be compressed, and are bounded by what comes out`() async throws {
    let server = try await server()
    let client = CurlHTTPClient()
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    let response = try await client.send(HTTPRequest(.get, url, maxResponseBytes: 100))
    #expect(response.body == Array("hello, compressed world".utf8))
    #expect(server.requests.first?.text.contains("Accept-Encoding: gzip\r\n") == true)
    await #expect(throws: HTTPError.tooLarge(limitBytes: 22)) {
      try await client.send(HTTPRequest(.get, url, maxResponseBytes: 22))
    }
  }

  @Test
  func `HTTP/2 is spoken with a server that offers it`() async throws {
    let context = try TestAuthority.serverContext(protocols: ["h2", "http/1.1"])
    let server = try await RawServer(tls: context) { _ in [.close] }
    try await TestAuthority.withFile { file in
      let client = CurlHTTPClient(network: NetworkSettings(extraCAFile: file))
      let url = try RequestURL("https://127.0.0.1:\(server.port)")
      await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, url)) }
    }
    #expect(server.requests.first?.text.hasPrefix("PRI * HTTP/2.0\r\n") == true)
  }
}
