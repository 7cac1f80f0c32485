import Chat
import Loopback
import Telegram
import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct PollingTests {
  @Test func `an update is written down before it is heard, and confirmed by the next poll`()
    async throws
  {
    try await Wire.open { wire in
      try await wire.polling {
        try await wire.hears("hello")
        try await wire.hears("again")
        await wire.chronicle.wait(for: "heard again")
      }
      #expect(
        wire.chronicle.lines == [
          "reachable", "committed 1 of 1", "heard hello", "committed 1 of 1", "heard again",
        ])
      wire.serverTime.advance(by: .seconds(3))  // The same offset at once would be slowed down.
      await wire.service.poller.confirm()
      #expect(await wire.telegram.queueState()["waiting"] == 0)
    }
  }

  @Test func `taps, blocking and new chat numbers are heard`() async throws {
    try await Wire.open { wire in
      try await wire.polling {
        let buttons = [[Button("Yes", data: "c:n:y")]]
        let message = try await wire.send(Reply(lines: ["Sure?"], buttons: buttons))
        try await wire.telegram.tap(.label("Yes"), on: message.message, by: Wire.ana)
        await wire.chronicle.wait(for: "heard tap c:n:y")
        try await wire.telegram.admit(false, in: Wire.ana, by: Wire.ana)
        await wire.chronicle.wait(for: "heard blocked")
        try await wire.telegram.admit(true, in: Wire.ana, by: Wire.ana)
        await wire.chronicle.wait(for: "heard let in")
        await wire.telegram.makeGroup(TelegramChat(id: -7, kind: .group, title: "Desk"))
        try await wire.telegram.migrate(-7, to: -1_000_000_000_007)
        await wire.chronicle.wait(for: "heard -7 is -1000000000007")
      }
    }
  }

  @Test func `what comes twice, out of order or with gaps has one effect each`() async throws {
    try await Wire.open { wire in
      wire.fault("duplicate_updates", at: "getUpdates")
      wire.fault("reorder_updates", at: "getUpdates", skip: 1)
      for text in ["1", "2"] { try await wire.telegram.say(text, from: Wire.ana) }
      await wire.telegram.meddle(.gap, by: 5)
      try await wire.telegram.say("3", from: Wire.ana)
      try await wire.polling {
        await wire.chronicle.wait(for: "heard 3")
        try await wire.hears("4")
      }
      let heard = wire.chronicle.lines.filter { $0.hasPrefix("heard") }
      #expect(heard == ["heard 1", "heard 2", "heard 3", "heard 4"])
    }
  }

  @Test func `what was committed by an earlier run is not heard again`() async throws {
    try await Wire.open { wire in
      try await wire.telegram.say("once", from: Wire.ana)
      try await wire.pollOnce()
      // A run that does not know the offset begins at the head, where the update still waits.
      wire.ledger.forgetOffset()
      try await wire.polling { try await wire.hears("then") }
      #expect(wire.chronicle.lines.count { $0 == "heard once" } == 1)
    }
  }

  @Test func `what can't be read is confirmed and costs nobody else`() async throws {
    try await Wire.open { wire in
      await wire.telegram.meddle(.broken)
      await wire.telegram.meddle(.unknown)
      await wire.telegram.meddle(.huge)
      try await wire.polling {
        await wire.chronicle.wait(for: "heard nothing of telepathy")
        try await wire.hears("after all that")
      }
      #expect(wire.chronicle.lines.contains("heard nothing of message"))
      #expect(wire.log.lines.contains { $0.contains("confirmed and ignored kind=telepathy") })
    }
  }

  @Test func `numbers that begin anew swallow nothing`() async throws {
    try await Wire.open { wire in
      try await wire.polling {
        try await wire.hears("before")
        await wire.telegram.meddle(.reset, by: 3)
        try await wire.hears("after")
      }
    }
  }

  @Test func `after a week of silence numbers just below the offset are heard, too`()
    async throws
  {
    try await Wire.open { wire in
      try await wire.telegram.say("before", from: Wire.ana)
      try await wire.pollOnce()
      let next = try await wire.telegram.queueState().integer("next_id")
      // An offset so little above the tail is believed by the server, and all below it swallowed.
      await wire.telegram.meddle(.reset, by: next - 5)
      try await wire.telegram.say("after", from: Wire.ana)
      wire.time.advance(by: .hours(24 * 7) + .seconds(1))
      wire.serverTime.advance(by: .hours(24) - .seconds(1))
      try await wire.polling { await wire.chronicle.wait(for: "heard after") }
    }
  }

  @Test func `without a store updates are heard all the same, each once`() async throws {
    try await Wire.open { wire in
      wire.ledger.setBroken(true)
      wire.fault("duplicate_updates", at: "getUpdates")
      try await wire.telegram.say("close everything", from: Wire.ana)
      try await wire.pollOnce()
      #expect(
        wire.chronicle.lines.prefix(4) == [
          "reachable", "not committed", "notRecorded(\"disk full\")",
          "heard close everything",
        ])
      // Nothing was written down: it comes again, and only memory knows that it was heard.
      wire.ledger.setBroken(false)
      try await wire.polling { try await wire.hears("status") }
      #expect(
        wire.chronicle.lines.filter { $0.hasPrefix("heard") } == [
          "heard close everything", "heard status",
        ])
      #expect(wire.chronicle.lines.contains("committed 1 of 1"))
    }
  }
}
