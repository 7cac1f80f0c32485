import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Who is let in to the loopback Bybit, how often, and what happens when a client is lost.
@Suite(.timeLimit(.minutes(1)))
struct BybitGateTests {
  private let query = "accountType=UNIFIED"

  @Test func `the sixth hundred of requests in five seconds bans the address for ten minutes`()
    async throws
  {
    let bench = VenueBench()
    let question = ServerRequest(method: "GET", path: "/v5/market/time")
    for _ in 1...600 { #expect(await bench.bybit.handle(question).status == 200) }
    #expect(await bench.bybit.handle(question).status == 403)
    bench.time.advance(by: .seconds(599))
    #expect(await bench.bybit.handle(question).status == 403)
    bench.time.advance(by: .seconds(1))
    #expect(await bench.bybit.handle(question).status == 200)
  }

  @Test func `a key that may only look neither trades nor sets anything`() async throws {
    let bench = VenueBench(BybitSettings(isReadOnly: true))
    #expect(try await bench.get("account/wallet-balance", query).integer("retCode") == 0)
    #expect(try await bench.code("order/create", VenueBench.order()) == 10005)
  }

  @Test func `requests signed with an RSA key are verified by its other half`() async throws {
    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let recorded = try vectors.array("pybit", "rsa")
    let key = try VerifyingKey(pem: try vectors.string("rsaPublicKeyPem"))
    let bench = VenueBench(
      BybitSettings(
        apiKey: try vectors.string("apiKey"), limitsRate: false, verifyingKey: key))
    bench.time.advance(
      by: Timestamp(milliseconds: try vectors.integer("timestampMs")) - bench.time.now)
    for vector in recorded {
      guard case .object(let headers)? = vector["headers"] else { continue }
      let parts = try vector.string("url").split(
        separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      let request = ServerRequest(
        method: try vector.string("method"),
        path: String(parts[0].dropFirst("https://api.bybit.com".count)),
        query: parts.count > 1 ? String(parts[1]) : "",
        headers: headers.fields.map { .init(name: $0.key, value: $0.value.stringValue ?? "") },
        body: Array((vector["body"]?.stringValue ?? "").utf8))
      let code = try JSONValue(parsing: await bench.bybit.handle(request).body).integer("retCode")
      #expect(![10002, 10003, 10004].contains(code), "\(vector.text)")
    }
    #expect(!recorded.isEmpty)
  }

  @Test func `limits tell what is left and when the next call is free`() async throws {
    let bench = VenueBench()
    var last: ServerResponse?
    for _ in 1...6 {
      last = await bench.bybit.handle(
        bench.signed("GET", "account/fee-rate", query: "category=linear"))
    }
    let response = try #require(last)
    func header(_ name: String) -> String? { response.headers.first { $0.name == name }?.value }
    #expect(response.status == 200)
    #expect(try JSONValue(parsing: response.body).integer("retCode") == 10006)
    #expect(header("X-Bapi-Limit") == "5" && header("X-Bapi-Limit-Status") == "0")
    let reset = try #require(header("X-Bapi-Limit-Reset-Timestamp").flatMap { Int64($0) })
    #expect(reset > bench.clock.now.milliseconds)
    bench.time.advance(by: .milliseconds(reset - bench.clock.now.milliseconds))
    #expect(try await bench.get("account/fee-rate", "category=linear").integer("retCode") == 0)
  }

  @Test func `orders are cancelled when everybody who asked for it has fallen silent`() async throws
  {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript,
      server: bench.bybit)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/private")
      _ = try await listener.authorise(at: bench.clock.now)
      _ = try await listener.ask(["op": "subscribe", "args": ["dcp.future"]])
      let answer = try await bench.code(
        "order/disconnected-cancel-all", ["product": "DERIVATIVES", "timeWindow": 10])
      #expect(answer == 0)
      _ = try await bench.post(
        "order/create", VenueBench.order(["orderType": "Limit", "price": "60000"]))
      func open() async throws -> Int {
        await bench.exchange.advance()
        return try await bench.rows("order/realtime", "category=linear&symbol=BTCUSDT").count
      }
      bench.time.advance(by: .seconds(9))
      _ = try await listener.ask(["op": "ping"])
      bench.time.advance(by: .seconds(9))
      #expect(try await open() == 1)
      bench.time.advance(by: .seconds(1))
      #expect(try await open() == 0)
    }
  }
}
