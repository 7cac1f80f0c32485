import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct LifeTests {
  @Test(arguments: [
    ("/allow xrp", 60, 1), ("/allow xrp", 61, 0), ("/panic now", 60, 1), ("/panic now", 61, 0),
  ])
  func `a change typed more than a minute ago is not run`(
    typed: String, seconds: Int, executed: Int
  ) async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(
      Phone.message(typed, sentAt: Phone.now - .seconds(seconds)))
    #expect(phone.bus.submitted.count == executed)
  }

  @Test func `a stale command offers to be run now`() async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(Phone.message("/allow xrp", sentAt: Phone.now - .seconds(240)))
    #expect(phone.text == "Sent 4 min ago, not run.")
    #expect(phone.log.rows[0].stage == .expired)
    await phone.tap("Run now")
    #expect(phone.bus.submitted.map(\.deed) == [.allow(["XRPUSDT"], for: nil)])
  }

  @Test(arguments: [(600, true), (601, false)])
  func `a reading is answered for ten minutes`(seconds: Int, isAnswered: Bool) async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(
      Phone.message("/status", sentAt: Phone.now - .seconds(seconds)))
    #expect(phone.text.contains("Equity") == isAnswered)
  }

  @Test func `a late panic rings with its preview, and is not executed by itself`() async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(
      Phone.message("/panic now", number: 1, sentAt: Phone.now - .seconds(899)))
    #expect(phone.text.hasPrefix("🚨 Panic?"))
    #expect(phone.screen?.isSilent == false)
    #expect(phone.bus.submitted.isEmpty)
    await phone.tap("Panic")
    #expect(phone.bus.submitted.map(\.deed) == [.panic])
    await phone.service.desk.handle(
      Phone.message("/panic now", number: 2, sentAt: Phone.now - .seconds(901)))
    #expect(phone.text == "Sent 15 min ago, not run.")
  }

  @Test func `a message from ahead of our clock shows that our clock is behind`() async throws {
    let phone = try await Phone()
    await phone.service.desk.handle(
      Phone.message("/whoami", number: 1, sentAt: Phone.now + .seconds(50)))
    await phone.service.desk.handle(
      Phone.message("/allow xrp", number: 2, sentAt: Phone.now - .seconds(20)))
    #expect(phone.text == "Sent 1 min ago, not run.")
  }

  @Test func `an update told twice has one effect`() async throws {
    let phone = try await Phone()
    let update = Phone.message("/panic now")
    await phone.service.desk.handle(update)
    await phone.service.desk.handle(update)
    var again = update
    again.id = 77
    await phone.service.desk.handle(again)
    #expect(phone.bus.submitted.count == 1)
    #expect(phone.log.rows.count == 1)
  }

  @Test func `panic shows its phases and ends locked`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/panic now")
      let id = phone.bus.submitted[0].id
      #expect(await phone.eventually { phone.text == "🚨 PANIC by Ana 12:04:31 UTC" })
      var report = FlattenReport.panic(id)
      phone.bus.say(.working(report), about: id, at: Phone.now)
      await phone.pass(.seconds(2))
      #expect(
        await phone.eventually {
          phone.text == """
            🚨 PANIC by Ana 12:04:31 UTC
            1 modules off        ✓ 0.1 s
            2 orders cancelled   ✓ 10 of 10
            3 positions closing  … 2 of 3
            4 verify
            5 lock
            6 report
            ETHUSDT: 1.50 left, try 2 of 10
            """
        })
      report.items[1].left = "0"
      report.flatReadings = 2
      report.endedAt = Phone.now + .milliseconds(7200)
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text == """
            🔒 LOCKED · flat confirmed 12:04:38 UTC
            Closed 3 · 10 entry orders cancelled · took 7.2 s
            Result of the closes +118.40 after exit fees · day +312.30 (+3.05%)
            Trading stays off until /unlock
            """
        })
    }
  }

  @Test func `a panic that is not flat says so and can be tried again`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/panic now")
      let id = phone.bus.submitted[0].id
      var report = FlattenReport.panic(id)
      report.endedAt = Phone.now + .seconds(120)
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.hasPrefix("🚨 NOT FLAT") })
      #expect(
        phone.text
          == "🚨 NOT FLAT: ETHUSDT 1.50 long remains after 2 min. Modules are off, no new orders. Close it in the Bybit app or try again."
      )
      #expect(phone.labels == [["Try again"]])
      #expect(await phone.eventually { phone.log.rows[0].stage == .failed })
      await phone.tap("Try again")
      #expect(phone.text.hasPrefix("🚨 Panic?"))
    }
  }

  @Test func `a panic is never refused because the market moved`() async throws {
    let phone = try await Phone()
    await phone.say("/panic")
    phone.bus.change {
      $0.positions[0].position.quantity = "9"
      $0.state = .degraded
    }
    await phone.tap("Panic")
    #expect(phone.bus.submitted.map(\.deed) == [.panic])
  }

  @Test func `kill asks about the positions`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/kill")
      #expect(
        phone.text == """
          Stop everything?
          4 modules, 4 entry orders to cancel
          3 positions +124.78, all with a stop on Bybit
          What about the positions?
          valid for 30 s
          """)
      #expect(phone.labels == [["Keep, stops stay"], ["Flatten"], ["Go on trading"]])
      await phone.tap("Keep, stops stay")
      let command = try #require(phone.bus.submitted.first)
      #expect(command.deed == .kill(flatten: false))
      phone.bus.say(
        .finished(
          .halted(
            HaltReport(
              enginesOff: 4, entriesCancelled: 4,
              positionsKept: EngineSnapshot.example(at: Phone.now).positions))),
        about: command.id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text
            == "⏹ HALTED · 4 modules off · 4 entries cancelled · 3 positions kept, 3 stops confirmed. /resume starts again."
        })
    }
  }

  @Test func `kill names the position without a stop`() async throws {
    let phone = try await Phone()
    phone.bus.change { $0.positions[1].position.stop = nil }
    await phone.say("/kill")
    #expect(phone.labels.first == ["Keep, ETH NO STOP"])
    #expect(phone.text.contains("NO STOP ON EXCHANGE: ETH"))
  }

  @Test func `unlock is refused while something is open`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .locked
      $0.locks = [Lock(kind: .panic, reason: "panic by Ana", since: Phone.now - .minutes(18))]
      $0.positions = [$0.positions[1]]
    }
    await phone.say("/unlock")
    #expect(phone.text == "Refused: ETHUSDT 1.50 is still open.")
    phone.bus.change { $0.positions = [] }
    await phone.say("/unlock", number: 2)
    #expect(
      phone.text == """
        Unlock?
        Equity 10,552.30 USDT, flat
        Panic lock: panic by Ana · 18 min ago
        The daily stop at −5% still guards today
        valid for 30 s
        """)
    await phone.tap("Unlock")
    #expect(phone.bus.submitted.map(\.deed) == [.unlock])
    phone.bus.change { $0.wallet = .unknown(since: Phone.now, why: "no answer") }
    await phone.say("/unlock", number: 3)
    #expect(phone.text == "Refused: the account could not be read (no answer).")
  }

  @Test func `unlock says when the day has no stop any more`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .locked
      $0.locks = [Lock(kind: .day, reason: "daily stop -5.03%", since: Phone.now - .minutes(1))]
      $0.positions = []
      $0.day?.baseline.hasStopped = true
      $0.day?.baseline.hasReachedTarget = true
    }
    await phone.say("/unlock")
    #expect(
      phone.text == """
        Unlock?
        Equity 10,552.30 USDT, flat
        Day lock: daily stop −5.03% · 1 min ago
        The daily stop has fired today: it does not guard again before 00:00 UTC
        The daily target has been reached today: it counts again from 00:00 UTC
        valid for 30 s
        """)
  }

  @Test func `dust and what is held for long do not keep a lock from being lifted`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .locked
      $0.locks = [Lock(kind: .panic, reason: "by Ana", since: Phone.now)]
      $0.positions = [$0.positions[2], $0.positions[1]]
      $0.positions[0].isToBeClosed = false
    }
    await phone.say("/unlock")
    #expect(phone.text == "Refused: ETHUSDT 1.50 is still open.")
    phone.bus.change { $0.positions.removeLast() }
    await phone.say("/unlock", number: 2)
    #expect(
      phone.text.contains(
        "Equity 10,552.30 USDT\nStays open, nothing that a flatten closes: SOLUSDT 45.0"))
    await phone.tap("Unlock")
    #expect(phone.bus.submitted.map(\.deed) == [.unlock])
  }

  @Test func `the preview of a panic names what it cancels and what goes by itself`() async throws {
    let phone = try await Phone()
    await phone.say("/panic")
    #expect(
      phone.text == """
        🚨 Panic?
        4 modules off, 4 entry orders cancelled
        3 positions closed at market (+124.78): BTC LONG 0.120 · ETH LONG 1.50 · SOL LONG 45.0
        Their stops and targets go with them
        Then trading stays off until /unlock
        valid for 1 min
        """)
  }

  @Test func `an undo offers no other undo`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/deny sol")
      let first = phone.bus.submitted[0].id
      phone.bus.say(
        .finished(
          .allowlistChanged(
            AllowlistChange(
              added: [], removed: ["SOLUSDT"], unchanged: [], count: 2, until: nil, stillOpen: []))),
        about: first, at: Phone.now)
      #expect(await phone.eventually { phone.labels == [["Undo"]] })
      await phone.tap("Undo")
      #expect(phone.bus.submitted.map(\.deed).last == .allow(["SOLUSDT"], for: nil))
      let second = phone.bus.submitted[1].id
      phone.bus.say(
        .finished(
          .allowlistChanged(
            AllowlistChange(
              added: ["SOLUSDT"], removed: [], unchanged: [], count: 3, until: nil, stillOpen: []))),
        about: second, at: Phone.now)
      #expect(
        await phone.eventually { phone.text == "Allowed: +SOLUSDT · 3 symbols · active now" })
      #expect(phone.labels == [])
    }
  }

  @Test func `resume is refused under a stricter lock and names it`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.locks = [
        Lock(kind: .paused(nil), reason: "by Ana", since: Phone.now),
        Lock(kind: .day, reason: "daily stop", since: Phone.now),
      ]
    }
    await phone.say("/resume")
    #expect(phone.text == "Refused: Day lock stands. /unlock lifts it when flat.")
    phone.bus.change { $0.locks.removeLast() }
    await phone.say("/resume", number: 2)
    await phone.tap("Resume")
    #expect(phone.bus.submitted.map(\.deed) == [.resume(nil)])
  }

  @Test func `allow says what changed, and undo takes exactly that back for five minutes`()
    async throws
  {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/allow sol xrp")
      let id = phone.bus.submitted[0].id
      phone.bus.say(
        .finished(
          .allowlistChanged(
            AllowlistChange(
              added: ["XRPUSDT"], removed: [], unchanged: ["SOLUSDT"], count: 13, until: nil,
              stillOpen: []))), about: id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text == "Allowed: +XRPUSDT (SOLUSDT was in) · 13 symbols · active now"
        })
      #expect(phone.labels == [["Undo"]])
      phone.clock.advance(by: .seconds(299))
      await phone.tap("Undo", id: "a")
      await phone.tap("Undo", id: "b")
      #expect(
        phone.bus.submitted.map(\.deed) == [
          .allow(["SOLUSDT", "XRPUSDT"], for: nil), .deny(["XRPUSDT"], for: nil),
        ])
    }
  }

  @Test func `deny names what is still open`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/deny doge 6h")
      let command = phone.bus.submitted[0]
      #expect(command.deed == .deny(["DOGEUSDT"], for: .hours(6)))
      let open = PositionView.example(
        .example("DOGEUSDT", side: .short, quantity: "900", entry: "0.1"), profit: "-3.10")
      phone.bus.say(
        .finished(
          .allowlistChanged(
            AllowlistChange(
              added: [], removed: ["DOGEUSDT"], unchanged: [], count: 12,
              until: Phone.now + .hours(6), stillOpen: [open]))), about: command.id,
        at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text == """
            DOGEUSDT denied until 18:04:31 UTC. No new entries.
            Open: SHORT 900 (−3.10), exits go on.
            """
        })
      #expect(phone.labels == [["Close DOGE…", "Undo"]])
      phone.clock.advance(by: .seconds(301))
      await phone.tap("Undo")
      #expect(phone.bus.submitted.count == 1)
    }
  }

  @Test func `a second close of the same is told by the first one's report`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc", from: .ana, number: 1)
      await phone.tap("Close 100%", by: .ana, id: "a")
      await phone.say("/close btc", from: .bob, number: 2)
      await phone.tap("Close 100%", by: .bob, id: "b")
      let (first, second) = (phone.bus.submitted[0].id, phone.bus.submitted[1].id)
      phone.bus.say(.finished(.joined(first)), about: second, at: Phone.now)
      phone.bus.say(.finished(.flattened(.closed(first))), about: first, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.chat.sent.allSatisfy {
            phone.chat.text(of: $0.message)?.plainText.hasPrefix("✓ BTCUSDT closed") == true
          }
        })
    }
  }

  @Test func `a silent engine is reported`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/pause 30m")
      #expect(phone.bus.submitted.map(\.deed) == [.pause(nil, for: .minutes(30))])
      #expect(await phone.eventually { phone.clock.sleeperCount >= 2 })
      phone.clock.advance(by: .seconds(30))
      #expect(
        await phone.eventually {
          phone.text == "No answer from the engine for 30 s. Still waiting."
        })
      phone.bus.say(.finished(.done), about: phone.bus.submitted[0].id, at: Phone.now)
      #expect(await phone.eventually { phone.text.contains("paused until 12:34:31 UTC") })
    }
  }
}

extension FlattenReport {
  /// The panic of the sample, while ETHUSDT is still closing.
  static func panic(_ command: CommandID) -> FlattenReport {
    let item = { (symbol: Symbol, size: Quantity, left: Quantity, realised: Notional) in
      Item(
        key: PositionKey(symbol), side: .long, before: size, wanted: size, left: left,
        averageEntry: "1", realised: realised, tries: left.isZero ? 1 : 2)
    }
    let start = Phone.now
    return FlattenReport(
      cause: .panic(command), by: "Ana", startedAt: start,
      phases: [
        PhaseTime(
          phase: .modulesOff, startedAt: start, endedAt: start + .milliseconds(100)),
        PhaseTime(phase: .cancel, startedAt: start, endedAt: start + .milliseconds(300)),
        PhaseTime(phase: .close, startedAt: start),
      ],
      items: [
        item("BTCUSDT", "0.12", "0", "91.68"), item("ETHUSDT", "1.5", "1.5", "-30"),
        item("SOLUSDT", "45", "0", "56.72"),
      ], ordersToCancel: 10, ordersCancelled: 10)
  }
}
