import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct AlertTests {
  static func failure(_ meaning: Rejection.Meaning = .insufficientBalance) -> OrderFailure {
    OrderFailure(
      error: .rejected(Rejection(code: 110007, reason: "ab not enough", meaning: meaning)),
      id: ClientOrderID("liq-1-1"))
  }

  static let cut = MarginCut(use: "1.031", share: "0.2", positions: 3, number: 1, most: 5)

  static let wording: [(Alert.Severity, Alert.News, String)] = [
    (
      .p1, .marginWarn(use: "0.824", limit: "0.8", largest: "BTCUSDT", largestShare: "0.41"),
      "🟠 IM 82.4% (limit 80). New entries stopped. At 100% the bot closes 20% of everything. Largest: BTCUSDT 41%."
    ),
    (
      .p0, .marginCut(cut), "🔴 IM 103.1%. Closing 20% of 3 positions now (1 of 5)."
    ),
    (
      .p0, .marginStuck(use: "1.2"),
      "🔴 IM 120.0% (limit 100), and nothing is open that the bot may close. Bring money in, or close something yourself."
    ),
    (
      .p0, .marginCloseAll(use: "1.031", cuts: 5),
      "🔴 IM 103.1% after 5 reductions. Closing everything, locked until /unlock."
    ),
    (
      .p0, .marginCloseAll(use: "0.91", cuts: 0),
      "🔴 IM 91.0%. Closing everything, locked until /unlock."
    ),
    (
      .p0, .stopMissing(PositionKey("ETHUSDT"), .long, "1.5"),
      "🔴 ETHUSDT LONG 1.50 has no stop on Bybit. It was opened by hand, and protect_manual is off: the bot leaves it alone."
    ),
    (
      .p1, .dayNear(result: "-0.0402", missing: "100.35"),
      "🟠 Day −4.02%. Daily stop at −5% is 100.35 USDT away."
    ),
    (
      .p0, .dayStop(result: "-0.0503", amount: "-515.07"),
      "🔴 DAILY STOP −5.03% (−515.07). Closing everything."
    ),
    (
      .p1, .dayTarget(result: "0.101", amount: "1034.20"),
      "🏁 DAILY TARGET +10.1% (+1,034.20). Closing everything, locked until the new UTC day."
    ),
    (
      .p0, .closeFailed(PositionKey("ETHUSDT"), failure(), tries: 3),
      "🔴 ETHUSDT cannot be closed: insufficient balance (110007), try 3 of 10."
    ),
    (.p2, .unlocked(.paused(nil)), "The pause of all modules is over."),
    (.p2, .unlocked(.paused(.density)), "The pause of density is over."),
    (.p2, .unlocked(.halted), "The halt by /kill is over."),
    (.p2, .unlocked(.day), "Day lock lifted."),
    (
      .p1,
      .stopNotMoved(
        PositionKey("BTCUSDT"), standing: "58200", wanted: "58665.6",
        .rateLimited(retryAfter: .seconds(2))),
      "🟠 BTCUSDT: stop and target of the average entry could not be set, stop to 58,665.6: too many requests. The stop at 58,200.0 stays."
    ),
    (
      .p0, .emergencyClose(PositionKey("ETHUSDT"), .long, "1.5"),
      "🔴 ETHUSDT LONG 1.50 had no stop. Closing it now."
    ),
    (
      .p1, .linkDown(.account, silentFor: .seconds(30)),
      "🟠 Bybit account silent for 30 s. Entries stopped. Stops are on the exchange."
    ),
    (
      .p1, .linkDown(.liquidations, of: .bybit, silentFor: .seconds(12)),
      "🟡 Bybit liquidations silent for 12 s. Entries go on from those of Binance alone."
    ),
    (
      .p1, .linkDown(.liquidations, silentFor: .seconds(12)),
      "🟡 Binance liquidations silent for 12 s: what lives on them is idle."
    ),
    (
      .p1, .mismatch("SOLUSDT", ours: "−40", theirs: "−45"),
      "🔴 Bybit shows SOLUSDT −45, the bot expected −40. Entries in SOL stopped."
    ),
    (
      .p1, .chatConflict,
      "🟠 Another program uses this bot token. If it is not yours, revoke the token at BotFather."
    ),
    (
      .p2,
      .started(
        StartReport(
          version: "1.4.0", mode: "live · main", positions: 3, matching: 3, state: .running,
          downFor: .seconds(41), wasClean: true, inFlight: [])),
      "🟢 Started 1.4.0 · live · main · 3 positions found on Bybit, 3 match · state RUNNING · down for 41 s (planned)"
    ),
    (
      .p2,
      .newDay(
        DayBaseline(
          day: Timestamp.noon.day.next, equity: "10552.30", takenAt: .noon, isLate: false)),
      "UTC day 21 Nov. New baseline 10,552.30 → stop 10,024.68 · target 11,607.53"
    ),
  ]

  @Test(arguments: AlertTests.wording.indices)
  func `an alert tells what happened, what was done and what can be done`(index: Int) async throws {
    let (severity, news, text) = Self.wording[index]
    let phone = try await Phone(persons: [.ana])
    await phone.service.alerts.tell(Alert(severity, news, at: Phone.now))
    let entry = try #require(try await phone.outbox.pending().first)
    #expect(entry.reply.plainText == text)
    #expect(entry.lane == (severity == .p0 ? .urgent : severity == .p1 ? .important : .news))
    #expect(entry.reply.isSilent == (severity >= .p2))
    #expect(phone.outbox.events.first?.detail == text)
    for button in entry.reply.buttons.joined() {
      let name = try #require(button.data.split(separator: ":").last)
      #expect(CommandCatalog.command(named: String(name)) != nil)
    }
  }

  @Test func `a crash rings and names what was in flight`() async throws {
    let phone = try await Phone(persons: [.ana])
    await phone.service.alerts.tell(
      Alert(
        .p1,
        .started(
          StartReport(
            version: "1.4.0", mode: "live", positions: 0, matching: 0, state: .running,
            downFor: .seconds(5), wasClean: false, inFlight: ["/close BTC, Bybit shows it done"])),
        at: Phone.now))
    let entry = try #require(try await phone.outbox.pending().first)
    #expect(!entry.reply.isSilent)
    #expect(
      entry.reply.plainText.hasSuffix(
        "1 command was in flight: /close BTC, Bybit shows it done"))
  }

  @Test func `five hundred order failures in a minute are one message and at most three edits`()
    async throws
  {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      for _ in 0..<50 {
        for _ in 0..<10 {
          phone.bus.raise(Alert(.p1, .orderFailed("SOLUSDT", Self.failure()), at: Phone.now))
        }
        await phone.pass(.milliseconds(1200), steps: 4)
      }
      await phone.pass(.seconds(40), steps: 20)
      #expect(
        await phone.eventually {
          phone.text.hasPrefix(
            "🟠 Orders failing: SOLUSDT, insufficient balance (110007), ")
        })
      #expect(phone.chat.sent.count == 1)
      #expect((1...3).contains(phone.chat.edits.count))
      #expect(phone.chat.edits.allSatisfy { $0.reply.isSilent })
    }
  }

  @Test func `a failure waits three seconds for its like, and many symbols are one line`()
    async throws
  {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      for symbol in ["AUSDT", "BUSDT", "CUSDT", "DUSDT", "EUSDT", "FUSDT"] as [Symbol] {
        phone.bus.raise(Alert(.p1, .orderFailed(symbol, Self.failure()), at: Phone.now))
      }
      #expect(await phone.eventually { phone.clock.sleeperCount >= 13 })
      phone.clock.advance(by: .milliseconds(2900))
      #expect(phone.chat.sent.isEmpty)
      phone.clock.advance(by: .milliseconds(200))
      #expect(
        await phone.eventually {
          phone.text
            == "🟠 Orders failing: 6 symbols, 6×: A, B, C, D, E, F. insufficient balance (110007)."
        })
      #expect(phone.chat.sent.count == 1)
    }
  }

  @Test func `while it fires the message is edited silently, and only when it moved`()
    async throws
  {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      let warn = { (use: Ratio) in
        phone.bus.raise(
          Alert(
            .p1, .marginWarn(use: use, limit: "0.8", largest: nil, largestShare: nil),
            at: Phone.now))
      }
      warn("0.824")
      #expect(await phone.eventually { phone.text.hasPrefix("🟠 IM 82.4%") })
      warn("0.829")
      await phone.pass(.seconds(31))
      #expect(phone.chat.edits.isEmpty)
      warn("0.85")
      #expect(await phone.eventually { phone.text.hasPrefix("🟠 IM 85.0%") })
      #expect(phone.chat.sent.count == 1)
      phone.bus.raise(
        Alert(
          .p2, .marginNormal(use: "0.746", after: .minutes(18), peak: "0.86"), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text == "🟢 IM back at 74.6% after 18 min (peak 86.0%)."
        })
      let reply = phone.chat.calls.compactMap { call -> MessageRef? in
        if case .send(_, _, _, let earlier, _) = call { earlier } else { nil }
      }
      #expect(reply == [phone.chat.sent[0].message])
      #expect(phone.screen?.isSilent == true)
    }
  }

  @Test func `a reduction is told, edited when it is done, and resolved under the level`()
    async throws
  {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      phone.bus.raise(Alert(.p0, .marginCut(Self.cut), at: Phone.now))
      #expect(await phone.eventually { phone.text.hasPrefix("🔴 IM 103.1%. Closing 20%") })
      var report = FlattenReport(cause: .margin, by: "", startedAt: Phone.now, flatReadings: 2)
      report.endedAt = Phone.now + .milliseconds(2100)
      phone.bus.raise(
        Alert(
          .p0,
          .marginCutDone(
            Self.cut, report, use: "0.826", nextAt: Phone.now + .seconds(62)), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text
            == "🔴 IM 103.1%. Closing 20% of 3 positions now (1 of 5). Done in 2.1 s, IM 82.6%. Next not before 12:05:33 UTC."
        })
      #expect(phone.chat.sent.count == 1)
      phone.bus.raise(Alert(.p2, .marginUnblocked(use: "0.826", cuts: 1), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text
            == "🟢 IM 82.6%, under 100% again after 1 reduction. New entries stay stopped while it is over 80%."
        })
      phone.bus.raise(
        Alert(.p2, .marginNormal(use: "0.7", after: .minutes(3), peak: "1.04"), at: Phone.now))
      #expect(await phone.eventually { phone.text.hasPrefix("🟢 IM back at 70.0%") })
    }
  }

  @Test func `not flat is repeated with sound every two minutes until it is`() async throws {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      var report = FlattenReport.panic(CommandID(1))
      report.endedAt = Phone.now + .seconds(120)
      phone.bus.raise(Alert(.p0, .notFlat(report), at: Phone.now))
      #expect(await phone.eventually { phone.chat.sent.count == 1 })
      for count in 2...3 {
        #expect(await phone.eventually { phone.clock.sleeperCount >= 2 })
        await phone.pass(.seconds(121))
        #expect(await phone.eventually { phone.chat.sent.count == count })
        #expect(phone.screen?.isSilent == false)
      }
      report.items[1].left = "0"
      report.flatReadings = 2
      phone.bus.raise(Alert(.p0, .flattened(report), at: Phone.now))
      #expect(await phone.eventually { phone.text.hasPrefix("🔒 LOCKED") })
      let count = phone.chat.sent.count
      await phone.pass(.seconds(300))
      #expect(phone.chat.sent.count == count)
    }
  }

  @Test func `who gave the command sees its message, the others the alert`() async throws {
    let phone = try await Phone()
    await phone.say("/panic now")
    let id = phone.bus.submitted[0].id
    await phone.service.alerts.tell(Alert(.p0, .flattening(.panic(id)), at: Phone.now))
    #expect(try await phone.outbox.pending().map(\.address.chat) == [ChatID(8), ChatID(9)])
  }

  static let locks: [(String, Alert.News)] = [
    ("/pause", .locked(Lock(kind: .paused(nil), reason: "by Ana", since: Phone.now))),
    (
      "/pause density 30m",
      .locked(Lock(kind: .paused(.density), reason: "by Ana", since: Phone.now))
    ),
    ("/kill", .locked(Lock(kind: .halted, reason: "by Ana", since: Phone.now))),
    ("/resume", .unlocked(.halted)), ("/resume", .unlocked(.paused(.density))),
    ("/unlock", .unlocked(.day)), ("/unlock", .unlocked(.panic)),
  ]

  @Test(arguments: AlertTests.locks.indices)
  func `a lock is told to the others, its giver has the outcome of the command`(
    index: Int
  ) async throws {
    let (typed, news) = Self.locks[index]
    let phone = try await Phone()
    if typed == "/resume" || typed == "/unlock" {
      phone.bus.change {
        $0.positions = []
        $0.locks = [
          Lock(kind: typed == "/unlock" ? .day : .halted, reason: "by Bob", since: Phone.now)
        ]
      }
    }
    await phone.say(typed)
    if let button = phone.labels.first?.first { await phone.tap(button) }
    #expect(phone.bus.submitted.count == 1)
    await phone.service.alerts.tell(Alert(.p2, news, at: Phone.now))
    #expect(try await phone.outbox.pending().map(\.address.chat) == [ChatID(8), ChatID(9)])
    // What another or the time did is told to all.
    phone.clock.advance(by: .seconds(61))
    await phone.service.alerts.tell(Alert(.p2, news, at: phone.clock.now))
    #expect(try await phone.outbox.pending().count == 5)
  }

  @Test func `a lock that the command did not bring is told to its giver, too`() async throws {
    let phone = try await Phone()
    await phone.say("/pause density")
    for news: Alert.News in [
      .unlocked(.paused(.density)), .locked(Lock(kind: .flagFile, reason: "", since: Phone.now)),
      .locked(Lock(kind: .paused(nil), reason: "by Bob", since: Phone.now)),
    ] {
      await phone.service.alerts.tell(Alert(.p2, news, at: Phone.now))
    }
    #expect(try await phone.outbox.pending().count == 9)
  }

  @Test(arguments: [
    ("command 4711", "by a command"), ("risk", "by the risk limits"), ("by hand", "by hand"),
    ("trailing stop", "trailing stop"),
  ])
  func `why a position was closed is told in words`(reason: String, text: String) async throws {
    let phone = try await Phone(persons: [.ana])
    await phone.service.alerts.tell(
      Alert(
        .p2, .positionClosed(.example(exit: "64974", closedAt: .noon, reasonOut: reason)),
        at: Phone.now))
    let entry = try #require(try await phone.outbox.pending().first)
    #expect(entry.reply.plainText.hasSuffix(" · \(text)"))
  }

  @Test func `a liquidation by the venue wakes people up, in words of its own`() async throws {
    let phone = try await Phone(persons: [.ana])
    await phone.service.alerts.tell(
      Alert(
        .p0,
        .positionLiquidated(
          .example(
            exit: "52000", realised: "-1465.20", fees: "7.10", closedAt: .noon + .minutes(14),
            reasonOut: RoundTrip.liquidated)), at: Phone.now))
    let entry = try #require(try await phone.outbox.pending().first)
    #expect(
      entry.reply.plainText == """
        🔴 LIQUIDATED by Bybit
        BTCUSDT LONG 0.120 @ 52,000.0 · −1,472.30 USDT net · 14 min
        The venue closed it by force, before its stop did. Look at what is open and at the margin.
        """)
    #expect(entry.lane == .urgent && !entry.reply.isSilent && entry.expiresAt == nil)
  }

  @Test func `the reasons of an entry are written like every other figure`() async throws {
    let phone = try await Phone(persons: [.ana])
    var trip = RoundTrip.example()
    trip.reasonIn =
      "liquidated long · liquidation 1512.44 USDT · price 64347.1 · distance -0.5423% below"
    await phone.service.alerts.tell(Alert(.p2, .positionOpened(.example(), trip), at: Phone.now))
    let entry = try #require(try await phone.outbox.pending().first)
    #expect(
      entry.reply.plainText.hasSuffix(
        "\nliquidated long · liquidation 1,512.44 USDT · price 64,347.1 · distance −0.5423% below"))
  }

  @Test func `a warning under a lock is noted and not sent`() async throws {
    let phone = try await Phone(persons: [.ana])
    let lock = Lock(kind: .day, reason: "daily stop", since: Phone.now)
    await phone.service.alerts.tell(Alert(.p2, .locked(lock), at: Phone.now))
    let before = try await phone.outbox.pending().count
    await phone.service.alerts.tell(
      Alert(.p1, .dayNear(result: "-0.041", missing: "90"), at: Phone.now))
    #expect(try await phone.outbox.pending().count == before)
    #expect(phone.outbox.events.last?.detail.hasPrefix("inhibited: ") == true)
  }

  @Test func `a position is told when it opens and, under that, when it closes`() async throws {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      phone.bus.raise(
        Alert(.p2, .positionOpened(.example(), .example()), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text == """
            Opened BTCUSDT LONG 0.120 @ 64,210.0 · liquidation
            stop 63,250.0 · target 66,100.0
            """
        })
      phone.bus.raise(
        Alert(
          .p2,
          .positionClosed(
            .example(
              exit: "64974", realised: "91.68", fees: "4.29",
              closedAt: .noon + .minutes(14), reasonOut: "target")), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text
            == "Closed BTCUSDT LONG 0.120 @ 64,974.0 · +87.39 USDT net · 14 min · target"
        })
      var funded = RoundTrip.example(
        exit: "64974", realised: "91.68", fees: "4.29", closedAt: .noon + .minutes(14),
        reasonOut: "target")
      funded.id = "liq-1-2"
      funded.funding = "2.26"
      phone.bus.raise(Alert(.p2, .positionClosed(funded), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text == "Closed BTCUSDT LONG 0.120 @ 64,974.0 · +85.13 USDT net · "
            + "funding −2.26 · 14 min · target"
        })
      #expect(phone.screen?.isSilent == true)
    }
  }
}
