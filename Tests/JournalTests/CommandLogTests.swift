import Chat
import GRDB
import Journal
import TestSupport
import Testing

struct CommandLogTests {
  @Test func `a command is found after a crash where it stood`() async throws {
    let scratch = try Scratch("commands-crash")
    let journal = try scratch.journal()
    var close = CommandRow.sample("close")
    close.number = try await journal.add(close)
    let status = try await journal.add(.sample("status", stage: .reported))
    close = close.at(.executing)
    close.answer = MessageRef(chat: close.address.chat, message: 42)
    close.deed = "{\"close\":{}}"
    try await journal.update(close)

    let next = try scratch.afterCrash()
    #expect(try await next.unfinished() == [close])
    #expect(try await next.latest(5).map(\.number) == [status, close.number])
    #expect(try await next.latest(1).map(\.name) == ["status"])
    #expect(try await next.verifyCommands() == .intact(steps: 3))
  }

  @Test(arguments: CommandStage.allCases)
  func `only ended commands are finished`(stage: CommandStage) async throws {
    let scratch = try Scratch("commands-\(stage)")
    let journal = try scratch.journal()
    _ = try await journal.add(.sample(stage: stage))
    #expect(try await journal.unfinished().isEmpty == stage.isEnd)
  }

  @Test func `every stage is a step with its time`() async throws {
    let scratch = try Scratch("commands-steps")
    let journal = try scratch.journal()
    var row = CommandRow.sample()
    row.number = try await journal.add(row)
    for stage in [CommandStage.previewed, .confirmed, .executing, .verified, .reported] {
      row = row.at(stage)
      try await journal.update(row)
    }
    let steps = try await scratch.otherProgram().read {
      try String.fetchAll($0, sql: "SELECT stage || ' ' || at FROM command_steps ORDER BY number")
    }
    #expect(steps.first == "received 1795176000000")
    #expect(steps.last == "reported 1795176005000")
    #expect(steps.count == 6)
  }

  @Test func `a number is never given again, even when its row was taken out`() async throws {
    let scratch = try Scratch("commands-numbers")
    let journal = try scratch.journal()
    let first = try await journal.add(.sample())
    try scratch.execute("DELETE FROM command_steps; DELETE FROM commands")
    #expect(try await journal.add(.sample()) == first + 1)
  }

  @Test func `who asked for what can't be changed by an update`() async throws {
    let scratch = try Scratch("commands-fixed")
    let journal = try scratch.journal()
    var row = CommandRow.sample()
    row.number = try await journal.add(row)
    row.personName = "Bob"
    row.arguments = "all"
    try await journal.update(row.at(.confirmed))
    let stored = try await journal.latest(1).first
    #expect(stored?.personName == "Ana" && stored?.arguments == "btc")
    #expect(try await journal.verifyCommands() == .intact(steps: 2))
  }

  @Test func `an update of a command that is not there is an error and no step`() async throws {
    let scratch = try Scratch("commands-missing")
    let journal = try scratch.journal()
    await #expect(throws: ChatStoreError.unwritable("the journal has no command 0")) {
      try await journal.update(.sample())
    }
    #expect(try await journal.verifyCommands() == .intact(steps: 0))
  }

  @Test(arguments: [
    ("UPDATE commands SET detail = 'nothing happened' WHERE number = 1", "command 1 was changed"),
    ("UPDATE commands SET person = 8 WHERE number = 2", "command 2 was changed"),
    ("DELETE FROM commands WHERE number = 2", "command 2 is missing"),
    (
      "UPDATE command_steps SET content = replace(content, 'Ana', 'Bob') WHERE number = 2",
      "step 2 was changed, or one before it"
    ),
    (
      "UPDATE command_steps SET hash = 'x' WHERE number = 1", "step 1 was changed, or one before it"
    ),
    ("UPDATE command_steps SET at = 0 WHERE number = 3", "step 3 does not show what was sealed"),
    ("DELETE FROM command_steps WHERE number = 2", "step 2 is missing"),
    ("DELETE FROM command_steps WHERE number = 4", "step 4 is missing"),
    (
      "DELETE FROM command_steps WHERE command = 2; DELETE FROM commands WHERE number = 2",
      "step 3 is missing"
    ),
  ])
  func `what was changed or taken out shows`(tampering: String, shown: String) async throws {
    let scratch = try Scratch("commands-tampering")
    let journal = try scratch.journal()
    for name in ["close", "panic"] {
      var row = CommandRow.sample(name)
      row.number = try await journal.add(row)
      try await journal.update(row.at(.reported, detail: "flat"))
    }
    #expect(try await journal.verifyCommands() == .intact(steps: 4))
    try await scratch.otherProgram().writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: tampering)
    }
    #expect(try await journal.verifyCommands() == .broken(shown))
  }
}
