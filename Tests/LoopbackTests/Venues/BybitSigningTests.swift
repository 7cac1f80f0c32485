import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Who may ask the loopback Bybit, and when.
struct BybitSigningTests {
  private let bench = VenueBench()
  private let query = "category=linear&symbol=BTCUSDT"

  private func code(_ request: ServerRequest) async throws -> Int64 {
    try JSONValue(parsing: await bench.bybit.handle(request).body).integer("retCode")
  }

  @Test func `queries and bodies are verified as they were sent`() async throws {
    let order = #"{"category": "linear", "symbol": "BTCUSDT", "orderId": null, "x": "\u00e9"}"#
    #expect(try await code(bench.signed("GET", "position/list", query: query)) == 0)
    // Signed and understood; what is missing is the id of an order.
    #expect(try await code(bench.signed("POST", "order/cancel", body: order)) == 10001)
    let spaced = bench.signed("POST", "order/cancel", body: order + " ", signing: order)
    #expect(try await code(spaced) == 10004)
  }

  @Test func `a client may sign its query before it encodes it`() async throws {
    let request = bench.signed(
      "GET", "position/list", query: "category=linear&symbol=%42TCUSDT", signing: query)
    #expect(try await code(request) == 0)
  }

  @Test func `a wrong key and a wrong secret are told apart`() async throws {
    func asked(_ signer: VenueBench.Signer) -> ServerRequest {
      bench.signed("GET", "position/list", query: query, by: signer)
    }
    #expect(try await code(asked(.init(key: "Nobody"))) == 10003)
    #expect(try await code(asked(.init(secret: "wrong"))) == 10004)
    let nobody = await bench.bybit.handle(
      ServerRequest(method: "GET", path: "/v5/position/list", query: query))
    #expect(nobody.status == 401)
    #expect(
      try JSONValue(parsing: nobody.body).string("retMsg")
        == "empty value: apiTimestamp[] apiKey[] apiSignature[]")
  }

  @Test(arguments: [(-5_000, 0), (-5_001, 10002), (999, 0), (1_000, 10002)] as [(Int64, Int64)])
  func `a timestamp counts from the window before the server's time to a second after it`(
    ahead: Int64, expected: Int64
  ) async throws {
    let request = bench.signed("GET", "position/list", query: query, by: .init(ahead: ahead))
    #expect(try await code(request) == expected)
  }

  @Test func `a wider window lets older requests in`() async throws {
    let signer = VenueBench.Signer(ahead: -20_000, window: "20000")
    #expect(try await code(bench.signed("GET", "position/list", query: query, by: signer)) == 0)
  }

  @Test func `paths, methods and bodies out of place have their own status`() async throws {
    let bybit = bench.bybit
    #expect(await bybit.handle(bench.signed("GET", "order/nothing")).status == 404)
    #expect(await bybit.handle(bench.signed("GET", "order/create")).status == 400)
    #expect(await bybit.handle(bench.signed("GET", "account/info", body: "{}")).status == 403)
  }

  @Test func `requests recorded from foreign clients verify`() async throws {
    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let bench = VenueBench(
      BybitSettings(
        apiKey: try vectors.string("apiKey"), apiSecret: try vectors.string("apiSecret"),
        limitsRate: false))
    let recorded = Timestamp(milliseconds: try vectors.integer("timestampMs"))
    bench.time.advance(by: recorded - bench.time.now)
    var verified = 0
    for vector in try vectors.array("pybit", "hmac") + vectors.array("ccxt", "bybit") {
      guard case .object(let headers)? = vector["headers"], headers["X-BAPI-SIGN"] != nil,
        vector["signing"] != "rsa"
      else { continue }
      let parts = try vector.string("url").split(
        separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      let request = ServerRequest(
        method: try vector.string("method"),
        path: String(parts[0].dropFirst("https://api.bybit.com".count)),
        query: parts.count > 1 ? String(parts[1]) : "",
        headers: headers.fields.map { .init(name: $0.key, value: $0.value.stringValue ?? "") },
        body: Array((vector["body"]?.stringValue ?? "").utf8))
      let answer = try JSONValue(parsing: await bench.bybit.handle(request).body)
      let code = try answer.integer("retCode")
      if code == 10017 { continue }  // An endpoint that is not served here.
      #expect(![10002, 10003, 10004].contains(code), "\(vector.text): \(answer.text)")
      verified += 1
    }
    #expect(verified > 10)
  }
}
