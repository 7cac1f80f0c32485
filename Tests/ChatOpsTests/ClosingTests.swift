import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct ClosingTests {
  @Test func `the preview of a close says what it does, and the tap does it once`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      let typed = await phone.say("/close btc")
      #expect(
        phone.text == """
          Close BTCUSDT?
          Sell 0.120 (100%) at market, reduce-only
          ≈ 64,980.5 · now +92.46 · fee ≈ 4.29
          Also cancels: stop 63,250.0, target 66,100.0
          Module liquidation stays on and may enter again
          valid for 30 s
          """)
      #expect(
        phone.labels == [["Close 100%", "50%", "25%"], ["Close, pause module"], ["Keep"]])
      #expect(phone.bus.submitted.isEmpty)

      await phone.tap("Close 100%", id: "a")
      await phone.tap("Close 100%", id: "b")
      let command = try #require(phone.bus.submitted.first)
      #expect(phone.bus.submitted.count == 1)
      #expect(
        command.deed == .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false))
      #expect(command.by == "Ana")
      #expect(phone.log.rows.first?.number == command.id.number)

      phone.bus.say(
        .finished(.flattened(.closed(command.id))), about: command.id,
        at: Phone.now + .seconds(39))
      #expect(await phone.eventually { phone.text.hasPrefix("✓ BTCUSDT closed") })
      #expect(
        phone.text == """
          ✓ BTCUSDT closed
          0.120 @ 64,974.0 · +91.68 − fees 8.53 = +83.15 USDT net
          1.4 s · slippage 0.01% · flat confirmed · no orders left
          by Ana at 12:05:10 UTC
          """)
      #expect(phone.chat.sent.count == 1)
      #expect(
        await phone.eventually {
          phone.chat.reactions(to: typed) == [.received, .executing, .done]
        })
      #expect(
        phone.log.stages(of: command.id.number) == [
          .received, .previewed, .confirmed, .executing, .verified, .reported,
        ])
      #expect(await phone.eventually { phone.chat.toasts.count == 1 })
      await phone.tap(
        data: "n:0:0", by: .ana, on: phone.chat.sent[0].message, id: "c")
      #expect(phone.bus.submitted.count == 1)
    }
  }

  /// One position in a contract whose smallest order is 5.
  private func coarse(_ open: Quantity) async throws -> Phone {
    var snapshot = EngineSnapshot.example(at: Phone.now)
    snapshot.positions = [.example(.example(quantity: open))]
    return try await Phone(
      snapshot: snapshot, instruments: [.example("BTCUSDT", step: "1", minimum: "5")])
  }

  @Test(
    arguments: [
      ("20", "10", "Sell 5 (25%) at market, reduce-only", "BTCUSDT: 5 of 20, as", "Close 25%"),
      ("8", "50", "Sell 8 (100%) at market, reduce-only", "BTCUSDT: 8 of 8, as", "Close 100%"),
    ])
  func `the preview of a share shows what the smallest order makes of it`(
    open: String, percent: String, order: String, raise: String, button: String
  ) async throws {
    let phone = try await coarse(try Quantity(open))
    await phone.say("/close btc \(percent)%")
    let lines = phone.text.split(separator: "\n")
    #expect(lines[1] == order)
    #expect(lines[2] == "\(raise) Bybit takes no order under 5")
    #expect(phone.labels.first?.first == button)
    await phone.say("/close all \(percent)%")
    #expect(phone.text.contains("\(raise) Bybit takes no order under 5"))
  }

  @Test func `a share that the smallest order makes more is not offered as a button`() async throws
  {
    let phone = try await coarse("8")
    await phone.say("/close btc")
    #expect(phone.labels.first == ["Close 100%"])
    #expect(!phone.text.contains("takes no order under"))
  }

  @Test func `while positions are not known a close is offered all the same`() async throws {
    var snapshot = EngineSnapshot.example(at: Phone.now)
    snapshot.positions = []
    snapshot.isReconciled = false
    let phone = try await Phone(snapshot: snapshot)
    try await phone.running { phone in
      await phone.say("/positions")
      #expect(phone.text.hasPrefix("Positions unknown"))
      await phone.say("/close btc")
      #expect(phone.text.hasPrefix("Close BTCUSDT, if open?"))
      await phone.tap("Close 100%", id: "a")
      #expect(
        phone.bus.submitted.map(\.deed) == [
          .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false)
        ])
    }
  }

  @Test(arguments: ["/close btc", "/close all", "/kill"])
  func `what comes to light after a preview of the unknown was meant`(typed: String) async throws {
    let held = EngineSnapshot.example(at: Phone.now).positions
    let phone = try await Phone()
    phone.bus.change {
      $0.positions = []
      $0.isReconciled = false
    }
    await phone.say(typed)
    phone.bus.change {
      $0.positions = held
      $0.isReconciled = true
    }
    await phone.tap(typed == "/kill" ? "Stop trading" : "Close 100%")
    #expect(phone.bus.submitted.count == 1)
  }

  @Test func `what was opened after a preview was not meant`() async throws {
    let held = EngineSnapshot.example(at: Phone.now).positions
    let phone = try await Phone()
    phone.bus.change { $0.positions.removeLast() }
    await phone.say("/close all")
    phone.bus.change { $0.positions = held }
    let label = try #require(phone.screen?.buttons[0][0].label)
    await phone.tap(label)
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.text.hasPrefix("Not closed:"))
    #expect(phone.text.hasSuffix("has been opened since."))
  }

  @Test func `a second tap after the end is told the outcome`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      let message = phone.chat.sent[0].message
      let data = try #require(phone.screen?.buttons[0][0].data)
      await phone.tap("Close 100%", id: "a")
      let id = phone.bus.submitted[0].id
      phone.bus.say(.finished(.flattened(.closed(id))), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.hasPrefix("✓") })
      await phone.tap(data: data, by: .ana, on: message, id: "b")
      #expect(await phone.eventually { phone.chat.toasts == ["✓ BTCUSDT closed"] })
      #expect(phone.bus.submitted.count == 1)
    }
  }

  @Test(arguments: [(29, 1), (30, 0)])
  func `a preview is valid for thirty seconds`(seconds: Int, executed: Int) async throws {
    let phone = try await Phone()
    await phone.say("/close btc")
    phone.clock.advance(by: .seconds(seconds))
    await phone.tap("Close 100%")
    #expect(phone.bus.submitted.count == executed)
  }

  @Test func `when the time is over the message says so and offers to show it again`()
    async throws
  {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      #expect(await phone.eventually { phone.clock.sleeperCount >= 2 })
      phone.clock.advance(by: .seconds(30))
      #expect(await phone.eventually { phone.text == "Not closed: the 30 s were over." })
      #expect(phone.log.rows[0].stage == .expired)
      await phone.tap("Show again")
      #expect(phone.text.hasPrefix("Close BTCUSDT?"))
      #expect(phone.chat.sent.count == 1)
    }
  }

  @Test func `a preview ends by the clock, though that was put back while it stood`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      let end = phone.clock.now + .seconds(30)
      await phone.clock.waitForSleeper(until: end)
      phone.clock.putBack(by: .seconds(10))
      phone.clock.advance(by: .seconds(30))
      await phone.clock.waitForSleeper(until: end)
      phone.clock.advance(by: .seconds(10))
      #expect(await phone.eventually { phone.text == "Not closed: the 30 s were over." })
    }
  }

  @Test func `a position that changed is not closed, and is shown again`() async throws {
    let phone = try await Phone()
    await phone.say("/close btc")
    phone.bus.change { $0.positions[0].position.quantity = "0.18" }
    await phone.tap("Close 100%")
    #expect(phone.text == "Not closed: BTCUSDT is 0.180 now, it was 0.120.")
    #expect(phone.bus.submitted.isEmpty)
    await phone.tap("Show again", id: "again")
    #expect(phone.text.contains("Sell 0.180 (100%)"))
    await phone.tap("Close 100%", id: "once more")
    #expect(phone.bus.submitted.count == 1)
  }

  @Test(
    arguments: [("0.1211", 1), ("0.1212", 0), ("0.1189", 1), ("0.1188", 0)] as [(Quantity, Int)])
  func `a size that moved by less than one percent does not count`(
    size: Quantity, executed: Int
  ) async throws {
    let phone = try await Phone()
    await phone.say("/close btc")
    phone.bus.change { $0.positions[0].position.quantity = size }
    await phone.tap("Close 100%")
    #expect(phone.bus.submitted.count == executed)
  }

  @Test func `other positions and links do not disturb a close, locks do`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .degraded
      $0.locks = [Lock(kind: .paused(.density), reason: "by Ana", since: Phone.now)]
    }
    await phone.say("/close btc")
    phone.bus.change {
      $0.positions.removeLast()
      $0.state = .running
      $0.locks = []
    }
    await phone.tap("Close 100%", id: "a")
    #expect(phone.bus.submitted.count == 1)
    await phone.say("/close btc", number: 2)
    phone.bus.change {
      $0.state = .locked
      $0.locks = [Lock(kind: .panic, reason: "by Bob", since: Phone.now)]
    }
    await phone.tap("Close 100%", id: "b")
    #expect(phone.text == "Not closed: the locks have changed, now Panic lock.")
    #expect(phone.bus.submitted.count == 1)
  }

  @Test func `the report and the message of the position tell one result`() async throws {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("Close 100%")
      let id = phone.bus.submitted[0].id
      let report = FlattenReport.closed(id)
      var trip = report.items[0].roundTrips[0]
      trip.reasonOut = "command \(id)"
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.contains("= +83.15 USDT net") })
      phone.bus.raise(Alert(.p2, .positionClosed(trip), at: Phone.now))
      #expect(
        await phone.eventually {
          phone.text
            == "Closed BTCUSDT LONG 0.120 @ 64,974.0 · +83.15 USDT net · 14 min · /close by Ana"
        })
    }
  }

  @Test func `while the round trip goes on the fee is that of the exit, and called so`()
    async throws
  {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("50%")
      let id = phone.bus.submitted[0].id
      var report = FlattenReport.closed(id)
      report.items[0].wanted = "0.06"
      report.items[0].roundTrips = []
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text.contains("0.060 @ 64,974.0 · +91.68 − exit fee 4.29 = +87.39 USDT\n")
        })
    }
  }

  @Test(
    arguments: [
      ("2.26", "− fees 8.53 − funding 2.26 = +80.89 USDT net"),
      ("-0.40", "− fees 8.53 + funding 0.40 = +83.55 USDT net"),
    ] as [(Notional, String)])
  func `funding stands beside the fees, whichever way it went`(
    funding: Notional, text: String
  ) async throws {
    let phone = try await Phone(persons: [.ana])
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("Close 100%")
      let id = phone.bus.submitted[0].id
      var report = FlattenReport.closed(id)
      report.items[0].roundTrips[0].funding = funding
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.contains("+91.68 \(text)\n") })
    }
  }

  @Test func `close without argument asks which, and the answer is shown in the same message`()
    async throws
  {
    let phone = try await Phone()
    await phone.say("/close")
    #expect(phone.labels == [["All 3…"], ["BTC…", "ETH…", "SOL…"]])
    await phone.tap("All 3…", id: "a")
    #expect(
      phone.text == """
        Close 3 positions?
        BTCUSDT LONG 0.120 +92.46
        ETHUSDT LONG 1.50 −28.88
        SOLUSDT LONG 45.0 +61.20
        Sum +124.78
        valid for 30 s
        """)
    #expect(
      phone.labels == [["Close 3"], ["Close 3, pause all"], ["Losers only", "Keep"]])
    await phone.tap("Losers only", id: "b")
    #expect(phone.text.hasPrefix("Close ETHUSDT?"))
    await phone.tap("Close 100%", id: "c")
    #expect(
      phone.bus.submitted.map(\.deed) == [.close(.losers, share: .one, thenPause: false)])
    #expect(phone.chat.sent.count == 1)
  }

  @Test func `a module that is paused may not enter again, and is not offered to be paused`()
    async throws
  {
    let phone = try await Phone()
    phone.bus.change { $0.modules[0].state = .paused(until: nil) }
    await phone.say("/close btc")
    #expect(!phone.text.contains("may enter again"))
    #expect(phone.labels == [["Close 100%", "50%", "25%"], ["Keep"]])
  }

  @Test func `a share is rounded down to the step`() async throws {
    let phone = try await Phone()
    await phone.say("/c sol 33%")
    #expect(phone.text.contains("Sell 14.8 (33%) at market"))
    #expect(!phone.text.contains("Also cancels"))
    #expect(phone.labels == [["Close 33%"], ["Keep"]])
    await phone.tap("Keep")
    #expect(phone.text == "Not closed, as you wished. Nothing was changed.")
    #expect(phone.log.rows[0].stage == .notDone)
  }

  @Test func `what can not be shown is not executed`() async throws {
    let phone = try await Phone()
    phone.chat.failNextSends(.transient("down"))
    await phone.say("/close btc")
    #expect(phone.log.rows[0].stage == .failed)
    await phone.tap(data: "n:0:0", by: .ana, on: MessageRef(chat: ChatID(7), message: 1), id: "a")
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `while it runs the message tells how far, at most every two seconds`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("Close 100%")
      let id = phone.bus.submitted[0].id
      #expect(await phone.eventually { phone.text == "Closing…" })
      var report = FlattenReport.closed(id)
      report.endedAt = nil
      report.items[0].left = "0.04"
      report.items[0].tries = 2
      phone.bus.say(.working(report), about: id, at: Phone.now)
      report.items[0].tries = 3
      phone.bus.say(.working(report), about: id, at: Phone.now)
      await phone.pass(.milliseconds(1900))
      #expect(phone.text == "Closing…")
      await phone.pass(.milliseconds(200))
      #expect(
        await phone.eventually {
          phone.text == "BTCUSDT: 0.080 of 0.120 closed, 0.040 open. Trying again (3 of 10)."
        })
      #expect(phone.chat.edits.count == 2)
      report.items[0].failure = OrderFailure(
        error: .rejected(
          Rejection(code: 110007, reason: "ab not enough", meaning: .insufficientBalance)),
        id: ClientOrderID("risk-1-1"))
      report.items[0].left = "0.12"
      report.items[0].averageExit = nil
      report.items[0].stop = "63250"
      report.endedAt = Phone.now
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text.hasPrefix(
            "BTCUSDT NOT closed: Bybit says insufficient balance (110007). Stop at 63,250.0 is still in place."
          )
        })
      #expect(phone.labels == [["Try again", "Positions"]])
      #expect(await phone.eventually { phone.log.rows[0].stage == .failed })
    }
  }

  @Test func `a position that was flat already is said to be`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("Close 100%")
      let id = phone.bus.submitted[0].id
      var report = FlattenReport.closed(id)
      report.items[0].wasFlat = true
      phone.bus.say(.finished(.flattened(report)), about: id, at: Phone.now)
      #expect(
        await phone.eventually {
          phone.text.hasPrefix("BTCUSDT was already flat on Bybit. Orders cleaned up: 2.")
        })
    }
  }

  @Test func `a final report that can not be shown waits in the outbox`() async throws {
    let phone = try await Phone()
    try await phone.running { phone in
      await phone.say("/close btc")
      await phone.tap("Close 100%")
      #expect(await phone.eventually { phone.text == "Closing…" })
      let id = phone.bus.submitted[0].id
      phone.chat.failNextEdits(.transient("down"))
      phone.bus.say(.finished(.flattened(.closed(id))), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.hasPrefix("✓ BTCUSDT closed") })
      #expect(phone.outbox.events.map(\.kind) == ["command"])
    }
  }

  @Test func `with the store out of order a close is done, and says that it is not recorded`()
    async throws
  {
    let phone = try await Phone()
    phone.log.setBroken(true)
    try await phone.running { phone in
      await phone.say("/pause")
      #expect(phone.bus.submitted.isEmpty)
      #expect(phone.text.hasPrefix("Not done: it can't be recorded"))
      await phone.say("/close btc", number: 2)
      await phone.tap("Close 100%")
      let id = try #require(phone.bus.submitted.first?.id)
      #expect(id.number >= Phone.now.milliseconds)
      phone.bus.say(.finished(.flattened(.closed(id))), about: id, at: Phone.now)
      #expect(await phone.eventually { phone.text.contains("Not recorded") })
    }
  }
}

extension FlattenReport {
  /// BTCUSDT closed as in the sample.
  static func closed(_ command: CommandID) -> FlattenReport {
    FlattenReport(
      cause: .close(command), by: "Ana", startedAt: Phone.now,
      endedAt: Phone.now + .milliseconds(1400),
      items: [
        Item(
          key: PositionKey("BTCUSDT"), side: .long, before: "0.12", wanted: "0.12", left: "0",
          averageEntry: "64210", averageExit: "64974", expectedPrice: "64980.5",
          realised: "91.68", fees: "4.29",
          roundTrips: [
            .example(
              exit: "64974", realised: "91.68", fees: "8.53", closedAt: .noon + .minutes(14))
          ], tries: 1)
      ], ordersToCancel: 2, ordersCancelled: 2, flatReadings: 2)
  }
}
