import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

struct SigningTests {
  @Test func `published signatures are reproduced`() throws {
    guard let bytes = try Fixtures.bytes("vectors/published-signatures.json") else { return }
    var seen: [String] = []
    for vector in try JSONValue(parsing: bytes).array() where vector["exchange"] == "bybit" {
      let keys = BybitKeys(
        key: Secret(try vector.string("key")), secret: Secret(try vector.string("secret")))
      let kind = try vector.string("kind")
      seen.append(kind)
      let signature =
        kind == "ws-auth"
        ? keys.streamSignature(expiry: Timestamp(milliseconds: try vector.integer("expires")))
        : keys.signature(
          at: Timestamp(milliseconds: try vector.integer("timestamp")),
          receiveWindow: .milliseconds(try vector.integer("recvWindow")),
          content: try vector.string("payload"))
      #expect(signature == (try vector.string("expected")))
    }
    #expect(seen == ["rest-get", "ws-auth"])
  }

  @Test func `requests of other clients are signed alike`() throws {
    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let keys = BybitKeys(
      key: Secret(try vectors.string("apiKey")), secret: Secret(try vectors.string("apiSecret")))
    var count = 0
    for request in try vectors.array("pybit", "hmac") + vectors.array("ccxt", "bybit") {
      guard let headers = request["headers"], let expected = headers["X-BAPI-SIGN"]?.stringValue,
        request["signing"]?.stringValue ?? "hmac" == "hmac"
      else { continue }
      let query = try request.string("url").split(separator: "?", maxSplits: 1).dropFirst().first
      // Both clients sign what they send, but for symbols beyond ASCII, which pybit encodes later.
      let content = try request.optionalString("body") ?? String(query ?? "")
      guard content.utf8.allSatisfy({ $0 < 0x80 }), !content.contains("%E") else { continue }
      count += 1
      let signature = keys.signature(
        at: Timestamp(milliseconds: try headers.integer("X-BAPI-TIMESTAMP")),
        receiveWindow: .milliseconds(try headers.integer("X-BAPI-RECV-WINDOW")), content: content)
      #expect(signature == expected, "\(request)")
    }
    #expect(count == 19)
  }
}
