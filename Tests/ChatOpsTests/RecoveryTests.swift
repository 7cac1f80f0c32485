import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct RecoveryTests {
  static let answer = MessageRef(chat: ChatID(7), message: 500)

  static func row(
    _ stage: CommandStage, _ deed: OperatorCommand.Deed? = nil, name: String = "close",
    arguments: String = "btc", age: Duration = .seconds(20), detail: String = ""
  ) -> CommandRow {
    let then = (Phone.now - age).milliseconds
    return CommandRow(
      number: 41, update: 1, person: PersonID(7), personName: "Ana",
      address: ChatAddress(ChatID(7)), request: MessageRef(chat: ChatID(7), message: 1),
      answer: answer, name: name, arguments: arguments,
      deed: deed.flatMap(DeedText.text(of:)), stage: stage, detail: detail, receivedAt: then,
      changedAt: then)
  }

  static let close = OperatorCommand.Deed.close(
    .symbols(["BTCUSDT"]), share: .one, thenPause: false)

  @Test(arguments: ["/status", "/close btc"])
  func `an answer that the end of the process cut off is given by the next one`(
    text: String
  ) async throws {
    let phone = try await Phone()
    phone.chat.failNextSends(.transient("cancelled"))
    let update = Phone.message(text)
    _ = try await phone.ledger.commit([update], nextOffset: 2)
    await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await phone.service.desk.handle(update)
    }.value
    #expect(phone.log.rows.map(\.stage) == [.received])
    #expect(try await phone.ledger.unhandled() == [update])
    let next = try await Phone(rows: phone.log.rows, waiting: [update])
    #expect(next.chat.sent.count == 1)
    #expect(try await next.ledger.unhandled().isEmpty)
  }

  @Test func `a close that was executing goes on under its number and in its message`()
    async throws
  {
    let phone = try await Phone(rows: [Self.row(.executing, Self.close)])
    let command = try #require(phone.bus.submitted.first)
    #expect(command.id == CommandID(41))
    #expect(command.deed == Self.close)
    #expect(command.isResumed)
    #expect(command.at == Phone.now - .seconds(20), "or what it did then would be done again")
    #expect(command.by == "Ana")
    try await phone.running { phone in
      phone.bus.say(.finished(.flattened(.closed(command.id))), about: command.id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.chat.text(of: Self.answer)?.plainText.hasPrefix("✓ BTCUSDT closed") == true
        })
      #expect(phone.chat.sent.isEmpty)
      #expect(await phone.eventually { phone.log.rows[0].stage == .reported })
    }
  }

  @Test(arguments: [(899, 1), (900, 0)])
  func `only what is younger than fifteen minutes is taken up`(
    seconds: Int, taken: Int
  ) async throws {
    let phone = try await Phone(
      rows: [Self.row(.executing, Self.close, age: .seconds(seconds))])
    #expect(phone.bus.submitted.count == taken)
    if taken == 0 {
      #expect(phone.log.rows[0].stage == .unknown)
      #expect(
        phone.chat.text(of: Self.answer)?.plainText
          == "/close btc: the bot was restarted meanwhile, the outcome is unknown. Look at /status."
      )
    }
  }

  @Test func `other commands end as unknown and are not run again`() async throws {
    let phone = try await Phone(
      rows: [
        Self.row(.executing, .allow(["XRPUSDT"], for: nil), name: "allow", arguments: "xrp")
      ])
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.log.rows[0].stage == .unknown)
  }

  @Test func `open previews are void and say so`() async throws {
    let phone = try await Phone(rows: [Self.row(.previewed)])
    #expect(
      phone.chat.text(of: Self.answer)?.plainText
        == "Not closed: the bot was restarted before it was done.")
    #expect(phone.log.rows[0].stage == .expired)
    await phone.tap("Show again", on: Self.answer)
    #expect(phone.chat.text(of: Self.answer)?.plainText.hasPrefix("Close BTCUSDT?") == true)
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `a result that was not shown any more is shown`() async throws {
    let phone = try await Phone(
      rows: [Self.row(.verified, Self.close, detail: "✓ BTCUSDT closed\nby Ana")])
    #expect(phone.chat.text(of: Self.answer)?.plainText == "✓ BTCUSDT closed\nby Ana")
    #expect(phone.log.rows[0].stage == .reported)
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `an update that was not handled is handled, one that was under way is not again`()
    async throws
  {
    let update = Phone.message("/panic now")
    let fresh = try await Phone(waiting: [update])
    #expect(fresh.bus.submitted.map(\.deed) == [.panic])
    #expect(try await fresh.ledger.unhandled().isEmpty)

    let resumed = try await Phone(
      rows: [Self.row(.executing, .panic, name: "panic", arguments: "now")], waiting: [update])
    #expect(resumed.bus.submitted.map(\.id) == [CommandID(41)])

    let received = try await Phone(
      rows: [Self.row(.received, name: "panic", arguments: "now")], waiting: [update])
    #expect(received.bus.submitted.map(\.id) == [CommandID(42)])
    #expect(received.log.rows[0].stage == .notDone)
  }

  @Test func `an old update left over is not run`() async throws {
    let phone = try await Phone(
      waiting: [Phone.message("/allow xrp", sentAt: Phone.now - .minutes(4))])
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.text == "Sent 4 min ago, not run.")
  }

  @Test func `every deed can be read back from its row`() throws {
    let deeds: [OperatorCommand.Deed] = [
      Self.close, .close(.losers, share: "0.5", thenPause: true), .kill(flatten: true), .panic,
      .panicWithLongterm, .unlock, .pause(.liquidation, for: .minutes(30)), .pause(nil, for: nil),
      .resume(nil),
      .allow(["XRPUSDT"], for: nil), .deny(["SOLUSDT"], for: .hours(6)),
    ]
    for deed in deeds {
      let text = try #require(DeedText.text(of: deed))
      #expect(DeedText.deed(from: text) == deed)
    }
    #expect(DeedText.deed(from: "{}") == nil)
  }

  @Test func `a panic that came by HTTP goes on after a crash, and needs no chat for it`()
    async throws
  {
    var row = Self.row(.executing, .panicWithLongterm, name: "panic", arguments: "fire")
    row.person = nil
    row.personName = "HTTP"
    row.address = ChatAddress(.none)
    row.request = nil
    row.answer = nil
    let phone = try await Phone(rows: [row])
    let command = try #require(phone.bus.submitted.first)
    #expect(
      command.id == CommandID(41) && command.deed == .panicWithLongterm && command.by == "HTTP")
    #expect(command.isResumed)
    try await phone.running { phone in
      var report = FlattenReport.panic(CommandID(41))
      report.by = "HTTP"
      phone.bus.say(.working(report), about: command.id, at: Phone.now)
      report.endedAt = Phone.now
      report.flatReadings = 2
      report.items = []
      phone.bus.raise(Alert(.p1, .flattened(report), at: Phone.now))
      phone.bus.say(.finished(.flattened(report)), about: command.id, at: Phone.now)
      #expect(await phone.eventually { phone.log.rows[0].stage == .reported })
      #expect(await phone.eventually { phone.text.contains("flat confirmed") })
    }
    #expect(phone.chat.sent.allSatisfy { $0.message.chat != .none })
  }
}
