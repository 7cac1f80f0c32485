import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

struct KeysTests {
  @Test func `an RSA key signs as other clients do`() throws {
    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let keys = try BybitKeys(
      key: Secret(try vectors.string("apiKey")),
      privatePEM: Secret(try vectors.string("rsaPrivateKeyPkcs8Base64")))
    var count = 0
    for request in try vectors.array("pybit", "rsa") {
      guard let headers = request["headers"], let expected = headers["X-BAPI-SIGN"]?.stringValue
      else { continue }
      let time = try headers.integer("X-BAPI-TIMESTAMP")
      let window = try headers.integer("X-BAPI-RECV-WINDOW")
      let signed = try request.string("signedString")
      let content = signed.dropFirst("\(time)\(try vectors.string("apiKey"))\(window)".count)
      let signature = keys.signature(
        at: Timestamp(milliseconds: time), receiveWindow: .milliseconds(window),
        content: String(content))
      #expect(signature == expected)
      count += 1
    }
    #expect(count > 5)
    #expect(!"\(keys)".contains("BEGIN"))
  }

  @Test func `a key that can't sign, or not for Bybit, is refused when it is read`() throws {
    #expect(throws: BybitKeysError.unreadable(.empty)) {
      try BybitKeys(key: Secret("key"), privatePEM: Secret(""))
    }
    guard let bytes = try Fixtures.bytes("vectors/binance-client-requests.json") else { return }
    let pem = try JSONValue(parsing: bytes).string("ed25519PrivateKeyPkcs8Base64")
    #expect(throws: BybitKeysError.notRSA) {
      try BybitKeys(key: Secret("key"), privatePEM: Secret(pem))
    }
    #expect("\(BybitKeysError.notRSA)".contains("openssl genpkey"))
  }
}
