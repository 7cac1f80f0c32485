import Testing
import Transport

struct RedactionTests {
  let token = Secret("123456:AA-bb_cc")

  @Test
  func `a secret never prints, alone or within something`() {
    struct Settings { var token: Secret }
    for text in [
      "\(token)", String(reflecting: token), "\(Settings(token: token))", "\([token])",
      "\(Optional(token) as Any)",
    ] {
      #expect(!text.contains("123456"), "\(text)")
    }
    var dumped = ""
    dump(Settings(token: token), to: &dumped)
    #expect(!dumped.contains("123456"))
    #expect(token.exposed() == "123456:AA-bb_cc")
  }

  @Test(arguments: [
    "GET /bot123456:AA-bb_cc/getMe", "GET /bot123456%3AAA-bb_cc/getMe",
    "GET /bot123456%3aAA%2Dbb%5fcc/getMe", "GET /bot%31%32%33456:AA-bb_cc/getMe",
  ])
  func `secrets are blotted out, percent-encoded ones, too`(text: String) {
    #expect(Redactor([token]).redact(text) == "GET /bot[secret]/getMe")
  }

  @Test
  func `of two secrets the longer goes whole, and all else stays`() {
    let redactor = Redactor([Secret("abc"), Secret("abcdef"), Secret("")])
    #expect(
      redactor.redact("abcdef abc ab %61 abcabc é%")
        == "[secret] [secret] ab %61 [secret][secret] é%")
  }
}
