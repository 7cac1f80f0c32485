import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

struct SigningTests {
  @Test func `published signatures are reproduced`() throws {
    guard let bytes = try Fixtures.bytes("vectors/published-signatures.json") else { return }
    var count = 0
    for vector in try JSONValue(parsing: bytes).array() where vector["exchange"] == "binance" {
      let keys = BinanceKeys(
        key: Secret("key"), signer: .hmac(Secret(try vector.string("secret"))))
      #expect(keys.signature(of: try vector.string("payload")) == (try vector.string("expected")))
      count += 1
    }
    #expect(count == 2)
  }

  @Test(arguments: ["hmac", "rsa", "ed25519"])
  func `requests of another client are signed alike`(kind: String) throws {
    guard let bytes = try Fixtures.bytes("vectors/binance-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let secret =
      switch kind {
      case "rsa": try pem(vectors, "rsaPrivateKeyPkcs8Base64")
      case "ed25519": try pem(vectors, "ed25519PrivateKeyPkcs8Base64")
      default: try vectors.string("apiSecret")
      }
    let keys = try BinanceKeys(key: Secret("key"), secret: Secret(secret))
    #expect(keys.opensSessions == (kind == "ed25519"))
    var count = 0
    for request in try vectors.array("ccxt", "binanceusdm")
    where request["signing"]?.stringValue == kind {
      guard let text = try request.optionalString("signedString") else { continue }
      let url = try request.string("url")
      let sent = try request.optionalString("body") ?? ""
      let form = sent.isEmpty ? String(url.drop { $0 != "?" }.dropFirst()) : sent
      #expect(form == "\(text)&signature=\(PercentEncoding.encode(keys.signature(of: text)))")
      count += 1
    }
    #expect(count > 1)
  }

  private func pem(_ vectors: JSONValue, _ name: String) throws -> String {
    "-----BEGIN PRIVATE KEY-----\n\(try vectors.string(.field(name)))\n-----END PRIVATE KEY-----\n"
  }

  @Test func `what is signed is what is sent, symbols beyond ASCII as percent-encoded UTF-8`()
    async throws
  {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v1/symbolConfig", .refused(-1121))
    _ = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.symbolSettings(of: "币安人生USDT")
    }
    let form = try #require(bench.http.requests.first).form
    let text =
      "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&recvWindow=5000&timestamp=1795176000000"
    let signature = SigningKey.hmac(Secret("secret")).signature(of: text)
    #expect(form == "\(text)&signature=\(signature)")
    #expect(bench.http.requests.first?.headers["X-MBX-APIKEY"] == "key")
  }
}
