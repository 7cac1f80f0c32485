import Engine
import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

struct RestorationTests {
  private let clock = ManualClock()
  private let baseline = DayBaseline(
    day: Timestamp.noon.day, equity: "1000", takenAt: .noon - .hours(12), isLate: false)
  private let dayLock = Lock(
    kind: .day, reason: "daily stop −5.03%", since: .noon - .hours(1), until: .noon + .hours(12))
  private let panicFile = PanicFile(reason: "by Ana", startedAt: .noon, isFlat: true)
  private let halt = Lock(kind: .halted, reason: "by Ana", since: .noon - .hours(2))

  private func restoration(
    _ opening: Restoration.Opening, isPaperFresh: Bool = false, isUnattended: Bool = false,
    _ files: StateFileMemory,
    journal: @escaping @Sendable (Timestamp) async throws(JournalError) -> RestoredState
  ) -> Restoration {
    Restoration(
      opening: opening, isPaperFresh: isPaperFresh, isUnattended: isUnattended,
      allowlist: ["BTCUSDT"], clock: clock,
      journal: journal, files: { _ in files })
  }

  private func restore(
    _ opening: Restoration.Opening, isPaperFresh: Bool = false,
    _ state: RestoredState, _ files: StateFileMemory
  ) async -> Restoration.Result {
    await restoration(opening, isPaperFresh: isPaperFresh, files) { _ in state }.restore()
  }

  @Test
  func `a sound journal is believed, and nothing is told`() async {
    let state = RestoredState(baseline: baseline, locks: [halt], boot: 7)
    let result = await restore(.sound, state, StateFileMemory())
    #expect(result.state == state)
    #expect(result.alerts.isEmpty)
  }

  @Test
  func `a day lock and a panic lock in the files stand, whatever the journal says`() async {
    let result = await restore(
      .sound, RestoredState(boot: 7), StateFileMemory(dayLock: dayLock, panicFile: panicFile))
    #expect(result.state.locks.map(\.kind).sorted() == [.day, .panic])
    let known = RestoredState(
      locks: [Lock(kind: .panic, reason: "by Ana", since: .noon), dayLock], boot: 7)
    let both = await restore(.sound, known, StateFileMemory(dayLock: dayLock, panicFile: panicFile))
    #expect(both.state.locks == known.locks)
  }

  @Test(arguments: [(true, true, true), (false, true, false), (false, false, true)])
  func `a panic of one of our programs that did not come to an end goes on`(
    isFlat: Bool, isOurs: Bool, standsFlat: Bool
  ) async throws {
    let file = PanicFile(
      reason: "by command line (root): fire", startedAt: .noon, isFlat: isFlat, isOurs: isOurs)
    let result = await restore(.sound, RestoredState(boot: 7), StateFileMemory(panicFile: file))
    let lock = try #require(result.state.locks.first)
    #expect(lock.kind == .panic && lock.isFlat == standsFlat)
    #expect(lock.reason.hasPrefix("by command line (root): fire"))
  }

  @Test
  func `a panic that came after the one that the journal knows goes on`() async throws {
    let known = RestoredState(
      locks: [Lock(kind: .panic, reason: "by Ana", since: .noon - .hours(1))], boot: 7)
    let later = PanicFile(
      reason: "by command line (root)", startedAt: .noon - .minutes(5), isFlat: false,
      takesLongterm: true)
    let result = await restore(.sound, known, StateFileMemory(panicFile: later))
    let lock = try #require(result.state.locks.first)
    #expect(result.state.locks.count == 1)
    #expect(!lock.isFlat && lock.takesLongterm && lock.since == .noon - .hours(1))
    for (startedAt, isFlat, isOurs) in [
      (Timestamp.noon - .minutes(5), true, true), (.noon - .hours(1), false, true),
      (.noon - .minutes(5), false, false),
    ] {
      let file = PanicFile(reason: "", startedAt: startedAt, isFlat: isFlat, isOurs: isOurs)
      let same = await restore(.sound, known, StateFileMemory(panicFile: file))
      #expect(same.state.locks == known.locks)
    }
  }

