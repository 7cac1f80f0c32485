import Testing

@testable import Transport

struct NetworkSettingsTests {
  private func settings(_ proxy: String, noProxy: [String] = []) -> NetworkSettings {
    NetworkSettings(proxy: Secret(proxy), noProxy: noProxy)
  }

  @Test(arguments: [
    ("http://proxy.local:3128", "http://proxy.local:3128"),
    ("HTTP://proxy.local", "http://proxy.local:8080"),
    ("socks5://10.0.0.1:9050/", "socks5://10.0.0.1:9050"),
    ("socks5h://[::1]", "socks5://[::1]:1080"),
    ("http://me:p%40ss@proxy.local:80", "http://proxy.local:80"),
    ("http://me@[fe80::1]:81", "http://[fe80::1]:81"),
  ])
  func `a proxy is read, and prints without its login`(text: String, shown: String) throws {
    let settings = settings(text)
    #expect(settings.problems.isEmpty)
    let proxy = try #require(try settings.proxy(for: RequestURL("https://venue.test")))
    #expect("\(proxy)" == shown)
    #expect(!"\(settings)".contains("proxy.local"))
    if text.contains("p%40ss") {
      #expect(proxy.login?.name == Secret("me") && proxy.login?.password == Secret("p@ss"))
    }
  }

  @Test(arguments: [
    "proxy.local:3128", "https://proxy.local", "ftp://proxy.local", "http://", "http://:80",
    "http://proxy.local:0", "http://proxy.local:99999", "http://me:%zz@proxy.local",
    "http://:my-password@proxy.local", "http://me:my-password@",
  ])
  func `what is no proxy is said, without the password`(text: String) {
    let problems = settings(text).problems
    #expect(problems.count == 1)
    #expect(problems.allSatisfy { $0.hasPrefix("network.proxy: ") && !$0.contains("my-password") })
  }

  @Test(
    arguments: [
      ("https://api.venue.test", ["venue.test"], false),
      ("https://venue.test", [".venue.test"], false),
      ("https://evenue.test", ["venue.test"], true),
      ("https://venue.test", ["api.venue.test"], true),
      ("https://API.Venue.test", ["api.venue.TEST"], false), ("https://venue.test", ["*"], false),
      ("https://10.1.2.3", ["10.1.2.3"], false), ("https://venue.test", ["", "."], true),
      ("https://127.0.0.1:8443", [], false), ("http://localhost", [], false),
    ] as [(String, [String], Bool)])
  func `some hosts are reached without the proxy`(
    url: String, noProxy: [String], isProxied: Bool
  ) throws {
    let settings = settings("http://proxy.local:3128", noProxy: noProxy)
    #expect((try settings.proxy(for: RequestURL(url)) != nil) == isProxied)
  }

  @Test
  func `the environment fills in what the settings leave open`() {
    let environment = [
      "https_proxy": "http://one:1", "ALL_PROXY": "http://two:2", "NO_PROXY": "a.test, b.test",
    ]
    let filled = NetworkSettings().filled(from: environment)
    #expect(filled == settings("http://one:1", noProxy: ["a.test", "b.test"]))
    #expect(
      NetworkSettings().filled(from: ["ALL_PROXY": "http://two:2"]) == settings("http://two:2"))
    let own = settings("http://mine:1", noProxy: ["c.test"])
    #expect(own.filled(from: environment) == own)
    #expect(NetworkSettings().filled(from: ["HTTPS_PROXY": ""]) == NetworkSettings())
  }

  @Test
  func `a file of authorities must be there and hold some`() async throws {
    try await TestAuthority.withFile { file in
      #expect(NetworkSettings(extraCAFile: file).problems.isEmpty)
    }
    try await TestAuthority.withFile(holding: "nothing") { file in
      #expect(NetworkSettings(extraCAFile: file).problems.first?.contains("PEM") == true)
    }
    let missing = NetworkSettings(extraCAFile: "/nowhere/ca.pem").problems
    #expect(missing == ["network.extra_ca_file: /nowhere/ca.pem cannot be read"])
  }
}
