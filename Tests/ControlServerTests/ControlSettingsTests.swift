import Testing

@testable import ControlServer

struct ControlSettingsTests {
  private func problems(_ change: (inout ControlSettings) -> Void) -> [String] {
    var settings = ControlSettings()
    change(&settings)
    return settings.problems().map { "\($0.key): \($0.text)" }
  }

  @Test func `the default is this machine alone, and needs no token`() {
    #expect(problems { _ in }.isEmpty)
    #expect(problems { $0.host = "localhost" }.isEmpty)
    #expect(problems { $0.host = "::1" }.isEmpty)
    #expect(problems { $0.allowlist = ["127.0.0.1", "127.3.2.1"] }.isEmpty)
  }

  @Test(arguments: ["0.0.0.0", "::", "192.168.1.7", "10.0.0.1"])
  func `whatever lets another machine in needs a token`(address: String) {
    #expect(problems { $0.host = address }.first?.contains("PANIC_TOKEN") == true)
    #expect(problems { $0.allowlist.append(address) }.first?.contains("PANIC_TOKEN") == true)
    #expect(
      problems {
        $0.host = address
        $0.allowlist.append(address)
        $0.token = ControlToken("correct-horse-battery-staple")
      }.isEmpty)
  }

  @Test func `a token that could be guessed is refused, and not printed`() {
    let found = problems { $0.token = ControlToken("hunter2-hunter2") }
    #expect(found == ["token: must have at least 16 characters, has 15"])
  }

  @Test func `what is no address is named`() {
    #expect(problems { $0.host = "my-host" }.first?.contains("'my-host'") == true)
    #expect(problems { $0.allowlist = ["10.0.0.0/8"] }.first?.contains("10.0.0.0/8") == true)
  }

  @Test func `two spellings of an address are one`() {
    #expect(PeerAddress("::1") != nil && PeerAddress("::1") == PeerAddress("0:0:0:0:0:0:0:1"))
    #expect(PeerAddress("::ffff:127.0.0.1") == PeerAddress("127.0.0.1"))
    #expect(PeerAddress("127.1") == nil && PeerAddress("") == nil)
  }
}
