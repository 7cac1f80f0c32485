import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct OutboxTests {
  private func entry(
    _ text: String, lane: ChatLane = .urgent, to chat: ChatID = ChatID(7),
    lifetime: Duration? = nil
  ) -> OutboxEntry {
    OutboxEntry(
      address: ChatAddress(chat), reply: Reply(lines: [text]), lane: lane, key: text,
      createdAt: Phone.now.milliseconds,
      expiresAt: lifetime.map { (Phone.now + $0).milliseconds })
  }

  private func post(_ phone: Phone, _ entries: OutboxEntry...) async {
    await phone.service.sender.post(entries, event: (kind: "test", detail: ""))
  }

  @Test func `what is urgent goes first`() async throws {
    let phone = try await Phone()
    await post(phone, entry("news", lane: .news), entry("p1", lane: .important), entry("p0"))
    try await phone.running { phone in
      #expect(await phone.eventually { phone.chat.sent.count == 3 })
      #expect(phone.chat.sent.map(\.reply.plainText) == ["p0", "p1", "news"])
      let pending = try await phone.outbox.pending()
      #expect(pending.isEmpty)
    }
  }

  @Test func `an urgent message of unknown fate is sent again and says so, others are not`()
    async throws
  {
    let phone = try await Phone()
    phone.chat.failNextSends(.ambiguous("timeout"), .ambiguous("timeout"))
    await post(phone, entry("p0"), entry("p1", lane: .important, to: ChatID(8)))
    try await phone.running { phone in
      #expect(await phone.eventually { phone.outbox.dropped.count == 1 })
      #expect(await phone.eventually { phone.clock.sleeperCount >= 1 })
      await phone.pass(.seconds(2))
      #expect(await phone.eventually { phone.text == "p0\n(may be a repeat)" })
      #expect(phone.chat.sent.count == 1)
    }
  }

  @Test func `a flooded chat waits as told, the others do not`() async throws {
    let phone = try await Phone()
    phone.chat.failNextSends(.flood(retryAfterSeconds: 10))
    await post(phone, entry("first"), entry("other", to: ChatID(8)))
    try await phone.running { phone in
      #expect(await phone.eventually { phone.text == "other" })
      await phone.pass(.seconds(10))
      #expect(phone.chat.sent.count == 1)
      await phone.pass(.seconds(2))
      #expect(await phone.eventually { phone.text == "first" })
    }
  }

  @Test func `a blocked chat is parked until the person is back, what grew old is counted`()
    async throws
  {
    let phone = try await Phone()
    phone.chat.refuse(ChatID(7), with: .blocked)
    await post(
      phone, entry("p0"), entry("a", lane: .news, lifetime: .minutes(10)),
      entry("b", lane: .news, lifetime: .minutes(10)))
    try await phone.running { phone in
      #expect(await phone.eventually { phone.clock.sleeperCount >= 1 })
      await phone.pass(.minutes(11), steps: 40)
      #expect(await phone.eventually { phone.outbox.dropped == ["expired", "expired"] })
      phone.chat.refuse(ChatID(7), with: nil)
      await phone.service.desk.handle(
        ChatUpdate(id: 900, body: .membership(ChatID(7), canWrite: true)))
      #expect(await phone.eventually { phone.chat.sent.count == 2 })
      #expect(phone.chat.sent[0].reply.plainText == "p0\nLate: this is from 12:04:31 UTC.")
      #expect(
        phone.text
          == "While the chat was out of reach 2 notices grew too old and were left out.")
    }
  }

  @Test func `with the store out of order messages go out from memory, each once`() async throws {
    let phone = try await Phone()
    phone.outbox.setBroken(true)
    try await phone.running { phone in
      await post(phone, entry("p0"))
      #expect(await phone.eventually { phone.text == "p0" })
      phone.outbox.setBroken(false)
      await post(phone, entry("next"))
      #expect(await phone.eventually { phone.text == "next" })
      #expect(phone.chat.sent.count == 2)
    }
  }

  @Test func `what was delivered is not sent again while the store can not be told`() async throws {
    let phone = try await Phone()
    await post(phone, entry("p0"))
    phone.outbox.setBroken(true)
    try await phone.running { phone in
      #expect(await phone.eventually { phone.chat.sent.count == 1 })
      await phone.pass(.seconds(60))
      #expect(phone.chat.sent.count == 1)
      phone.outbox.setBroken(false)
      await phone.pass(.seconds(31))
      var isEmpty = false
      for _ in 0..<1000 where !isEmpty {
        isEmpty = try await phone.outbox.pending().isEmpty
        await Task.yield()
      }
      #expect(isEmpty)
      #expect(phone.chat.sent.count == 1)
    }
  }

  @Test func `memory is bounded and gives up the least important first`() async throws {
    let phone = try await Phone()
    phone.outbox.setBroken(true)
    await post(phone, entry("p0"))
    for number in 0..<300 { await post(phone, entry("news \(number)", lane: .news)) }
    try await phone.running { phone in
      #expect(
        await phone.eventually {
          phone.text
            == "While the chat was out of reach 101 notices grew too old and were left out."
        })
      #expect(phone.chat.sent.count == OutboxSender.memoryLimit + 1)
      #expect(phone.chat.sent[0].reply.plainText == "p0")
    }
  }
}
