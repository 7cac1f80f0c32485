import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Who may ask the loopback Binance, and when.
struct BinanceSigningTests {
  typealias Signer = BinanceBench.Signer

  private func code(_ bench: BinanceBench, _ request: ServerRequest) async throws -> Int64 {
    let response = await bench.server.handle(request)
    let answer = try JSONValue(parsing: response.body)
    return response.status == 200 ? 0 : try answer.integer("code")
  }

  @Test(
    arguments: [
      (Signer(), 0), (Signer(key: ""), -2014), (Signer(key: "with blank"), -2014),
      (Signer(key: "Stranger0001"), -2015), (Signer(secret: "wrong"), -1022),
      (Signer(ahead: 999), 0), (Signer(ahead: 1_000), -1021), (Signer(ahead: -5_000), 0),
      (Signer(ahead: -5_001), -1021), (Signer(ahead: -60_000, window: "60000"), 0),
      (Signer(ahead: -11, window: "10"), -1021), (Signer(window: "60001"), -1130),
      // The time is looked at before the key, the key before the signature.
      (Signer(key: "Stranger0001", ahead: 1_000), -1021),
      (Signer(key: "Stranger0001", secret: "wrong"), -2015),
    ] as [(Signer, Int64)])
  func `keys, times and signatures are checked in the venue's order`(
    signer: Signer, expected: Int64
  ) async throws {
    let bench = await BinanceBench()
    #expect(try await code(bench, bench.signed("GET", "v3/balance", by: signer)) == expected)
  }

  @Test func `what is not signed at all is told what is missing`() async throws {
    let bench = await BinanceBench()
    let key = Signer().key
    #expect(try await code(bench, bench.request("GET", "v3/balance")) == -2014)
    #expect(try await code(bench, bench.request("GET", "v3/balance", key: key)) == -1102)
    let time = "timestamp=\(bench.clock.now.milliseconds)"
    #expect(try await code(bench, bench.request("GET", "v3/balance", time, key: key)) == -1102)
  }

  @Test func `parameters come by query, by form or by both, and the query wins`() async throws {
    let bench = await BinanceBench()
    let time = "timestamp=\(bench.clock.now.milliseconds)"
    let signing = SigningKey.hmac(Secret(Signer().secret))
    // Query and body are signed together without anything between them.
    let (query, body) = ("symbol=BTCUSDT&leverage=7", "leverage=9&\(time)")
    let signature = signing.signature(of: query + body)
    let mixed = bench.request(
      "POST", "v1/leverage", query, key: Signer().key, body: "\(body)&signature=\(signature)")
    #expect(try await bench.answer(mixed)["leverage"] == 7)
    let form = "symbol=BTCUSDT&leverage=8&\(time)"
    let formed = bench.request(
      "POST", "v1/leverage", key: Signer().key,
      body: "\(form)&signature=\(signing.signature(of: form).uppercased())")
    #expect(try await bench.answer(formed)["leverage"] == 8)
  }

  @Test func `a listen key needs the header alone`() async throws {
    let bench = await BinanceBench()
    #expect(try await code(bench, bench.request("POST", "v1/listenKey")) == -2014)
    #expect(
      try await code(bench, bench.request("POST", "v1/listenKey", key: "Stranger0001")) == -2015)
    let key = Signer().key
    #expect(try await code(bench, bench.request("PUT", "v1/listenKey", key: key)) == -1125)
    let first = try await bench.listenKey()
    #expect(try await bench.listenKey() == first && first.count == 64)
    #expect(try await code(bench, bench.request("PUT", "v1/listenKey", key: key)) == 0)
    #expect(try await code(bench, bench.request("DELETE", "v1/listenKey", key: key)) == 0)
    #expect(try await bench.listenKey() != first)
  }

  @Test func `requests of a foreign client are verified, whatever signed them`() async throws {
    for path in Fixtures.files(under: "vectors", extension: "json")
    where path.lastPathComponent == "binance-client-requests.json" {
      let vectors = try JSONValue(parsing: String(contentsOf: path, encoding: .utf8))
      let settings = BinanceSettings(
        apiKey: try vectors.string("apiKey"), apiSecret: try vectors.string("apiSecret"))
      let pems = [
        "rsa": try vectors.string("rsaPublicKeyPem"),
        "ed25519": try vectors.string("ed25519PublicKeyPem"),
      ]
      var checked = 0
      for row in try vectors.array("ccxt", "binanceusdm") where row["signedString"] != nil {
        let made = Timestamp(milliseconds: try vectors.integer("timestampMs"))
        let bench = await BinanceBench(settings, at: made)
        var key = settings.apiKey
        if let pem = pems[try row.string("signing")] {
          key = try await bench.steer("POST", "keys", ["public_key": .string(pem)])
            .string("api_key")
        }
        let url = try row.string("url")
        let parts = url.split(separator: "?", maxSplits: 1).map(String.init)
        let route = parts[0].split(separator: "/fapi/", maxSplits: 1).map(String.init)
        let request = bench.request(
          try row.string("method"), route[1], parts.count > 1 ? parts[1] : "", key: key,
          body: row["body"]?.stringValue ?? "")
        let answer = try await bench.answer(request)
        let code = answer["code"].flatMap { try? JSONValue.object(["c": $0]).integer("c") } ?? 0
        #expect(![-1021, -1022, -2014, -2015].contains(code), "\(url): \(answer.text)")
        checked += 1
      }
      #expect(checked > 10)
    }
  }
}
