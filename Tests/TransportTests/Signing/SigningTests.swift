import TestSupport
import Testing
import Transport

struct SigningTests {
  @Test
  func `HMAC-SHA256 gives the codes of RFC 4231`() {
    #expect(
      SigningKey.hmac(Secret("Jefe")).signature(of: "what do ya want for nothing?")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = SigningKey.hmac(Secret(String(repeating: "k", count: 131)))
    #expect(long.signature(of: "").utf8.count == 64)
    #expect(
      SigningKey.hmac(Secret("")).signature(of: "")
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  @Test
  func `one key signs many texts, from many tasks at once`() async {
    let key = SigningKey.hmac(Secret("secret"))
    let expected = (0..<50).map { SigningKey.hmac(Secret("secret")).signature(of: "text \($0)") }
    let signed = await withTaskGroup(of: (Int, String).self) { group in
      for index in 0..<50 { group.addTask { (index, key.signature(of: "text \(index)")) } }
      return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<50).map { signed[$0] } == expected)
  }

  @Test
  func `SHA-256 gives the digests of FIPS 180-4`() {
    #expect(
      hexText(sha256(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hexText(sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test
  func `equal means equal to the last byte`() {
    #expect(constantTimeEquals("signature", "signature"))
    #expect(!constantTimeEquals("signature", "signaturf"))
    #expect(!constantTimeEquals("signature", "signatur"))
    #expect(constantTimeEquals("", ""))
  }

  @Test
  func `published signatures of both venues verify`() throws {
    guard let bytes = try Fixtures.bytes("vectors/published-signatures.json") else { return }
    for entry in try JSONValue(parsing: bytes).array() {
      // The venue's own example of a mixed request holds a stray blank; the clean text is given.
      let expected = try entry.string("recomputed")
      let key = SigningKey.hmac(Secret(try entry.string("secret")))
      let payload = try entry.string("payload")
      var text = payload
      if try entry.string("kind").hasPrefix("rest") {
        text = try entry.string("timestamp") + entry.string("key") + entry.string("recvWindow")
        text += payload
      }
      #expect(key.signature(of: text) == expected, "\(payload)")
    }
  }
}
