import Foundation
import Journal
import TestSupport
import Testing
import TradingModel

struct StateFileMemoryTests {
  private let midnight = Timestamp.noon + .hours(12)
  private var dayLock: Lock {
    Lock(kind: .day, reason: "daily stop −5.03%", since: .noon, until: midnight, isFlat: false)
  }

  private func files(in scratch: Scratch) -> StateFiles {
    StateFiles(StateFilePaths(directory: scratch.directory), clock: scratch.clock)
  }

  private func put(_ text: String, as name: String, in scratch: Scratch) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.directory + "/" + name))
  }

  @Test func `where there is no file nothing is remembered`() async throws {
    #expect(try await files(in: Scratch("memory-none")).memory(at: .noon) == StateFileMemory())
  }

  @Test func `the bot's own flag gives its day lock back until it ends`() async throws {
    let scratch = try Scratch("memory-flag")
    let files = files(in: scratch)
    try await files.write(.tradingDisabled(dayLock))
    #expect(await files.memory(at: .noon + .hours(1)).dayLock == dayLock)
    #expect(await files.memory(at: midnight - .milliseconds(1)).dayLock == dayLock)
    #expect(await files.memory(at: midnight).dayLock == nil)
    try await files.write(.tradingEnabled)
    #expect(await files.memory(at: .noon).dayLock == nil)
  }

  @Test func `a flag of ours without a readable end locks for the day`() async throws {
    let scratch = try Scratch("memory-flag-end")
    try put(
      #"{"reason": "daily stop", "until": "soon", "written_by": "quarterdeck"}"#,
      as: "trading_disabled.flag", in: scratch)
    let lock = try #require(await files(in: scratch).memory(at: .noon).dayLock)
    #expect(lock.until == midnight && lock.isFlat && lock.reason == "daily stop")
  }

  @Test func `a lock that was lifted is struck off the day's figures, and nothing else changes`()
    async throws
  {
    let scratch = try Scratch("memory-struck")
    let files = files(in: scratch)
    let day = DayView(
      baseline: DayBaseline(
        day: Timestamp.noon.day, equity: "10240.00000001", takenAt: .noon, isLate: false,
        hasStopped: true),
      equity: "9724.93000001", net: "-515.07", result: "-0.0503", won: 1, lost: 2)
    let panic = Lock(
      kind: .panic, reason: "by \"Ana\", [1] {2}", since: .noon, isFlat: false,
      takesLongterm: true)
    let halt = Lock(kind: .halted, reason: "by Ana", since: .noon)
    try await files.write(
      .dailyPnL(day, locks: [dayLock, halt, panic], stoppedBy: dayLock))
    let path = scratch.directory + "/daily_pnl.json"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    #expect(await files.memory(at: .noon).locks.contains(panic))

    try await files.write(.panicUnlocked)
    #expect(await files.memory(at: .noon).locks.map(\.kind).sorted() == [.halted, .day])
    try await files.write(.tradingEnabled)
    #expect(await files.memory(at: .noon).locks == [halt])
    let after = try String(contentsOfFile: path, encoding: .utf8)
    #expect(after.contains(#""stopped": false"#) && after.contains(#""stop_reason": null"#))
    func others(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { line in
        ["date", "equity", "pnl", "pct", "num_trades", "limits_fired", "updated_at"].contains {
          line.contains($0)
        }
      }
    }
    #expect(others(after) == others(before) && others(after).count >= 7)
    #expect(await files.memory(at: .noon).baseline?.hasStopped == true, "it fires once a day")
    try await files.write(.panicUnlocked)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == after)
  }

  @Test(arguments: ["", "nonsense", "{", #"{"locks": [{"kind": "panic"#, #"{"locks""#])
  func `figures that can't be read hold up no unlocking`(text: String) async throws {
    let scratch = try Scratch("memory-struck-odd")
    try put(text, as: "daily_pnl.json", in: scratch)
    try await files(in: scratch).write(.panicUnlocked)
    #expect(
      try String(contentsOfFile: scratch.directory + "/daily_pnl.json", encoding: .utf8) == text)
  }

  @Test func `a flag by hand is no day lock`() async throws {
    let scratch = try Scratch("memory-hand")
    try put(
      #"{"reason": "x", "until": "2026-11-21T00:00:00.000Z"}"#, as: "trading_disabled.flag",
      in: scratch)
    #expect(await files(in: scratch).memory(at: .noon).dayLock == nil)
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `the day comes back exactly, with the limits that fired, lifted or not`(
    hasStopped: Bool, hasReachedTarget: Bool
  ) async throws {
    let scratch = try Scratch("memory-day")
    let files = files(in: scratch)
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "10240.00000001", takenAt: .noon - .hours(12),
      isLate: false, hasStopped: hasStopped, hasReachedTarget: hasReachedTarget)
    let day = DayView(
      baseline: baseline, equity: "9724.93000001", net: "-515.07", result: "-0.0503", won: 1,
      lost: 2)
    let locks = [
      dayLock, Lock(kind: .halted, reason: "by Ana", since: .noon),
      Lock(kind: .paused(.liquidation), reason: "by Bob", since: .noon, until: .noon + .hours(1)),
      Lock(kind: .flagFile, reason: "holiday", since: .noon),
    ]
    try await files.write(.dailyPnL(day, locks: locks, stoppedBy: nil))

    let memory = await files.memory(at: .noon + .minutes(1))
    var expected = baseline
    expected.takenAt = .noon  // When it was written: transfers before are in it.
    #expect(memory.baseline == expected)
    #expect(memory.locks.map(\.kind).sorted() == [.paused(.liquidation), .halted, .day])
    #expect(memory.locks.contains(dayLock))
    #expect(
      await files.memory(at: .noon + .hours(1)).locks.map(\.kind).sorted() == [.halted, .day],
      "a pause that is over is no pause")

    let tomorrow = await files.memory(at: midnight)
    #expect(tomorrow.baseline == nil)
    #expect(tomorrow.locks.map(\.kind) == [.halted], "a halt has no end of its own")
  }

  @Test func `what can't be read of a day costs itself alone`() async throws {
    let scratch = try Scratch("memory-part")
    try put(
      """
      {"date": "2026-11-20", "baseline_equity": "not a number", "updated_at": "2026-11-20T11:59:00Z",
       "locks": [{"reason": "no kind"}, 7,
                 {"kind": "halted", "reason": "by Ana", "since": "2026-11-20T11:00:00Z"}]}
      """, as: "daily_pnl.json", in: scratch)
    let memory = await files(in: scratch).memory(at: .noon)
    #expect(memory.baseline == nil)
    #expect(memory.locks.map(\.kind) == [.halted])
  }

  @Test func `the older bots' file is understood as far as it goes`() async throws {
    let scratch = try Scratch("memory-older")
    try put(
      """
      {"date": "2026-11-20", "baseline_equity": 1000.5, "equity": 940, "stopped": true,
       "stop_reason": "max_dd", "stop_ts": 1795176000, "updated_at": "2026-11-20T11:00:00Z"}
      """, as: "daily_pnl.json", in: scratch)
    let baseline = try #require(await files(in: scratch).memory(at: .noon).baseline)
    #expect(baseline.equity == "1000.5" && baseline.hasStopped && !baseline.hasReachedTarget)
    #expect(baseline.isLate, "nobody says when it was taken")
  }

  @Test(arguments: [
    "", "nonsense", "[]", #"{"date": "2026-11-20"}"#,
    #"{"date": "2026-11-20", "baseline_equity": 0, "updated_at": "2026-11-20T11:00:00Z"}"#,
    #"{"date": "2026-11-20", "baseline_equity": 7, "updated_at": "2026-11-20T25:00:00Z"}"#,
    #"{"date": "2026-11-20", "baseline_equity": 7, "updated_at": "2026-11-19T11:00:00Z"}"#,
    #"{"date": "2026-11-31", "baseline_equity": 7, "updated_at": "2026-11-20T11:00:00Z"}"#,
  ])
  func `a baseline that can't be read is unknown, not zero`(text: String) async throws {
    let scratch = try Scratch("memory-unreadable")
    try put(text, as: "daily_pnl.json", in: scratch)
    #expect(await files(in: scratch).memory(at: .noon) == StateFileMemory())
  }
}
