import Foundation
import TestSupport
import Testing
import Transport

/// Requests that other clients signed with known keys: every one verifies, and every one is what we
/// would have signed, byte for byte.
struct ClientVectorTests {
  private struct Signed {
    var kind: SigningKey.Kind
    var text: String
    var signature: String
  }

  private struct Vectors {
    var signers: [SigningKey.Kind: SigningKey]
    var verifiers: [SigningKey.Kind: VerifyingKey]
    var requests: [Signed] = []

    init(_ file: JSONValue) throws {
      let secret = Secret(try file.string("apiSecret"))
      signers = [
        .hmac: .hmac(secret),
        .rsa: try SigningKey(pem: Secret(try file.string("rsaPrivateKeyPkcs8Base64"))),
        .ed25519: try SigningKey(pem: Secret(try file.string("ed25519PrivateKeyPkcs8Base64"))),
      ]
      verifiers = [
        .hmac: .hmac(secret),
        .rsa: try VerifyingKey(pem: try file.string("rsaPublicKeyPem")),
        .ed25519: try VerifyingKey(pem: try file.string("ed25519PublicKeyPem")),
      ]
    }

    mutating func add(_ list: JSONValue?, as kind: SigningKey.Kind? = nil) throws {
      for entry in try list?.array() ?? [] {
        guard let text = try entry.optionalString("signedString") else { continue }
        let named = try entry.optionalString("signing").flatMap(SigningKey.Kind.init)
        requests.append(
          Signed(
            kind: try #require(kind ?? named), text: text,
            signature: try #require(Self.signature(in: entry))))
      }
    }

    /// Bybit's header, or the last parameter of Binance's query or body.
    private static func signature(in entry: JSONValue) -> String? {
      if let header = entry["headers"]?["X-BAPI-SIGN"]?.stringValue { return header }
      let texts = [entry["body"]?.stringValue, entry["url"]?.stringValue].compactMap { $0 }
      return texts.lazy.compactMap { text in
        text.range(of: "signature=").flatMap {
          String(text[$0.upperBound...]).removingPercentEncoding
        }
      }.first
    }
  }

  private func check(_ vectors: Vectors, _ kinds: Set<SigningKey.Kind>) throws {
    for request in vectors.requests {
      let signer = try #require(vectors.signers[request.kind])
      let verifier = try #require(vectors.verifiers[request.kind])
      #expect(signer.kind == request.kind && verifier.kind == request.kind)
      #expect(signer.signature(of: request.text) == request.signature, "\(request.text)")
      #expect(verifier.verifies(request.signature, of: request.text), "\(request.text)")
      #expect(!verifier.verifies(request.signature, of: request.text + " "))
    }
    #expect(Set(vectors.requests.map(\.kind)) == kinds)
  }

  @Test
  func `Bybit's clients with HMAC and RSA keys`() throws {
    guard let bytes = try Fixtures.bytes("vectors/bybit-client-requests.json") else { return }
    let file = try JSONValue(parsing: bytes)
    var vectors = try Vectors(file)
    for (name, kind) in [("hmac", SigningKey.Kind.hmac), ("rsa", .rsa)] {
      try vectors.add(file["pybit"]?[name], as: kind)
    }
    try vectors.add(file["ccxt"]?["bybit"])
    try check(vectors, [.hmac, .rsa])
  }

  @Test
  func `Binance's clients with HMAC, RSA and Ed25519 keys`() throws {
    guard let bytes = try Fixtures.bytes("vectors/binance-client-requests.json") else { return }
    let file = try JSONValue(parsing: bytes)
    var vectors = try Vectors(file)
    try vectors.add(file["ccxt"]?["binanceusdm"])
    try check(vectors, [.hmac, .rsa, .ed25519])
  }
}
