import Chat
import Journal
import TestSupport
import Testing
import TradingModel

struct UpdateLedgerTests {
  @Test func `updates and offset are there together after a crash`() async throws {
    let scratch = try Scratch("ledger-crash")
    let journal = try scratch.journal()
    #expect(try await journal.offset() == nil)
    let updates: [ChatUpdate] = [.message(10, message: 1), .tap(11, tap: "t1")]
    #expect(try await journal.commit(updates, nextOffset: 12) == updates)
    try await journal.markHandled(updates[0])

    let next = try scratch.afterCrash()
    #expect(try await next.offset() == 12)
    #expect(try await next.unhandled() == [updates[1]])
  }

  @Test func `when the offset can't be moved no update is recorded`() async throws {
    let scratch = try Scratch("ledger-atomic")
    let journal = try scratch.journal()
    _ = try await journal.commit([.message(10, message: 1)], nextOffset: 11)
    try scratch.execute(
      """
      CREATE TRIGGER broken BEFORE UPDATE ON meta WHEN NEW.key = 'polling_offset'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    await #expect(throws: ChatStoreError.self) {
      try await journal.commit([.message(11, message: 2)], nextOffset: 12)
    }
    let next = try scratch.afterCrash()
    #expect(try await next.offset() == 11)
    #expect(try await next.unhandled() == [.message(10, message: 1)])
  }

  @Test func `an offset is believed for a week after the last update`() async throws {
    let scratch = try Scratch("ledger-week")
    let journal = try scratch.journal()
    _ = try await journal.commit([.message(10, message: 1)], nextOffset: 11)
    scratch.clock.advance(by: .hours(24 * 7))
    #expect(try await journal.offset() == 11)
    scratch.clock.advance(by: .milliseconds(1))
    #expect(try await journal.offset() == nil)
    _ = try await journal.commit([.message(3, message: 2)], nextOffset: 4)
    #expect(try await journal.offset() == 4)
  }

  @Test func `each update has one effect however often it comes`() async throws {
    let scratch = try Scratch("ledger-twice")
    let journal = try scratch.journal()
    let batch: [ChatUpdate] = [
      .message(12, message: 3), .message(10, message: 1), .message(12, message: 3),
      .tap(13, tap: "t1"), .tap(14, tap: "t2"),
      ChatUpdate(id: 15, body: .ignored(kind: "poll")),
      ChatUpdate(id: 15, body: .ignored(kind: "poll")),
    ]
    let fresh = try await journal.commit(batch, nextOffset: 16)
    #expect(fresh == [batch[0], batch[1], batch[3], batch[4], batch[5]])
    for update in fresh { try await journal.markHandled(update) }
    #expect(try await journal.commit(batch, nextOffset: 16).isEmpty)
    #expect(try await scratch.afterCrash().commit(batch, nextOffset: 16).isEmpty)
  }

  @Test func `numbers that start again neither swallow nor repeat`() async throws {
    let scratch = try Scratch("ledger-reset")
    let journal = try scratch.journal()
    _ = try await journal.commit([.message(1000, message: 1)], nextOffset: 1001)
    let later = ChatUpdate.message(1000, message: 2)
    let again = ChatUpdate.message(4, message: 1)
    #expect(try await journal.commit([again, later], nextOffset: 5) == [later])
    #expect(try await journal.offset() == 5)
  }

  @Test func `an edit is not the message that it edits`() async throws {
    let scratch = try Scratch("ledger-edit")
    let journal = try scratch.journal()
    let original = ChatUpdate.message(1, message: 1, text: "/close btc")
    let edited = ChatUpdate.message(2, message: 1, text: "/close eth")
    #expect(try await journal.commit([original, edited], nextOffset: 3).count == 2)
  }

  @Test func `a handled update is remembered for a day, an unhandled one for ever`() async throws {
    let scratch = try Scratch("ledger-day")
    let journal = try scratch.journal()
    let handled = ChatUpdate.message(1, message: 1)
    let open = ChatUpdate.message(2, message: 2)
    _ = try await journal.commit([handled, open], nextOffset: 3)
    try await journal.markHandled(handled)
    scratch.clock.advance(by: .hours(24))
    #expect(try await journal.commit([handled, open], nextOffset: 3).isEmpty)
    scratch.clock.advance(by: .milliseconds(1))
    #expect(try await journal.commit([handled, open], nextOffset: 3) == [handled])
    #expect(try await journal.unhandled().contains(open))
  }

  @Test func `a body that makes no sense is named`() async throws {
    let scratch = try Scratch("ledger-garbage")
    let journal = try scratch.journal()
    _ = try await journal.commit([.message(1, message: 1)], nextOffset: 2)
    try scratch.execute("UPDATE updates SET body = '{\"message\":'")
    await #expect(throws: ChatStoreError.unreadable("updates, row 1: body is unreadable")) {
      try await journal.unhandled()
    }
  }
}
