import Chat
import Foundation
import Journal
import Loopback
import Testing
import TradingModel

@testable import Quarterdeck

extension EndToEnd {
  /// Two people may command the bot, and both reach for the same position.
  struct TwoPeopleTests {
    private static let bob = TelegramUser(id: 1_000_002, firstName: "Bob")

    @Test func `a close from two people at once is one flatten, and both are told of it`()
      async throws
    {
      try await Stage.play { stage in
        try await letBobIn(stage)
        let bot = try stage.startBot()
        try await stage.waitForState("RUNNING")
        try await stage.open("BTCUSDT")
        // Long enough for both to be under way together.
        let delay = Fault("delay", ["ms": 800])
        stage.world.faults.add(
          FaultRule(service: "bybit", endpoint: "order/create", delay, times: nil))

        async let anas = question(of: Stage.ana, stage)
        async let bobs = question(of: Self.bob, stage)
        let questions = try await [(Stage.ana, anas), (Self.bob, bobs)]
        try await withThrowingTaskGroup(of: Void.self) { group in
          for (person, question) in questions {
            group.addTask { try await stage.tap("Close 100%", on: question, by: person) }
          }
          try await group.waitForAll()
        }
        for (person, question) in questions {
          try await stage.waitForText("✓ BTCUSDT closed", in: question.id, of: person)
        }
        #expect(await stage.quantity(of: "BTCUSDT") == .zero)
        #expect(await stage.closingOrders.count == 1)
        try await eventually("both ends", on: stage.account.beats, within: .seconds(10)) {
          try ended(stage) == ["Ana reported", "Bob reported"] ? () : nil
        }

        try await bot.stop()
      }
    }

    /// As one whom the owner let in: his name stands in the journal when the bot starts.
    private func letBobIn(_ stage: Stage) async throws {
      let bot = try stage.startBot()
      try await stage.pair(with: bot)
      try await bot.stop()
      let path = stage.folder.url.appending(path: "state/quarterdeck.sqlite").path
      let journal = try Journal(JournalSettings(path: path), clock: SystemClock())
      try await journal.save(
        Person(
          id: PersonID(Self.bob.id), name: Self.bob.firstName, role: .operator,
          chat: ChatID(Self.bob.id), since: 0))
      try journal.close()
      await stage.world.telegram.introduce(Self.bob)
    }

    private func question(of person: TelegramUser, _ stage: Stage) async throws -> PhoneMessage {
      let own = try await stage.world.telegram.say("/close btc", from: person.id)
      return try await eventually(
        "a question to \(person.firstName)", on: stage.world.telegram.changes,
        within: .seconds(15)
      ) {
        await stage.messages(to: person, after: own).first {
          $0.replyTo == own && !$0.buttons.isEmpty
        }
      }
    }

    /// Who closed, and how it ended, as the journal has it.
    private func ended(_ stage: Stage) throws -> [String] {
      try CrashJournal(in: stage.folder).ends(of: "close")
    }
  }
}
