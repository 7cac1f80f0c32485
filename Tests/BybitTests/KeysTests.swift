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

  @Test func `a secret that holds a PEM is an RSA key, any other is the secret of an HMAC key`()
    throws
  {
    let plain = try BybitKeys(key: Secret("key"), secretOrPEM: Secret("secret"))
    let hmac = BybitKeys(key: Secret("key"), secret: Secret("secret"))
    #expect(plain.streamSignature(expiry: .noon) == hmac.streamSignature(expiry: .noon))

    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let base64 = try JSONValue(parsing: bytes).string("rsaPrivateKeyPkcs8Base64")
    let rsa = try BybitKeys(key: Secret("key"), privatePEM: Secret(base64))
    // As a file has it, and as one line of `.env`.
    for lineEnd in ["\n", #"\n"#] {
      let pem = ["-----BEGIN PRIVATE KEY-----", base64, "-----END PRIVATE KEY-----"]
        .joined(separator: lineEnd)
      let read = try BybitKeys(key: Secret("key"), secretOrPEM: Secret(pem))
      #expect(read.streamSignature(expiry: .noon) == rsa.streamSignature(expiry: .noon))
      #expect(!"\(read)".contains(base64.prefix(40)))
    }
    guard let others = try Fixtures.bytes("vectors/binance-client-requests.json") else { return }
    let ed25519 = try JSONValue(parsing: others).string("ed25519PrivateKeyPkcs8Base64")
    #expect(throws: BybitKeysError.notRSA) {
      try BybitKeys(
        key: Secret("key"),
        secretOrPEM: Secret(
          "-----BEGIN PRIVATE KEY-----\n\(ed25519)\n-----END PRIVATE KEY-----"))
    }
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
