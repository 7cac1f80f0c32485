import Foundation
import Journal
import TestSupport
import Testing
import TradingModel

struct StateFilesTests {
  private let dayLock = Lock(
    kind: .day, reason: "daily stop −5.03%", since: .noon, until: .noon + .hours(12))

  private func files(in scratch: Scratch) -> StateFiles {
    StateFiles(StateFilePaths(directory: scratch.directory + "/state"), clock: scratch.clock)
  }

  private func content(_ name: String, in scratch: Scratch) throws -> String {
    try String(contentsOfFile: scratch.directory + "/state/" + name, encoding: .utf8)
  }

  private func putByHand(
    _ text: String, as name: String = "trading_disabled.flag", in scratch: Scratch
  ) throws {
    let state = scratch.directory + "/state"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(state)/\(name)"))
  }

  @Test func `the day's figures are exact numbers under the names that readers know`()
    async throws
  {
    let scratch = try Scratch("files-daily")
    let day = DayView(
      baseline: DayBaseline(
        day: Timestamp.noon.day, equity: "10240", takenAt: .noon, isLate: false),
      equity: "9724.93000001", net: "-515.06999999", result: "-0.0503", won: 1, lost: 2)
    try await files(in: scratch).write(.dailyPnL(day, locks: [dayLock], stoppedBy: dayLock))
    #expect(
      try content("daily_pnl.json", in: scratch) == """
        {
          "date": "2026-11-20",
          "baseline_equity": 10240,
          "baseline_late": false,
          "equity": 9724.93000001,
          "pnl": -515.06999999,
          "pct": -5.03,
          "num_trades": 3,
          "stopped": true,
          "stop_reason": "max_dd",
          "stop_ts": 1795176000,
          "limits_fired": [],
          "locks": [
            {
              "kind": "day",
              "reason": "daily stop −5.03%",
              "since": "2026-11-20T12:00:00.000Z",
              "until": "2026-11-21T00:00:00.000Z",
              "flat": true
            }
          ],
          "updated_at": "2026-11-20T12:00:00.000Z"
        }

        """)
  }

  private func day(
    _ day: UTCDay = Timestamp.noon.day, net: Notional = "-515.07", result: Ratio = "-0.0503"
  ) -> DayView {
    DayView(
      baseline: DayBaseline(day: day, equity: "10240", takenAt: day.start, isLate: false),
      equity: "10240" + net, net: net, result: result, won: 1, lost: 2)
  }

  @Test func `a day that was stopped has its row at once, and no second at its end`() async throws {
    let scratch = try Scratch("files-log")
    let files = files(in: scratch)
    try await files.write(.dailyPnL(day(), locks: [], stoppedBy: nil))
    try await files.write(.dayResult(day().dayResult))
    try await files.write(.dayResult(day().dayResult))
    let next = Timestamp.noon.day.next
    // Another life of the program.
    let second = self.files(in: scratch)
    try await second.write(
      .dailyPnL(day(next, net: "12.5", result: "0.0012"), locks: [], stoppedBy: nil))
    try await second.write(.dailyPnL(day(next.next), locks: [], stoppedBy: nil))
    try await second.write(.dailyPnL(day(next.next), locks: [], stoppedBy: nil))
    #expect(
      try content("pnl_log.csv", in: scratch) == """
        date,daily_profit_pct,daily_profit_usd,num_trades
        2026-11-20,-5.0300,-515.07,3
        2026-11-21,0.1200,12.5,3

        """)
  }

  @Test func `a log of the old bots is carried on, after a line that a crash cut off`()
    async throws
  {
    let scratch = try Scratch("files-old-log")
    let state = scratch.directory + "/state"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let old = "date,daily_profit_pct,daily_profit_usd,num_trades\n2026-11-19,1.2,4,7\n2026-11-20,-5"
    try Data(old.utf8).write(to: URL(fileURLWithPath: state + "/pnl_log.csv"))
    try await files(in: scratch).write(.dayResult(day().dayResult))
    #expect(try content("pnl_log.csv", in: scratch) == old + "\n2026-11-20,-5.0300,-515.07,3\n")
  }

  @Test func `a file of the day that can't be read has no row, and hinders nothing`() async throws {
    let scratch = try Scratch("files-broken-day")
    let state = scratch.directory + "/state"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try Data("{\"date\": 5".utf8).write(to: URL(fileURLWithPath: state + "/daily_pnl.json"))
    try await files(in: scratch).write(.dailyPnL(day(), locks: [], stoppedBy: nil))
    #expect(throws: (any Error).self) { try content("pnl_log.csv", in: scratch) }
    #expect(try content("daily_pnl.json", in: scratch).contains("-515.07"))
  }

  @Test func `a snapshot is a line of its day, what is unknown is null`() async throws {
    let scratch = try Scratch("files-moments")
    let files = files(in: scratch)
    try await files.write(
      .moment(
        AccountMoment(
          time: .noon, equity: "10552.30", dayResult: "0.0305", marginUse: "0.364",
          positions: [.example()])))
    try await files.write(
      .moment(
        AccountMoment(
          time: .noon + .minutes(5), equity: nil, dayResult: nil, marginUse: nil, positions: [])))
    #expect(
      try content("snapshots/2026-11-20.jsonl", in: scratch) == """
        {"ts": 1795176000, "equity": 10552.3, "daily_pct": 3.05, "im_pct": 36.4, "positions": \
        [{"symbol": "BTCUSDT", "side": "long", "size": 0.12, "entry": 64210, "mark": 64980.5, \
        "pnl": 92.46, "stop": 63250, "target": 66100, "owner": "liquidation"}]}
        {"ts": 1795176300, "equity": null, "daily_pct": null, "im_pct": null, "positions": []}

        """)
  }

  @Test func `a file is replaced whole and no draft stays`() async throws {
    let scratch = try Scratch("files-atomic")
    let files = files(in: scratch)
    var lock = dayLock
    lock.reason = String(repeating: "long ", count: 5000)
    try await files.write(.tradingDisabled(lock))
    lock.reason = "short \"\\\n\u{1}"
    try await files.write(.tradingDisabled(lock))
    let written = try JSONSerialization.jsonObject(
      with: Data(content("trading_disabled.flag", in: scratch).utf8))
    #expect((written as? [String: Any])?["reason"] as? String == lock.reason)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.directory + "/state") == [
        "trading_disabled.flag"
      ])
  }

  @Test func `the bot's own flag is no hand's, and goes when trading may go on`() async throws {
    let scratch = try Scratch("files-flag")
    let files = files(in: scratch)
    #expect(await files.readFlag() == nil)
    try await files.write(.tradingDisabled(dayLock))
    #expect(await files.readFlag()?.isOurs == true)
    #expect(await self.files(in: scratch).readFlag()?.isOurs == true, "after a restart, too")
    try await files.write(.tradingEnabled)
    try await files.write(.tradingEnabled)
    #expect(throws: (any Error).self) { try content("trading_disabled.flag", in: scratch) }
  }

  @Test(arguments: [
    ("", ""), ("1", ""), ("1\n", ""), ("holiday\nuntil Monday", "holiday"),
    ("{\"reason\": \"maintenance\"}", "maintenance"), ("{\"reason\": 7}", "{\"reason\": 7}"),
  ])
  func `a flag put there by hand is seen, and only the hand takes it away`(
    text: String, reason: String
  ) async throws {
    let scratch = try Scratch("files-hand")
    let files = files(in: scratch)
    try putByHand(text, in: scratch)
    let flag = try #require(await files.readFlag())
    #expect(!flag.isOurs)
    #expect(flag.reason == reason)
    #expect(flag.time > .noon - .hours(24 * 365 * 10))
    try await files.write(.tradingDisabled(dayLock))
    try await files.write(.tradingEnabled)
    #expect(try content("trading_disabled.flag", in: scratch) == text)
  }

  @Test func `the panic lock tells who, why, how long and what is left`() async throws {
    let scratch = try Scratch("files-panic")
    let files = files(in: scratch)
    let item = FlattenReport.Item(
      key: PositionKey("ETHUSDT"), side: .long, before: "2", wanted: "2", left: "1.5",
      averageEntry: "3000")
    let report = FlattenReport(
      cause: .panic(CommandID(4)), by: "Ana", startedAt: .noon,
      endedAt: .noon + .milliseconds(7200),
      phases: [
        FlattenReport.PhaseTime(
          phase: .cancel, startedAt: .noon, endedAt: .noon + .milliseconds(50)),
        FlattenReport.PhaseTime(phase: .verify, startedAt: .noon),
      ], items: [item], ordersCancelled: 10, warnings: ["ETHUSDT refused"])
    #expect(await !files.memory(at: .noon).hasPanicLock)
    try await files.write(.panicLock(report, Lock.panic("/panic")))
    #expect(await files.memory(at: .noon).hasPanicLock)

    let parsed = try JSONSerialization.jsonObject(
      with: Data(content("panic.lock", in: scratch).utf8))
    let lock = try #require(parsed as? [String: Any])
    #expect(lock["panic_tripped"] as? Bool == true && lock["trading_enabled"] as? Bool == false)
    #expect(lock["who"] as? String == "Ana" && lock["why"] as? String == "/panic")
    let last = try #require(lock["last_report"] as? [String: Any])
    #expect(last["success"] as? Bool == false)
    #expect(last["orders_canceled"] as? Int == 10)
    #expect(last["positions_closed"] as? Int == 0)
    #expect(last["symbols_touched"] as? [String] == ["ETHUSDT"])
    #expect(last["warnings"] as? [String] == ["ETHUSDT refused"])
    #expect(try content("panic.lock", in: scratch).contains("\"cancel_all\": 0.050"))
    #expect(try content("panic.lock", in: scratch).contains("\"total_duration_sec\": 7.200"))

    try await files.write(.panicUnlocked)
    #expect(await !files.memory(at: .noon).hasPanicLock)
  }

  @Test func `a panic lock of another program is told, our own is not`() async throws {
    let scratch = try Scratch("files-foreign-panic")
    let bot = files(in: scratch)
    let other = StateFiles(
      StateFilePaths(directory: scratch.directory + "/state"), clock: scratch.clock,
      writer: "quarterdeck panic")
    #expect(await bot.readPanicLock() == nil)
    var report = FlattenReport(
      cause: .panic(CommandID(4)), by: "command line (root)", startedAt: .noon)
    var lock = Lock.panic("by command line (root): fire")
    lock.takesLongterm = true
    try await other.write(.panicLock(report, lock))
    let begun = PanicFile(
      reason: "by command line (root): fire", startedAt: .noon, isFlat: false,
      takesLongterm: true)
    #expect(await bot.readPanicLock() == begun)
    #expect(await other.readPanicLock() == nil)
    report.endedAt = .noon + .seconds(1)
    report.flatReadings = 2
    try await other.write(.panicLock(report, lock))
    #expect(await bot.readPanicLock()?.isFlat == true)
    #expect(await bot.readPanicLock()?.takesLongterm == false, "nothing is left of it")
    #expect(await bot.readPanicLock()?.startedAt == .noon)
    try await bot.write(.panicLock(report, Lock.panic("by Ana")))
    #expect(await bot.readPanicLock() == nil)
  }

  @Test(arguments: ["", "nonsense", "[]", #"{"panic_tripped": true, "why": "seed"}"#])
  func `whatever lies there as panic lock locks, and only our word on flat is believed`(
    text: String
  ) async throws {
    let scratch = try Scratch("files-odd-panic")
    try putByHand(text, as: "panic.lock", in: scratch)
    let file = try #require(await files(in: scratch).readPanicLock())
    #expect(!file.isOurs && !file.isFlat)
    #expect(await files(in: scratch).memory(at: .noon).hasPanicLock)
  }

  @Test func `a place that can't be written to is an error with the path`() async throws {
    let scratch = try Scratch("files-unwritable")
    try Data().write(to: URL(fileURLWithPath: scratch.directory + "/state"))
    await #expect {
      try await files(in: scratch).write(.tradingDisabled(dayLock))
    } throws: { error in
      guard case JournalError.unwritable(let why)? = error as? JournalError else { return false }
      return why.contains(scratch.directory + "/state")
    }
  }
}

extension Lock {
  fileprivate static func panic(_ reason: String) -> Lock {
    Lock(kind: .panic, reason: reason, since: .noon, isFlat: false)
  }
}
