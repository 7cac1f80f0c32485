import NIOCore
import TestSupport
import Testing
import TradingModel

@testable import ControlServer

/// Each attacker, and beside it the caller who is meant.
@Suite(.timeLimit(.minutes(1)))
struct ProtectionTests {
  private static let token = "correct-horse-battery-staple"

  // MARK: Another machine

  @Test func `an address that is not on the list is hung up on before it has said a word`()
    async throws
  {
    try await Bench.serving { (bench: Bench) async throws in
      let caller = try await Caller.connect(to: bench.port, from: "127.0.0.2")
      await caller.waitForEnd()
      #expect(try await bench.ask(Requests.get("/healthz"), from: "127.0.0.2").status == 0)
      #expect(try await bench.ask(Requests.get("/healthz")).status == 200)
      let metrics = try await bench.ask(Requests.get("/metrics")).body
      #expect(metrics.contains(#"quarterdeck_control_refused_total{reason="address"} 2"#))
    }
  }

  @Test func `an address on the list may call`() async throws {
    try await Bench.serving {
      $0.allowlist = ["127.0.0.1", "127.0.0.2"]
    } _: { (bench: Bench) async throws in
      #expect(try await bench.ask(Requests.get("/healthz"), from: "127.0.0.2").status == 200)
    }
  }

  // MARK: A web page on the same machine

