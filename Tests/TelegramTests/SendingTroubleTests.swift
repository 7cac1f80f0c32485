import Chat
import Loopback
import Telegram
import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct SendingTroubleTests {
  /// Whether `body` ended with an error of a kind, and with which.
  private func error(_ body: () async throws(ChatError) -> Void) async -> ChatError? {
    do throws(ChatError) {
      try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      ("close_before", [:]), ("close_before", ["executed": false]), ("close_within", [:]),
      ("reset", [:]), ("stall", [:]), ("status", ["status": 502]),
      ("status", ["status": 502, "executed": true]), ("status", ["status": 200]),
    ] as [(String, JSONObject)])
  func `a message that may have arrived is not sent again`(
    fault: String, settings: JSONObject
  ) async throws {
    try await Wire.open(patience: .seconds(4)) { wire in
      wire.fault(fault, settings, at: "sendMessage")
      let error = await error { () async throws(ChatError) in
        _ = try await wire.send(Reply(lines: ["once"]))
      }
      guard case .ambiguous? = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      #expect(wire.calls(of: "sendMessage") == 1)
      let isExecuted = settings["executed"].map { $0 == .bool(true) } ?? (fault != "status")
      #expect(await wire.written().count == (isExecuted ? 1 : 0))
    }
  }

  @Test func `what certainly did not arrive is sent again, ever later`() async throws {
    try await Wire.open { wire in
      let restart: JSONObject = ["code": 500, "description": "Internal Server Error: restart"]
      wire.fault("refuse", restart, at: "sendMessage", times: 3)
      let sending = Task { try await wire.send(Reply(lines: ["at last"])) }
      for wait in [1, 2, 4] { await wire.time.passSleep(of: .seconds(wait)) }
      _ = try await sending.value
      #expect(await wire.written().map(\.text) == ["at last"])
    }
  }

  @Test func `after four attempts it is given up`() async throws {
    try await Wire.open { wire in
      wire.fault("refuse", ["code": 500], at: "sendMessage", times: nil)
      let sending = Task {
        await error { () async throws(ChatError) in
          _ = try await wire.send(Reply(lines: ["never"]))
        }
      }
      for wait in [1, 2, 4] { await wire.time.passSleep(of: .seconds(wait)) }
      #expect(await sending.value == .transient("HTTP 500 bad request"))
      #expect(wire.calls(of: "sendMessage") == 4)
    }
  }

  @Test func `an edit that may have arrived is made again`() async throws {
    try await Wire.open(patience: .seconds(4)) { wire in
      let message = try await wire.send(Reply(lines: ["one"]))
      wire.fault("stall", ["executed": true], at: "editMessageText")
      wire.fault("close_before", ["executed": false], at: "editMessageText", skip: 1)
      let editing = Task {
        try await wire.service.chat.edit(message, to: Reply(lines: ["two"]), lane: .edit)
      }
      for wait in [1, 2] { await wire.time.passSleep(of: .seconds(wait)) }
      try await editing.value
      #expect(await wire.written().map(\.text) == ["two"])
      #expect(wire.calls(of: "editMessageText") == 3)
    }
  }

  @Test func `an older edit that is made again does not overwrite a newer one`() async throws {
    try await Wire.open { wire in
      let message = try await wire.send(Reply(lines: ["one"]))
      wire.fault("refuse", ["code": 500], at: "editMessageText")
      let older = Task {
        try await wire.service.chat.edit(message, to: Reply(lines: ["two"]), lane: .edit)
      }
      await wire.time.waitForSleeper(until: wire.time.now + .seconds(1))
      try await wire.service.chat.edit(message, to: Reply(lines: ["three"]), lane: .edit)
      wire.time.advance(by: .seconds(1))
      try await older.value
      #expect(await wire.written().map(\.text) == ["three"])
    }
  }

  @Test func `a flood is waited out, a tenth longer, and only in that chat`() async throws {
    try await Wire.open { wire in
      await wire.telegram.makeGroup(TelegramChat(id: -7, kind: .group, title: "Desk"))
      wire.fault("flood", ["retry_after": 30], at: "sendMessage")
      let sending = Task { try await wire.send(Reply(lines: ["later"])) }
      await wire.time.waitForSleeper(until: wire.time.now + .seconds(33))
      _ = try await wire.send(Reply(lines: ["at once"]), to: ChatID(-7))
      #expect(await wire.written() == [])
      wire.time.advance(by: .seconds(33))
      _ = try await sending.value
      #expect(await wire.written().map(\.text) == ["later"])
    }
  }

  @Test(
    arguments: [
      ("blocked", [:], .blocked), ("unauthorised", [:], .unauthorised),
      ("refuse", ["description": "Bad Request: chat not found"], .blocked),
      (
        "refuse", ["description": "Bad Request: BUTTON_DATA_INVALID"],
        .rejected(code: 400, "Bad Request: BUTTON_DATA_INVALID")
      ),
    ] as [(String, JSONObject, ChatError)])
  func `what would be refused again is told at once`(
    fault: String, settings: JSONObject, expected: ChatError
  ) async throws {
    try await Wire.open { wire in
      wire.fault(fault, settings, at: "sendMessage")
      let error = await error { () async throws(ChatError) in
        _ = try await wire.send(Reply(lines: ["x"]))
      }
      #expect(error == expected)
      #expect(wire.calls(of: "sendMessage") == 1)
    }
  }

  @Test func `a person who blocked the bot can't be written to`() async throws {
    try await Wire.open { wire in
      try await wire.telegram.admit(false, in: Wire.ana, by: Wire.ana)
      await #expect(throws: ChatError.blocked) { try await wire.send(Reply(lines: ["x"])) }
    }
  }

  @Test func `sending never waits behind an open poll`() async throws {
    try await Wire.open { wire in
      try await wire.polling {
        try await wire.hears("hello")
        while await wire.telegram.queueState()["polling"] != true, !Task.isCancelled {
          await Task.yield()
        }
        _ = try await wire.send(Reply(lines: ["answer"]))
        #expect(await wire.telegram.queueState()["polling"] == true)
      }
    }
  }
}
