import Chat
import Journal
import TestSupport
import Testing

struct OutboxTests {
  private let address = ChatAddress(ChatID(7), topic: 3)

  @Test func `an event and its messages are written together or not at all`() async throws {
    let scratch = try Scratch("outbox-atomic")
    let journal = try scratch.journal()
    try scratch.execute(
      """
      CREATE TRIGGER broken BEFORE INSERT ON outbox WHEN NEW.key = 'second'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    await #expect(throws: ChatStoreError.self) {
      try await journal.append(
        [.sample("first"), .sample("second")], event: (kind: "alert", detail: "lost"))
    }
    _ = try await journal.append([.sample("third")], event: (kind: "alert", detail: "kept"))
    let next = try scratch.afterCrash()
    #expect(try await next.pending().map(\.key) == ["third"])
    #expect(try await next.events(limit: 10).map(\.detail) == ["kept"])
  }

  @Test func `entries come back whole, by lane and then by age`() async throws {
    let scratch = try Scratch("outbox-order")
    let journal = try scratch.journal()
    let entries = try await journal.append(
      [
        .sample("news", lane: .news, createdAt: 1),
        .sample("later", lane: .urgent, createdAt: 3),
        .sample("same time", lane: .urgent, createdAt: 3),
        .sample(
          "earlier", lane: .urgent, createdAt: 2,
          editing: MessageRef(chat: address.chat, message: 5)),
      ], event: (kind: "alert", detail: ""))
    #expect(Set(entries.map(\.id)).count == 4)
    let pending = try await journal.pending()
    #expect(pending.map(\.key) == ["earlier", "later", "same time", "news"])
    #expect(pending == [entries[3], entries[1], entries[2], entries[0]])
  }

  @Test func `a delivered entry goes and its message stands for the key`() async throws {
    let scratch = try Scratch("outbox-delivered")
    let journal = try scratch.journal()
    let entries = try await journal.append(
      [.sample("im.warn"), .sample("im.warn")], event: (kind: "alert", detail: "IM"))
    #expect(try await journal.message(for: "im.warn", in: address.chat) == nil)
    for (entry, number) in zip(entries, [50, 51]) {
      try await journal.delivered(
        entry, as: MessageRef(chat: address.chat, message: Int64(number)))
    }
    let next = try scratch.afterCrash()
    #expect(try await next.pending().isEmpty)
    #expect(
      try await next.message(for: "im.warn", in: address.chat)
        == MessageRef(chat: address.chat, message: 51))
    #expect(try await next.message(for: "im.warn", in: ChatID(8)) == nil)
  }

  @Test func `a possible repeat is marked and a dropped entry leaves a trace`() async throws {
    let scratch = try Scratch("outbox-drop")
    let journal = try scratch.journal()
    let entries = try await journal.append(
      [.sample("a"), .sample("b")], event: (kind: "alert", detail: ""))
    try await journal.markRepeat(entries[0])
    try await journal.drop(entries[1], why: "expired")
    #expect(try await journal.pending().map(\.mayBeRepeat) == [true])
    #expect(try await journal.events(limit: 1).map(\.detail) == ["b: expired"])
  }

  @Test func `persons are kept, changed and removed`() async throws {
    let scratch = try Scratch("outbox-persons")
    let journal = try scratch.journal()
    var ana = Person(id: PersonID(7), name: "Ana", role: .owner, chat: ChatID(7), since: 1)
    let bob = Person(id: PersonID(3), name: "Bob", role: .viewer, chat: ChatID(-100), since: 2)
    try await journal.save(ana)
    try await journal.save(bob)
    ana.role = .operator
    try await journal.save(ana)
    #expect(try await scratch.afterCrash().persons() == [bob, ana])
    try await journal.remove(bob.id)
    #expect(try await journal.persons() == [ana])
    try scratch.execute("UPDATE users SET role = 9")
    await #expect(throws: ChatStoreError.unreadable("users, row 7: role is 9")) {
      try await journal.persons()
    }
  }
}