  @Test
  func `live and nobody paired starts paused, which hides no stricter lock`() async {
    let files = StateFileMemory(panicFile: panicFile)
    let result = await restoration(.new, isUnattended: true, files) { _ in RestoredState(boot: 7) }
      .restore()
    #expect(result.state.locks.map(\.kind).sorted() == [.paused(nil), .panic])
    let attended = await restoration(.new, files) { _ in RestoredState(boot: 7) }.restore()
    #expect(attended.state.locks.map(\.kind) == [.panic])
  }

  @Test
  func `a limit that fired has fired, whoever remembers it`() async {
    var fired = baseline
    fired.hasStopped = true
    let state = RestoredState(baseline: baseline, boot: 7)
    let result = await restore(.sound, state, StateFileMemory(baseline: fired))
    #expect(result.state.baseline == fired)
    fired.day = Timestamp.noon.day.next
    let other = await restore(.sound, state, StateFileMemory(baseline: fired))
    #expect(other.state.baseline == baseline)
  }

  @Test
  func `locks that only the day's file lists stand when the journal was lost`() async {
    let files = StateFileMemory(baseline: baseline, locks: [halt, dayLock])
    let sound = await restore(.sound, RestoredState(boot: 7), files)
    #expect(sound.state.locks.isEmpty, "a sound journal knows that they were lifted")
    for opening in [Restoration.Opening.new, .setAside("it was damaged")] {
      let result = await restore(opening, RestoredState(boot: 7), files)
      #expect(result.state.locks == [halt, dayLock])
      #expect(result.state.baseline == baseline)
    }
  }

  @Test
  func `that a damaged journal was set aside is told`() async {
    let result = await restore(
      .setAside("it was damaged (x) and is kept as y"), RestoredState(boot: 7), StateFileMemory())
    #expect(result.alerts.map(\.severity) == [.p0])
    guard case .memoryLost(let why)? = result.alerts.first?.news else {
      Issue.record("told otherwise")
      return
    }
    #expect(why.hasPrefix("it was damaged (x) and is kept as y."))
    #expect(await restore(.new, RestoredState(boot: 7), StateFileMemory()).alerts.isEmpty)
  }

  @Test
  func `a new paper account has no past, but the locks stand`() async {
    let result = await restore(
      .sound, isPaperFresh: true,
      RestoredState(
        baseline: baseline, openRoundTrips: [.example()], closedToday: [.example()], boot: 7),
      StateFileMemory(dayLock: dayLock, baseline: baseline))
    #expect(result.state.baseline == nil)
    #expect(result.state.openRoundTrips.isEmpty && result.state.closedToday.isEmpty)
    #expect(result.state.locks == [dayLock])
  }

  @Test
  func `a journal that can be read after a while is read`() async {
    let restoration = restoration(.sound, StateFileMemory()) { (now) throws(JournalError) in
      if now < .noon + .milliseconds(600) { throw .unreadable("the disk failed") }
      return RestoredState(boot: 7)
    }
    async let result = restoration.restore()
    await clock.passSleep(of: .milliseconds(200))
    await clock.passSleep(of: .milliseconds(400))
    #expect(await result.state == RestoredState(boot: 7))
    #expect(await result.alerts.isEmpty)
  }

  @Test
  func `a journal that can't be read halts the bot on what the files say, and tells why`()
    async throws
  {
    let files = StateFileMemory(
      dayLock: dayLock, panicFile: panicFile, baseline: baseline, locks: [dayLock])
    let restoration = restoration(.sound, files) { (_) throws(JournalError) in
      throw .unreadable("trades, row 7: side is 'x'")
    }
    async let pending = restoration.restore()
    for milliseconds in [200, 400, 800, 1600] as [Int64] {
      await clock.passSleep(of: .milliseconds(milliseconds))
    }
    let result = await pending
    let now = clock.now
    #expect(result.state.locks.map(\.kind).sorted() == [.halted, .day, .panic])
    #expect(
      result.state.locks.first { $0.kind == .halted }?.reason
        == "the journal could not be read")
    #expect(result.state.baseline == baseline)
    #expect(result.state.boot == BootStamp.next(after: nil, at: now))
    #expect(result.state.allowlist.map(\.symbol) == ["BTCUSDT"])
    guard case .memoryLost(let why) = try #require(result.alerts.first).news else {
      Issue.record("told otherwise")
      return
    }
    #expect(why.contains("trades, row 7: side is 'x'") && why.contains("HALTED"))
  }
}
