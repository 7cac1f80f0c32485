import Testing
import Transport

struct SigningKeyTests {
  private func error(_ text: String) -> SigningKeyError? {
    do throws(SigningKeyError) {
      _ = try SigningKey(pem: Secret(text))
      return nil
    } catch {
      return error
    }
  }

  private func block(_ body: String, _ name: String = "PRIVATE KEY") -> String {
    "-----BEGIN \(name)-----\n\(body)\n-----END \(name)-----\n"
  }

  @Test
  func `a key is read as PEM, as base64, and as an environment file spells it`() throws {
    let verifier = try VerifyingKey(pem: block(Keys.edPublic, "PUBLIC KEY"))
    let pem = block(Keys.ed)
    let spellings = [
      pem, pem.replacing("\n", with: "\r\n"), "\n  " + pem.replacing("\n", with: "  \n  "),
      pem.replacing("\n", with: #"\n"#), Keys.ed, Keys.ed + "\n",
    ]
    for spelling in spellings {
      let key = try SigningKey(pem: Secret(spelling))
      #expect(key.kind == .ed25519)
      #expect(verifier.verifies(key.signature(of: "text"), of: "text"))
    }
    #expect(try VerifyingKey(pem: Keys.edPublic).kind == .ed25519)
  }

  @Test
  func `a signature counts for its text and its key alone`() throws {
    let key = try SigningKey(pem: Secret(Keys.ed))
    let verifier = try VerifyingKey(pem: Keys.edPublic)
    let signature = key.signature(of: "text")
    #expect(!verifier.verifies(signature, of: "texts"))
    #expect(!verifier.verifies(String(signature.dropLast()), of: "text"))
    #expect(!verifier.verifies("", of: "text"))
    #expect(!verifier.verifies("not base64, ü", of: "text"))
    #expect(!verifier.verifies(SigningKey.hmac(Secret("s")).signature(of: "text"), of: "text"))

    let shared = VerifyingKey.hmac(Secret("s"))
    let code = SigningKey.hmac(Secret("s")).signature(of: "text")
    #expect(shared.verifies(code, of: "text"))
    #expect(shared.verifies(code.uppercased(), of: "text"))
    #expect(!shared.verifies(code, of: "texts"))
    #expect(!shared.verifies(String(code.dropLast()), of: "text"))
    #expect(!shared.verifies("", of: "text"))
    #expect(!VerifyingKey.hmac(Secret("S")).verifies(code, of: "text"))
  }

  @Test
  func `what is no key is refused with what would be right, and not repeated`() throws {
    let bad: [(text: String, error: SigningKeyError)] = [
      ("", .empty), (" \n", .empty),
      ("my-secret!", .notBase64),
      (block(Keys.ed).replacing("-----END PRIVATE KEY-----", with: ""), .notBase64),
      (String(Keys.ed.dropLast(4)), .malformed),
      ("aGVsbG8=", .malformed),
      (Keys.edPublic, .malformed),
      (block(Keys.edPublic, "PUBLIC KEY"), .wrongBlock("PUBLIC KEY")),
      (block(Keys.ed, "OPENSSH PRIVATE KEY"), .wrongBlock("OPENSSH PRIVATE KEY")),
      (block(Keys.ed, "my-secret!"), .wrongBlock("unknown")),
      (block(Keys.encrypted, "ENCRYPTED PRIVATE KEY"), .encrypted),
      (block(Keys.ellipticCurve), .unsupported(algorithm: "EC")),
      (block(Keys.shortRSA), .tooShort(bits: 1024)),
    ]
    for (text, expected) in bad {
      let found = try #require(error(text))
      #expect(found == expected)
      #expect(!"\(found)".contains("my-secret"))
      #expect(text.count < 20 || !"\(found)".contains(text.dropFirst(30).prefix(8)))
    }
    #expect(throws: SigningKeyError.malformed) { try VerifyingKey(pem: Keys.ed) }
  }

  @Test
  func `keys do not print`() throws {
    let key = try SigningKey(pem: Secret(Keys.ed))
    for shown in ["\(key)", String(reflecting: key), "\(SigningKey.hmac(Secret("mine")))"] {
      #expect(shown == "[ed25519 key]" || shown == "[hmac key]")
    }
    var dumped = ""
    dump([key, .hmac(Secret("mine"))], to: &dumped)
    dump(VerifyingKey.hmac(Secret("mine")), to: &dumped)
    #expect(!dumped.contains("mine"))
  }

  @Test
  func `one key signs from many tasks at once`() async throws {
    let key = try SigningKey(pem: Secret(Keys.ed))
    let verifier = try VerifyingKey(pem: Keys.edPublic)
    let good = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<50 {
        group.addTask { verifier.verifies(key.signature(of: "text \(index)"), of: "text \(index)") }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(good == 50)
  }
}

/// Made for these tests.
private enum Keys {
  static let ed = "MC4CAQAwBQYDK2VwBCIEIMjcfJCDJCl/Fhuke3IBeNab/Yi8r8yXYQNWLImfH8VR"
  static let edPublic = "MCowBQYDK2VwAyEAVDlpunYRQG1F22HLhe2+sdR1dqxxDBW7OxMpf8IMB6E="
  static let ellipticCurve = """
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCDOU04CWCv8UjydW
    7eQQdzXPVrh2GU7ED8GUxCJdD4GhRANCAARVtfLgzKaBbIPZG+4tjNxnyAxKTKZq
    IA4ifjRvrNut23/gve7XucIVBzVyWwbNXwowhYNccZULIeLrtr8ELkQg
    """
  /// The one above under a password.
  static let encrypted = """
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiokuDWy7dzAwICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEED3T0NhgA5vHOGaJ5zSUFnMEgZCJ
    c/vZoz01C7Vyyeq8uTjsR04z3CWQw4OdJsX25zQExraxSesTEy/iDLA7piNpE85E
    pSERPS2HqEfqy+skwDN6vKVrwKUzrU2b9V/uvS1PbMqMqRfM8En8mNWRKyiEt9rV
    krxr+Z3Rx5Fy9dgQ+CFV2DRhXfYFtBkJ45lXqkAym6GLxQQeXNJ+umMEsQdd7N0=
    """
  static let shortRSA = """
    MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMix2hQg1bQ4RBHk
    TOxCgSq6cb8yATJfLHjzWc9gW3/7beCT0SZG77E2Tao18NjjzjeIrekmv1BzySi8
    72gCUq3+xmqPl/moDgJbBn+8K74Z6DmGtDq5V7G2SASAEmRfW482Qj7wafoqslc3
    Oy8JjWCoZerr8myyCK2ba88IcisrAgMBAAECgYB9v2ob6ILeG88SwtArzHOwOQfi
    O0uiqx1rX1arZ/2M0BYFe7i1Wgb/Kz44YvnYe8wO4bXN+zguCY5F1zPOIH56aEMA
    PGDXyen+AZkqtWiSdrj1cN7w8ACjW8VbkK/TPxjDPYw6sHPFLV9VzOaoqRuwyoCq
    avQtsI2MnpZOW9BDkQJBAO/bFfLE/t0S+142SkWjr1sB8rrF1zCo7gSFOsLyPL9E
    NN5ax5f3TJqNOOg7AlJsU3xLH+nyBQuviSZuXoGhB/kCQQDWM/0K/Yi7Mla1WSM5
    WjFGmXGYpsnu2niUqSzjoFhoz7mDvbHbSoM2YUjmZ5LajOMdRTY6YycNKcXgDwh8
    zP1DAkEArteYd0CMvGCi5flTSNJZ+FBCPU4MYEc0Qg1QWV01VQOGOnQYPLmjmKHL
    UtX5ClY2wUsN935ZmTwbEO2xbHMTGQJAeTq1NNom32NvBXXsZJIyHzXKv81trfwB
    kIlquW1PfApMgU4D8gtq1YUbwCLQT1a7Vx6LwWHKgT2qGtQHRrKxhwJBALWZekmq
    4RgdZu5IJcrqxgiy+Lz8mhzz8dPvqK/BeK5pZUneFG7J2YDJtPWThEY2Df7lnyBx
    Sov6C6VEOT/s7x0=
    """
}
