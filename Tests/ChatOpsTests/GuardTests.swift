import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

/// What is said while the bot is down, and of the guard while it is not.
@Suite struct GuardTests {
  @Test(arguments: [
    "/pause", "/resume", "/unlock", "/allow sol", "/deny sol", "/pnl", "/allowlist",
  ])
  func `the guard does only its part, and says which that is`(text: String) async throws {
    let phone = try await Phone(isGuard: true)
    await phone.say(text)
    #expect(
      phone.text
        == "The bot is down; the guard can do: /status /positions /close /kill /panic /health /help /whoami"
    )
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.log.rows.map(\.stage) == [.refused])
  }

  @Test func `a viewer is told of nothing that a viewer may not do`() async throws {
    let phone = try await Phone(isGuard: true)
    await phone.say("/pnl", from: .eve)
    #expect(phone.text.hasSuffix("can do: /status /positions /health /help /whoami"))
  }

  @Test func `its screens have no button that it would refuse`() async throws {
    let phone = try await Phone(isGuard: true)
    await phone.say("/status")
    #expect(phone.labels == [["Refresh", "Positions"], ["Close…", "Panic"]])
    await phone.say("/help look", number: 2)
    #expect(phone.text.contains("/status") && !phone.text.contains("/pnl"))
    await phone.say("/paus", number: 3)
    #expect(phone.labels == [["/help"]])
  }

  @Test func `it closes as the bot does`() async throws {
    let phone = try await Phone(isGuard: true)
    await phone.say("/close btc")
    await phone.tap("Close 100%")
    #expect(
      phone.bus.submitted.map(\.deed) == [
        .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false)
      ])
  }

  @Test(arguments: [
    (GuardSight.ready, "guard ready"), (.stale(.seconds(31)), "guard stale 31 s"),
    (.absent(.minutes(3)), "guard absent 3 min"),
    (.hasTheChat(.seconds(40)), "guard has the chat, 40 s"),
  ])
  func `status and health tell how the guard stands`(sight: GuardSight, text: String) async throws {
    let phone = try await Phone(guardian: sight)
    await phone.say("/status")
    #expect(phone.text.contains("store ok · \(text)\n"))
    await phone.say("/health", number: 2)
    #expect(phone.text.contains(text.replacing("guard ", with: "guard    ")))
  }

  @Test(arguments: [
    (GuardSight.ready, "control ready"), (.stale(.seconds(31)), "control stale 31 s"),
    (.absent(.minutes(3)), "control absent 3 min"),
  ])
  func `status and health tell how the control server stands`(
    sight: GuardSight, text: String
  ) async throws {
    let phone = try await Phone(guardian: .ready, control: sight)
    await phone.say("/status")
    #expect(phone.text.contains("guard ready · \(text)\n"))
    await phone.say("/health", number: 2)
    #expect(phone.text.contains(text.replacing("control ", with: "control  ")))
  }

  @Test func `where no guard is expected none is mentioned`() async throws {
    let phone = try await Phone()
    await phone.say("/status")
    await phone.say("/health", number: 2)
    #expect(!phone.text.contains("guard"))
  }

  // MARK: Alerts

  static let wording: [(Alert.News, String)] = [
    (
      .guardTook(.died, isRestarting: true, inFlight: ["/close btc"]),
      """
      🔴 The bot is down: its process ended. I am the guard: I see and close what is open on Bybit, and enter nothing.
      It is being started again.
      1 command was in flight: /close btc
      """
    ),
    (
      .guardTook(.hung(silentFor: .seconds(31)), isRestarting: false, inFlight: []),
      "🔴 The bot is down: it hung for 31 s and was ended. I am the guard: I see and close what is open on Bybit, and enter nothing."
    ),
    (
      .guardTook(.stopped, isRestarting: false, inFlight: []),
      "🟡 The bot is down: it was stopped. I am the guard: I see and close what is open on Bybit, and enter nothing."
    ),
    (
      .guardStops,
      "⏹ The guard stops. Nobody answers here until the bot is started; stops stay on Bybit."
    ),
    (.restartLoop(starts: 3), "🔴 3 starts in 10 min. PAUSED: no new entries until /resume."),
  ]

  @Test(arguments: wording)
  func `alerts of the guard have their wording`(news: Alert.News, text: String) async throws {
    let phone = try await Phone(persons: [.ana])
    await phone.service.alerts.tell(Alert(.p1, news, at: phone.clock.now))
    #expect(try await phone.outbox.pending().first?.reply.plainText == text)
  }

  @Test func `an absent guard is told to owners, fires once, and its return is no message`()
    async throws
  {
    let phone = try await Phone()
    let alerts = phone.service.alerts
    await alerts.tell(Alert(.p1, .guardAbsent(for: .seconds(60)), at: phone.clock.now))
    let told = try await phone.outbox.pending()
    #expect(told.map(\.address.chat) == [Person.ana.chat])
    #expect(
      told.first?.reply.plainText.hasPrefix("🟠 The guard has not been there for 1 min") == true)
    #expect(await alerts.firingCount == 1)
    await alerts.tell(Alert(.p3, .guardReady(after: .minutes(5)), at: phone.clock.now))
    #expect(await alerts.firingCount == 0)
    #expect(try await phone.outbox.pending().count == 1)
  }

  @Test func `the start after the guard says for how long that had the chat`() async throws {
    let phone = try await Phone(persons: [.ana])
    let report = StartReport(
      version: "1.4.0", mode: "live", positions: 1, matching: 1, state: .running,
      downFor: .seconds(2), wasClean: true, inFlight: [], guardedFor: .seconds(192))
    await phone.service.alerts.tell(Alert(.p2, .started(report), at: phone.clock.now))
    let text = try await phone.outbox.pending().first?.reply.plainText
    #expect(text?.hasSuffix("· the guard had the chat for 3 min") == true)
  }
}
