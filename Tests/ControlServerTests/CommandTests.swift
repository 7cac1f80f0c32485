import Glibc
import TestSupport
import Testing
import TradingModel

@testable import ControlServer

@Suite(.timeLimit(.minutes(1)))
struct CommandTests {
  @Test(
    arguments: [("0", 200, "all is flat"), ("0.05", 207, "not flat")] as [(Quantity, Int, String)])
  func `a panic is answered when it is over: 200 flat, 207 with what is left`(
    left: Quantity, status: Int, text: String
  ) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic"))
      let command = try #require(await bench.command())
      #expect(command.deed == .panic && command.by == "HTTP" && command.why.isEmpty)
      bench.say(.example(command.id, left: "0.12", isOver: false), isOver: false, about: command.id)
      bench.say(.example(command.id, left: left), isOver: true, about: command.id)
      let answer = try await asked
      #expect(answer.status == status)
      #expect(answer.body.contains(#""flat": \#(left.isZero)"#))
      #expect(answer.body.contains(text))
      #expect(answer.body.contains(#""cancel_all": 0.040"#))
      #expect(answer.body.contains(#""quantity": 0.05"#) == !left.isZero)
      #expect(await bench.log.begun.map(\.deed) == [.panic])
      while await bench.log.ended.isEmpty, !Task.isCancelled { await Task.yield() }
      #expect(await bench.log.ended == [command.id: left.isZero ? .done : .failed])
    }
  }

  @Test func `who asks, why and how much is in the body`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let body =
        #"{"who": "root", "why": "fire\u001b[2J\u202e!", "source": "cli", "include_longterm": true}"#
      async let asked = bench.ask(Requests.post("/panic", body: body))
      let command = try #require(await bench.command())
      #expect(command.deed == .panicWithLongterm && command.by == "command line (root)")
      #expect(command.why == "fire [2J !", "nothing that steers a terminal")
      bench.say(.example(command.id, left: "0"), isOver: true, about: command.id)
      #expect(try await asked.status == 200)
    }
  }

  @Test(arguments: [
    "[]", "{", "7", #"{"include_long_term": true}"#, #"{"include_longterm": 1}"#,
    #"{"why": 7}"#, #"{"source": "phone"}"#, #"{"wait": "no"}"#,
  ])
  func `a body that is not understood does nothing`(body: String) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      #expect(try await bench.ask(Requests.post("/panic", body: body)).status == 400)
      #expect(bench.bus.submitted.isEmpty)
    }
  }

  @Test func `another process is not taken for the one that is meant`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let other = Requests.post("/panic", body: #"{"process": 1}"#)
      #expect(try await bench.ask(other).status == 421)
      #expect(bench.bus.submitted.isEmpty)
      async let asked = bench.ask(Requests.post("/panic", body: #"{"process": 4711}"#))
      let command = try #require(await bench.command())
      bench.say(.example(command.id, left: "0"), isOver: true, about: command.id)
      #expect(try await asked.status == 200)
    }
  }

  @Test func `who does not want to wait is answered as soon as the engine has taken it`()
    async throws
  {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic", body: #"{"wait": false}"#))
      let command = try #require(await bench.command())
      bench.say(.example(command.id, left: "0.12", isOver: false), isOver: false, about: command.id)
      let answer = try await asked
      #expect(answer.status == 202 && answer.body.contains(#""running": true"#))
      let status = try await bench.ask(Requests.get("/panic/status"))
      #expect(status.body.contains(#""running": true"#))
      bench.say(.example(command.id, left: "0"), isOver: true, about: command.id)
      while await bench.log.ended.isEmpty, !Task.isCancelled { await Task.yield() }
      let after = try await bench.ask(Requests.get("/panic/status"))
      #expect(after.body.contains(#""running": false"#) && after.body.contains("all is flat"))
    }
  }

  @Test func `a second one has the report of the first that it joins`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let first = bench.ask(Requests.post("/panic"))
      let one = try #require(await bench.command(number: 1))
      bench.say(.example(one.id, left: "0.12", isOver: false), isOver: false, about: one.id)
      async let second = bench.ask(Requests.post("/panic"))
      let other = try #require(await bench.command(number: 2))
      bench.bus.say(.finished(.joined(one.id)), about: other.id, at: bench.clock.now)
      bench.say(.example(one.id, left: "0"), isOver: true, about: one.id)
      #expect(try await first.status == 200)
      #expect(try await second.status == 200)
      while await bench.log.ended.count < 2, !Task.isCancelled { await Task.yield() }
      #expect(await bench.log.ended == [one.id: .done, other.id: .done])
    }
  }

  @Test func `an engine that says nothing is told within four seconds`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic"))
      _ = await bench.command()
      await bench.clock.passSleep(of: ControlResponder.silence)
      let answer = try await asked
      #expect(answer.status == 503 && answer.body.contains("does not answer"))
    }
  }

  @Test func `a journal that hangs holds no panic up`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      await bench.log.hang()
      async let asked = bench.ask(Requests.post("/panic"))
      await bench.clock.passSleep(of: ControlDesk.logPatience)
      let command = try #require(await bench.command())
      #expect(command.id.number > 1_000_000_000_000, "no number of the journal's")
      bench.say(.example(command.id, left: "0"), isOver: true, about: command.id)
      #expect(try await asked.status == 200)
    }
  }

  @Test func `a caller that goes away changes nothing`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let caller = try await Caller.connect(to: bench.port)
      try await caller.send(Requests.post("/panic"))
      let command = try #require(await bench.command())
      await caller.hangUp()
      bench.say(.example(command.id, left: "0"), isOver: true, about: command.id)
      while await bench.log.ended.isEmpty, !Task.isCancelled { await Task.yield() }
      #expect(await bench.log.ended == [command.id: .done])
    }
  }

  @Test func `a reset is 200 when flat`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic/reset"))
      let command = try #require(await bench.command())
      #expect(command.deed == .unlock)
      bench.bus.say(.finished(.done), about: command.id, at: bench.clock.now)
      let answer = try await asked
      #expect(answer.status == 200 && answer.body.contains(#""reset": true"#))
    }
  }

  @Test(
    arguments: [(nil, true), (.halted, false), (.flagFile, false), (.day, false)]
      as [(Lock.Kind?, Bool)])
  func `a reset says what health says of trading`(kind: Lock.Kind?, isEnabled: Bool) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      bench.bus.change {
        $0.locks = kind.map { [Lock(kind: $0, reason: "", since: .noon)] } ?? []
        $0.state = kind == nil ? .running : .halted
      }
      async let asked = bench.ask(Requests.post("/panic/reset"))
      let command = try #require(await bench.command())
      bench.bus.say(.finished(.done), about: command.id, at: bench.clock.now)
      let answer = try await asked
      let health = try await bench.ask(Requests.get("/healthz"))
      let said = #""trading_enabled": \#(isEnabled)"#
      #expect(answer.status == 200 && answer.body.contains(said))
      #expect(answer.body.contains(#""state": "\#(kind == nil ? "running" : "halted")""#))
      #expect(health.body.contains(said))
    }
  }

  @Test func `a reset is 409 with the positions when not`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic/reset"))
      let command = try #require(await bench.command())
      bench.bus.say(
        .finished(.refused(.notFlat([.example()]))), about: command.id, at: bench.clock.now)
      let answer = try await asked
      #expect(answer.status == 409)
      #expect(answer.body.contains("BTCUSDT") && answer.body.contains(#""quantity": 0.12"#))
    }
  }

  @Test(
    arguments: [
      (.nothingToUnlock, 200), (.accountUnknown(why: "cut"), 503), (.notRecorded, 503),
    ] as [(CommandRefusal, Int)])
  func `a reset that is refused says why`(refusal: CommandRefusal, status: Int) async throws {
    try await Bench.serving { (bench: Bench) async throws in
      async let asked = bench.ask(Requests.post("/panic/reset"))
      let command = try #require(await bench.command())
      bench.bus.say(.finished(.refused(refusal)), about: command.id, at: bench.clock.now)
      let answer = try await asked
      #expect(answer.status == status && answer.body.contains(refusal.words))
    }
  }
}
