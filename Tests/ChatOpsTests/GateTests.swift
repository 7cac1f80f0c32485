import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct GateTests {
  /// Typed as a person would, with what it needs.
  static let typed: [String: String] = [
    "allow": "/allow xrp", "deny": "/deny btc", "pair": "/pair WRONG", "panic": "/panic now",
  ]

  /// Which of the catalogue's commands reach the engine as soon as they are typed.
  static let direct: Set<String> = ["pause", "allow", "deny", "panic"]

  @Test(arguments: CommandCatalog.all.map { $0.name }, [nil, Person.eve, .bob, .ana])
  func `a command runs for those whose role may, and leaves a row for all`(
    name: String, person: Person?
  ) async throws {
    let phone = try await Phone()
    let stranger = Person(
      id: PersonID(666), name: "Mallory", role: .viewer, chat: ChatID(666), since: 0)
    let type = try #require(CommandCatalog.command(named: name))
    await phone.say(Self.typed[name] ?? "/\(name)", from: person ?? stranger)
    #expect(phone.log.rows.count == 1)
    let row = try #require(phone.log.rows.first)
    if type.access.admits(person?.role) {
      #expect(phone.chat.sent.count == 1 || Self.direct.contains(name))
      #expect(phone.bus.submitted.count == (Self.direct.contains(name) ? 1 : 0))
    } else {
      #expect(row.stage == .refused)
      #expect(phone.bus.submitted.isEmpty)
      #expect(phone.chat.sent.count == (person == nil ? 0 : 1))
    }
  }

  @Test(arguments: [
    IncomingMessage.Taint.edited, .forwarded, .viaBot, .anonymousOrChannel, .fromBot, .notText,
  ])
  func `what is edited, forwarded or not the person's own never commands`(
    taint: IncomingMessage.Taint
  ) async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(Phone.message("/panic now", taints: [taint]))
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.chat.sent.isEmpty)
    #expect(phone.log.rows.map(\.stage) == [.refused])
  }

  @Test(arguments: [
    ("/panic@quarterdeck now", Phone.group, ChatKind.group, 1),
    ("/panic now", Phone.group, .group, 0),
    ("/panic@quarterdeck now", ChatID(-200), .group, 0),
    ("/panic@quarterdeck now", ChatID(-300), .channel, 0),
    ("panic now", ChatID(7), .direct, 0),
  ])
  func `a command counts in a private chat, and in a known group under the bot's name`(
    text: String, chat: ChatID, kind: ChatKind, executed: Int
  ) async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(Phone.message(text, in: chat, kind: kind))
    #expect(phone.bus.submitted.count == executed)
  }

  @Test func `a stranger's tap on a danger button never executes and is met with silence`()
    async throws
  {
    let phone = try await Phone()
    await phone.say("/panic")
    let mallory = Person(
      id: PersonID(666), name: "Mallory", role: .owner, chat: ChatID(666), since: 0)
    await phone.tap("Panic", by: mallory)
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.log.rows.last?.stage == .refused)
    await phone.tap("Panic", by: .ana, id: "own")
    #expect(phone.bus.submitted.map(\.deed) == [.panic])
  }

  @Test func `in a group the issuer or an owner confirms, others are told who may`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.service.desk.handle(
        Phone.message("/close@quarterdeck btc", from: .bob, in: Phone.group, kind: .group))
      let other = Person(
        id: PersonID(10), name: "Cy", role: .operator, chat: ChatID(10), since: 0)
      try await phone.service.people.add(other)
      await phone.tap("Close 100%", by: other, id: "a", kind: .group)
      await phone.tap("Close 100%", by: .eve, id: "b", kind: .group)
      #expect(phone.bus.submitted.isEmpty)
      #expect(
        await phone.eventually {
          phone.chat.toasts
            == ["Only Bob can confirm this one", "Only Bob can confirm this one"]
        })
      await phone.tap("Close 100%", by: .ana, id: "c", kind: .group)
      #expect(phone.bus.submitted.map(\.by) == ["Ana"])
    }
  }

  @Test func `a button belongs to its message`() async throws {
    let phone = try await Phone()
    await phone.say("/panic")
    let data = try #require(phone.screen?.buttons[0][0].data)
    let other = MessageRef(chat: ChatID(7), message: 4242)
    await phone.tap(data: data, by: .ana, on: other, id: "a")
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `who lost the role before the tap confirms nothing`() async throws {
    let phone = try await Phone()
    await phone.say("/close btc", from: .bob)
    var bob = Person.bob
    bob.role = .viewer
    try await phone.service.people.add(bob)
    await phone.tap("Close 100%", by: bob)
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `the code on the console makes its sender the owner, once`() async throws {
    let phone = try await Phone(persons: [])
    try await phone.running { phone in
      let code = try #require(await phone.service.pairingCode())
      #expect(code.count == 8)
      #expect(!code.contains { "0O1IL".contains($0) })
      #expect(await phone.service.pairingCode() == code)
      await phone.say("/status", from: .ana)
      #expect(phone.chat.sent.isEmpty)
      let typed = await phone.say("/pair \(code.lowercased())", from: .ana, number: 2)
      #expect(phone.text.hasPrefix("Welcome, Ana: you are the owner."))
      #expect(await phone.eventually { phone.chat.calls.contains(.delete(typed)) })
      #expect(try await phone.store.persons().map(\.role) == [.owner])
      #expect(await phone.service.pairingCode() == nil)
      #expect(!phone.log.rows.contains { $0.arguments.lowercased().contains(code.lowercased()) })
      await phone.say("/pair \(code)", from: .bob, number: 3)
      #expect(try await phone.store.persons().count == 1)
    }
  }

  @Test func `who pairs with a paused bot sees that, and can resume it`() async throws {
    let phone = try await Phone(persons: [])
    phone.bus.change {
      $0.locks = [Lock(kind: .paused(nil), reason: "nobody was paired", since: Phone.now)]
    }
    let code = try #require(await phone.service.pairingCode())
    await phone.say("/pair \(code)")
    #expect(phone.text.contains("nobody was paired"))
    #expect(phone.labels == [["Resume", "/help"]])
    await phone.tap("Resume")
    #expect(phone.text.hasPrefix("Resume"))
  }

  @Test(arguments: [(4, 0, 1), (5, 0, 0), (0, 599, 1), (0, 600, 0)])
  func `a pairing code lasts five tries and ten minutes`(
    wrong: Int, seconds: Int, paired: Int
  ) async throws {
    let phone = try await Phone(persons: [])
    let code = try #require(await phone.service.pairingCode())
    for number in 0..<wrong { await phone.say("/pair AAAAAAAA", number: Int64(number + 1)) }
    phone.clock.advance(by: .seconds(seconds))
    await phone.say("/pair \(code)", number: 99)
    #expect(try await phone.store.persons().count == paired)
  }

  @Test func `a code typed into a group pairs nobody`() async throws {
    let phone = try await Phone(persons: [])
    let code = try #require(await phone.service.pairingCode())
    await phone.service.desk.handle(
      Phone.message("/pair@quarterdeck \(code)", in: Phone.group, kind: .group))
    #expect(try await phone.store.persons().isEmpty)
  }

  @Test func `the owner hears of a stranger once a day, and nobody else does`() async throws {
    let phone = try await Phone()
    let mallory = Person(
      id: PersonID(5_550_001), name: "<b>Mal</b>", role: .viewer, chat: ChatID(666), since: 0)
    for number in 1...3 { await phone.say("/status", from: mallory, number: Int64(number)) }
    let pending = try await phone.outbox.pending()
    #expect(pending.map(\.address.chat) == [ChatID(7)])
    #expect(
      pending.first?.reply.plainText
        == "Someone not on the list wrote to the bot: id 5550001, \"<b>Mal</b>\".")
    phone.clock.advance(by: .hours(24))
    await phone.say("/status", from: mallory, number: 4)
    #expect(try await phone.outbox.pending().count == 2)
  }

  @Test func `a panic takes long-term symbols only when it is told to, and names them`()
    async throws
  {
    let phone = try await Phone()
    phone.bus.change {
      $0.positions[1].isToBeClosed = false
      $0.positions[1].isLongterm = true
    }
    await phone.say("/panic")
    #expect(phone.text.contains("2 positions closed at market"))
    #expect(phone.text.contains("Stays open, nothing that a flatten closes: ETHUSDT 1.50"))
    await phone.say("/panic include_longterm", number: 2)
    #expect(phone.text.contains("3 positions closed at market"))
    #expect(phone.text.contains("Closed with them, though long-term: ETHUSDT"))
    await phone.tap("Panic")
    #expect(phone.bus.submitted.map(\.deed) == [.panicWithLongterm])
  }

  @Test func `after twenty commands a minute there is one slow down, and a panic all the same`()
    async throws
  {
    let phone = try await Phone()
    for number in 1...23 { await phone.say("/whoami", number: Int64(number)) }
    #expect(phone.chat.sent.count == 21)
    #expect(phone.text == "Slow down: more than 20 commands a minute.")
    await phone.say("/panic now", number: 50)
    #expect(phone.bus.submitted.count == 1)
    phone.clock.advance(by: .seconds(61))
    await phone.say("/whoami", number: 51)
    #expect(phone.text == "Ana, owner\nUser 7, chat 7")
  }
}
