import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

@Suite(.timeLimit(.minutes(1)))
struct PrivateStreamTests {
  private static let accepted = #"{"success":true,"ret_msg":"","op":"%","conn_id":"c"}"#

  /// Accepts everyone, and after the subscription says `frames`.
  private func server(_ frames: [String] = []) -> ScriptedStream {
    ScriptedStream { text, socket in
      for operation in ["auth", "subscribe"] where text.contains(#""op":"\#(operation)""#) {
        socket.send(Self.accepted.replacing("%", with: operation))
      }
      if text.contains(#""op":"subscribe","args":["order""#) {
        for frame in frames { socket.send(frame) }
      }
    }
  }

  private func frame(_ topic: String, _ rows: JSONValue...) -> String {
    JSONValue.object(["topic": .string(topic), "data": .array(rows)]).text
  }

  @Test func `it logs in, subscribes, and asks for a reading`() async throws {
    let server = server()
    try await server.serving { address in
      var listening = Listening()
      listening.clockOffset = .seconds(30)
      try await listening.to(address) { _ in await listening.book.chronicle.wait(for: "gap") }
      let expiry = Timestamp.noon + .seconds(40)
      let signature = SigningKey.hmac(Secret("secret")).signature(
        of: "GET/realtime\(expiry.milliseconds)")
      #expect(
        server.said.lines.filter { $0.contains("auth") || $0.contains("order") } == [
          #"{"op":"auth","args":["key",\#(expiry.milliseconds),"\#(signature)"]}"#,
          #"{"op":"subscribe","args":["order","execution","position","wallet"]}"#,
        ])
      #expect(listening.book.words.filter { !$0.contains("down") } == ["link account up", "gap"])
    }
  }

  @Test func `where nothing happens an answered ping is a sign of life`() async throws {
    let listening = Listening()
    let clock = listening.clock
    let server = ScriptedStream { [accepted = Self.accepted] text, socket in
      if text.contains("auth") { socket.send(accepted.replacing("%", with: "auth")) }
      guard text.contains("subscribe") else { return }
      // 29 s of silence, then the venue's answer to a ping; the subscription's comes last.
      clock.advance(by: .seconds(29))
      socket.send(#"{"req_id":"","op":"pong","args":["1795176000000"],"conn_id":"c"}"#)
      socket.send(accepted.replacing("%", with: "subscribe"))
    }
    try await server.serving { address in
      try await listening.to(address) { _ in await listening.book.chronicle.wait(for: "gap") }
      #expect(listening.book.signsOfLife.filter { $0 == .account }.count == 2)
      #expect(listening.book.words.filter { !$0.contains("down") } == ["link account up", "gap"])
    }
  }

  @Test func `after every loss the account is to be read again`() async throws {
    let server = ScriptedStream { [accepted = Self.accepted] text, socket in
      if text.contains("auth") { socket.send(accepted.replacing("%", with: "auth")) }
      guard text.contains("subscribe") else { return }
      socket.send(accepted.replacing("%", with: "subscribe"))
      socket.reset()
    }
    try await server.serving { address in
      let listening = Listening()
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "link account down")
        await listening.reconnect()
        await listening.book.chronicle.wait(for: "gap", times: 2)
      }
      #expect(
        listening.book.words.prefix(5) == [
          "link account up", "gap", "link account down", "link account up", "gap",
        ])
    }
  }

  @Test(
    arguments: [
      #"{"op":"auth","success":false,"retCode":10003,"retMsg":"Wrong signature","connId":"x"}"#,
      #"{"success":false,"ret_msg":"Wrong signature","op":"auth","conn_id":"x"}"#,
    ])
  func `a refused key is told with the venue's words and tried again later`(
    refusal: String
  ) async throws {
    let server = ScriptedStream { text, socket in
      if text.contains("auth") { socket.send(refusal) }
    }
    try await server.serving { address in
      let listening = Listening()
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "link account down", times: 2)
        await listening.reconnect()
        await listening.book.chronicle.wait(for: "link account down", times: 3)
      }
      #expect(
        listening.book.events.first
          == .link(.account, isUp: false, detail: "auth refused: Wrong signature"))
      #expect(!server.said.lines.contains { $0.contains("execution") })
      #expect(!listening.book.words.contains("gap"))
    }
  }

  @Test(arguments: ["auth", "subscribe"])
  func `a server that does not answer is left, and tried again later`(mute: String) async throws {
    let server = ScriptedStream { [accepted = Self.accepted] text, socket in
      if mute != "auth", text.contains("auth") {
        socket.send(accepted.replacing("%", with: "auth"))
      }
    }
    try await server.serving { address in
      var listening = Listening()
      // Long enough for the answer that does come, on a busy machine too.
      listening.answerTimeout = .seconds(3)
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "link account down", times: 2)
        await listening.reconnect()
        await listening.book.chronicle.wait(for: "link account down", times: 3)
      }
      let words = "\(mute) was not answered within 3.0 seconds"
      #expect(listening.book.events.contains(.link(.account, isUp: false, detail: words)))
      #expect(!listening.book.words.contains("link account up"))
    }
  }

  @Test func `a frame that can't be read asks for a reading and costs no other`() async throws {
    let good = frame("order", Rows.order(link: "liq-1-1", status: "New"))
    let bad = frame("order", Rows.order(link: "liq-1-2", status: "Melted"))
    let server = server([bad, "not json", good])
    try await server.serving { address in
      let listening = Listening()
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "order liq-1-1 new")
      }
      #expect(
        listening.book.words.filter { !$0.hasPrefix("link") } == [
          "gap", "gap", "gap", "order liq-1-1 new",
        ])
    }
  }

  @Test func `what is no contract in USDT is none of ours`() async throws {
    func changed(_ key: String, _ value: JSONValue) -> JSONValue {
      guard case .object(var row) = Rows.order(link: "foreign", status: "New") else { return .null }
      row[key] = value
      return .object(row)
    }
    let server = server([
      frame(
        "order", changed("category", "spot"), changed("symbol", "BTCPERP"),
        changed("symbol", "BTCUSDT-27MAR26"), Rows.order(link: "ours", status: "New")),
      frame("execution.fast", Rows.fill(id: "1")), frame("dcp.future"),
    ])
    try await server.serving { address in
      let listening = Listening()
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "order ours new")
      }
      #expect(listening.book.account.count == 1)
    }
  }

  @Test func `a wallet counts only once the margin mode is known`() async throws {
    let row: JSONValue = [
      "accountType": "UNIFIED",
      "coin": [["coin": "USDT", "equity": "1000", "walletBalance": "1000"]],
    ]
    let frames = [frame("wallet", row), frame("order", Rows.order(link: "x", status: "New"))]
    for (mode, wallets) in [(nil, 0), (.cross, 1)] as [(MarginMode?, Int)] {
      try await server(frames).serving { address in
        var listening = Listening()
        listening.mode = mode
        try await listening.to(address) { _ in
          await listening.book.chronicle.wait(for: "order x new")
        }
        #expect(listening.book.words.count { $0 == "wallet" } == wallets)
      }
    }
  }

  @Test func `every recorded private frame is told`() async throws {
    guard Fixtures.root != nil else { return }
    var frames: [String] = []
    for file in Fixtures.files(under: "bybit/ws-private", extension: "json") {
      let json = try JSONValue(parsing: Fixtures.bytes(of: file))
      if json["topic"] != nil { frames.append(json.text) }
    }
    for file in Fixtures.files(under: "bybit/ws-private/jkorf", extension: "txt") {
      let text = String(decoding: try Fixtures.bytes(of: file), as: UTF8.self)
      guard let recorded = text.split(separator: "\n= ").last else { continue }
      frames.append(try JSONValue(parsing: String(recorded)).text)
    }
    frames.append(frame("order", Rows.order(link: "last", status: "New")))
    let server = server(frames)
    try await server.serving { address in
      let listening = Listening()
      try await listening.to(address) { _ in
        await listening.book.chronicle.wait(for: "order last new")
      }
      var kinds: [String: Int] = [:]
      for event in listening.book.words {
        kinds[String(event.prefix { $0 != " " }), default: 0] += 1
      }
      kinds["link"] = nil
      // The gap is that of the subscription: nothing was unreadable.
      #expect(kinds == ["gap": 1, "order": 9, "fill": 5, "position": 5, "wallet": 1])
    }
  }
}