  @Test(arguments: [
    "evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example", "",
    "[::1", "2130706433", "127.1",
  ])
  func `a page whose name points here is refused by its Host`(host: String) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      for request in [
        Requests.post("/panic", host: host), Requests.get("/panic/status", host: host),
      ] {
        let answer = try await bench.ask(request)
        #expect(answer.status == 403 || answer.status == 400, "\(answer)")
      }
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.1:9000", "localhost:8787", "LOCALHOST", "[::1]:8787"])
  func `this machine by address or as localhost is answered, through a tunnel too`(
    host: String
  ) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      #expect(try await bench.ask(Requests.get("/healthz", host: host)).status == 200)
    }
  }

  @Test func `a second Host does not smuggle a page in`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let answer = try await bench.ask(Requests.post("/panic", ["Host: evil.example"]))
      #expect(answer.status == 403 || answer.status == 400)
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test(arguments: [
    ["Origin: https://evil.example"], ["Origin: null"], ["Origin: http://127.0.0.1:8787"],
    ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-origin"],
  ])
  func `what a browser sends for a page is refused`(headers: [String]) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      #expect(try await bench.ask(Requests.post("/panic", headers)).status == 403)
      #expect(try await bench.ask(Requests.post("/panic/reset", headers)).status == 403)
      #expect(try await bench.ask(Requests.get("/metrics", headers)).status == 403)
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test func `a person who types the address into a browser sees the health`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let answer = try await bench.ask(Requests.get("/healthz", ["Sec-Fetch-Site: none"]))
      #expect(answer.status == 200)
      #expect(answer.headers.contains("cache-control: no-store"))
      #expect(answer.headers.contains("x-content-type-options: nosniff"))
      #expect(!answer.headers.contains("access-control"))
    }
  }

  @Test(arguments: [
    "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x",
  ])
  func `a form can't press the button`(type: String) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let form = Requests.post("/panic", type: type, body: #"{"why": "x"}"#)
      #expect(try await bench.ask(form).status == 415)
      let empty = Requests.post("/panic", ["Content-Type: \(type)"])
      #expect(try await bench.ask(empty).status == 415)
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test func `a page that asks first is told nothing that would let it`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let asking = "OPTIONS /panic HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n"
      let answer = try await bench.ask(asking + "Access-Control-Request-Method: POST\r\n\r\n")
      #expect(answer.status == 403 && !answer.headers.contains("access-control"))
    }
  }

  // MARK: A stolen or guessed token

  @Test(arguments: [
    [], ["Authorization: Bearer wrong-horse-battery-staple"],
    ["Authorization: Bearer correct-horse-battery-stapl"],
    ["Authorization: Bearer correct-horse-battery-staple "].map { $0 + "x" },
    ["Authorization: Basic correct-horse-battery-staple"], ["X-Token: \(token)"],
    ["Authorization: Bearer"],
  ])
  func `without the token nothing is done and nothing is told`(headers: [String]) async throws {
    try await Bench.serving {
      $0.token = ControlToken(Self.token)
    } _: { (bench: Bench) async throws in
      for request in [
        Requests.post("/panic", headers), Requests.post("/panic/reset", headers),
        Requests.get("/panic/status", headers), Requests.get("/healthz", headers),
        Requests.get("/metrics", headers),
      ] {
        let answer = try await bench.ask(request)
        #expect(answer.status == 401)
        #expect(answer.headers.contains("www-authenticate: bearer"))
        #expect(!answer.body.contains("10552"))
      }
      #expect(bench.bus.submitted.isEmpty)
      let shown = Requests.get("/healthz", ["Authorization: Bearer \(Self.token)"])
      #expect(try await bench.ask(shown).status == 200)
    }
  }

  @Test func `a token is compared whole and never printed`() {
    let token = ControlToken(Self.token)
    #expect(token.admits(Self.token))
    #expect(!token.admits(Self.token + "x") && !token.admits("") && !token.admits("Correct"))
    var other = Array(Self.token.utf8)
    for place in other.indices {
      other[place] ^= 1
      #expect(!token.admits(String(decoding: other, as: UTF8.self)), "differs at \(place)")
      other[place] ^= 1
    }
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains("horse"))
    #expect(!dumped.contains("104"), "nor its bytes")
  }

  // MARK: Who would keep the server busy

  @Test func `a body over 4 KiB is refused, whether it says so or not`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let why = String(repeating: "x", count: 5000)
      let said = Requests.post("/panic", body: #"{"why": "\#(why)"}"#)
      #expect(try await bench.ask(said).status == 413)
      let chunk = String(repeating: "x", count: 5000)
      let unsaid =
        "POST /panic HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n1388\r\n\(chunk)\r\n0\r\n\r\n"
      #expect(try await bench.ask(unsaid).status == 413)
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  private static let hurried = ControlServer.Limits(
    connections: 2, idle: .milliseconds(200), request: .milliseconds(200))

  @Test(arguments: [
    "", "GET /healthz HTTP/1.1\r\nHost: 127.0",
    "POST /panic HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
  ])
  func `a request that does not come is not waited for`(beginning: String) async throws {
    try await Bench.serving(limits: Self.hurried) { (bench: Bench) async throws in
      let caller = try await Caller.connect(to: bench.port)
      try await caller.send(beginning)
      await caller.waitForEnd()
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test func `dripping keeps no request alive`() async throws {
    try await Bench.serving(limits: Self.hurried) { (bench: Bench) async throws in
      let caller = try await Caller.connect(to: bench.port)
      try await caller.send(
        "POST /panic HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n\r\n")
      let dripping = Task {
        for _ in 0..<4000 where !Task.isCancelled { try await caller.send(" ") }
      }
      await caller.waitForEnd()
      dripping.cancel()
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test func `a connection is kept for the next request, and not for ever`() async throws {
    try await Bench.serving(limits: Self.hurried) { (bench: Bench) async throws in
      let caller = try await Caller.connect(to: bench.port)
      for _ in 1...2 {
        try await caller.send(Requests.get("/healthz"))
        #expect(await caller.answer().status == 200)
      }
      await caller.waitForEnd()
    }
  }

  @Test func `those who hold all connections are hung up on, and the next is served`()
    async throws
  {
    try await Bench.serving(limits: Self.hurried) { (bench: Bench) async throws in
      let idlers = [
        try await Caller.connect(to: bench.port), try await Caller.connect(to: bench.port),
      ]
      // Waits in the kernel's line until one of them has gone.
      #expect(try await bench.ask(Requests.get("/healthz")).status == 200)
      for idler in idlers { await idler.waitForEnd() }
    }
  }

  @Test func `heads beyond all measure are refused`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let long = Requests.get("/healthz", ["X-Long: " + String(repeating: "x", count: 20_000)])
      #expect(try await bench.ask(long).status != 200)
      let many = (0..<200).map { "X-\($0): y" }
      #expect(try await bench.ask(Requests.get("/healthz", many)).status != 200)
      #expect(try await bench.ask(Requests.get("/healthz")).status == 200)
    }
  }

  @Test(arguments: [
    "GET /panic HTTP/1.1", "PUT /panic HTTP/1.1", "GET /panic/reset HTTP/1.1", "GET / HTTP/1.1",
    "GET /panic/../healthz HTTP/1.1",
  ])
  func `there is nothing else to ask for`(line: String) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let answer = try await bench.ask("\(line)\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")
      #expect(answer.status == 404 || answer.status == 400)
      #expect(bench.bus.submitted.isEmpty)
    }
  }
}
