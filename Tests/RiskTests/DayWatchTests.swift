import Risk
import TestSupport
import Testing
import TradingModel

struct DayWatchTests {
  private static let day = Timestamp.noon.day

  private static func baseline(_ equity: Notional = "350", of day: UTCDay = day) -> DayBaseline {
    DayBaseline(day: day, equity: equity, takenAt: day.start, isLate: false)
  }

  private func watch(_ equity: Notional = "350") -> DayWatch {
    DayWatch(settings: RiskSettings(), restored: Self.baseline(equity))
  }

  private func names(_ verdicts: [DayVerdict]) -> [String] {
    verdicts.map { verdict in
      switch verdict {
      case .stop: "stop"
      case .target: "target"
      case .near: "near"
      case .nearCleared, .newDay, .baselineTaken: "\(verdict)"
      }
    }
  }

  @Test(arguments: [
    ("332.5", "stop"), ("332.50000001", "near"), ("332.49999999", "stop"),
    ("385", "target"), ("384.99999999", nil), ("385.00000001", "target"),
    ("336", "near"), ("336.00000001", nil), ("350", nil),
  ])
  func `of 350, the stop fires at 332.5 and the target at 385, to the last digit`(
    equity: String, verdict: String?
  ) throws {
    var watch = watch()
    let verdicts = try watch.judge(equity: Notional(equity), at: .noon)
    #expect(names(verdicts) == (verdict.map { [$0] } ?? []))
  }

  // −5% of 21 counts of 10⁻⁸ are −1.05 counts: a bound rounded to −1 would fire too early.
  @Test
  func `the limits are compared exactly, whatever the baseline`() {
    var tiny = watch("0.00000021")
    #expect(names(tiny.judge(equity: "0.0000002", at: .noon)) == ["near"])
    #expect(names(tiny.judge(equity: "0.00000019", at: .noon)) == ["stop"])

    var large = watch("99999999999999999999")
    #expect(names(large.judge(equity: "94999999999999999999.05000001", at: .noon)) == ["near"])
    #expect(
      large.judge(equity: "94999999999999999999.05", at: .noon)
        == [.stop(result: "-0.05", amount: "-4999999999999999999.95")])
  }

  @Test
  func `the stop tells the result and the amount`() {
    var watch = watch("10000")
    #expect(
      watch.judge(equity: "9484.93", at: .noon)
        == [.stop(result: "-0.051507", amount: "-515.07")])
  }

  @Test
  func `each limit fires once a day, and again on the next`() {
    var watch = watch()
    #expect(watch.judge(equity: "300", at: .noon).count == 1)
    #expect(watch.judge(equity: "299", at: .noon).isEmpty)
    #expect(watch.judge(equity: "390", at: .noon).count == 1)
    #expect(watch.judge(equity: "391", at: .noon).isEmpty)
    #expect(watch.judge(equity: "300", at: .noon).isEmpty)

    let midnight = Self.day.next.start
    let fresh = DayBaseline(day: Self.day.next, equity: "300", takenAt: midnight, isLate: true)
    #expect(watch.judge(equity: "300", at: midnight + .seconds(61)).count == 1)
    #expect(watch.baseline?.equity == fresh.equity)
    #expect(watch.judge(equity: "285", at: midnight + .hours(1)).count == 1)
  }

  @Test
  func `a limit that has fired does not fire again after a restart, the other one may`() {
    var first = watch()
    _ = first.judge(equity: "400", at: .noon)
    var second = DayWatch(settings: RiskSettings(), restored: first.baseline)
    #expect(second.judge(equity: "400", at: .noon).isEmpty)
    #expect(names(second.judge(equity: "300", at: .noon)) == ["stop"])
    var third = DayWatch(settings: RiskSettings(), restored: second.baseline)
    #expect(third.judge(equity: "300", at: .noon).isEmpty)
    #expect(third.judge(equity: "400", at: .noon).isEmpty)
  }

  @Test
  func `an equity that is not known is never judged and starts no day`() {
    var restored = watch()
    #expect(restored.judge(equity: nil, at: .noon).isEmpty)
    #expect(restored.judge(equity: nil, at: Self.day.next.start).isEmpty)
    #expect(restored.baseline == Self.baseline())

    var first = DayWatch(settings: RiskSettings())
    #expect(first.judge(equity: nil, at: .noon).isEmpty)
    #expect(first.judge(equity: "0", at: .noon).isEmpty)
    #expect(first.baseline == nil)
    #expect(first.result(equity: "350") == nil)
  }

  @Test
  func `the first equity ever seen is the baseline, late because midnight was missed`() {
    var watch = DayWatch(settings: RiskSettings())
    let taken = DayBaseline(day: Self.day, equity: "350", takenAt: .noon, isLate: true)
    #expect(watch.judge(equity: "350", at: .noon) == [.baselineTaken(taken)])
    #expect(watch.judge(equity: "350", at: .noon).isEmpty)
    #expect(watch.result(equity: "385") == "0.1")
  }

  @Test(arguments: [
    (true, Int64(0), false), (true, 60_000, false), (true, 60_001, true), (false, 0, true),
  ])
  func `the first equity of a UTC day is its baseline, late when midnight went by unseen`(
    ranBefore: Bool, milliseconds: Int64, isLate: Bool
  ) {
    var watch = watch()
    if ranBefore {
      #expect(watch.judge(equity: "351", at: Self.day.next.start - .milliseconds(1)).isEmpty)
    }
    let time = Self.day.next.start + .milliseconds(milliseconds)
    let fresh = DayBaseline(day: Self.day.next, equity: "352", takenAt: time, isLate: isLate)
    #expect(watch.judge(equity: "352", at: time) == [.newDay(fresh)])
    #expect(watch.baseline == fresh)
  }

  private func transfer(_ amount: Notional, at time: Timestamp = .noon) -> Transfer {
    Transfer(id: "\(time.milliseconds)", amount: amount, time: time)
  }

  private func moved(to equity: Notional, by amounts: Notional...) -> DayBaseline {
    var baseline = Self.baseline(equity)
    baseline.transferred = amounts.reduce(.zero, +)
    baseline.transfers = amounts.enumerated().map {
      transfer($0.element, at: .noon + .seconds(Int64($0.offset)))
    }
    return baseline
  }

  @Test
  func `money moved in or out moves the baseline, unless the baseline has seen it`() {
    var watch = watch()
    let before = transfer("100", at: Self.day.start - .milliseconds(1))
    #expect(watch.take([before]) == nil)
    #expect(watch.take([before, transfer("100")]) == moved(to: "450", by: "100"))
    #expect(watch.judge(equity: "450", at: .noon).isEmpty)
    // The same again, as after a restart, moves nothing; one more moves by itself alone.
    #expect(watch.take([transfer("100")]) == nil)
    let more = [transfer("100"), transfer("-200", at: .noon + .seconds(1))]
    #expect(watch.take(more) == moved(to: "250", by: "100", "-200"))
    #expect(watch.judge(equity: "250", at: .noon).isEmpty)
    #expect(watch.judge(equity: "275", at: .noon) == [.target(result: "0.1", amount: "25")])
  }

  @Test
  func `a list that lacks what was told before takes no money back`() {
    var watch = watch()
    let two = [transfer("100"), transfer("50", at: .noon + .seconds(1))]
    #expect(watch.take(two) == moved(to: "500", by: "100", "50"))
    #expect(watch.take([transfer("50", at: .noon + .seconds(1))]) == nil)
    #expect(watch.take([]) == nil)
    #expect(
      watch.take([transfer("-20", at: .noon + .seconds(2))])
        == moved(to: "480", by: "100", "50", "-20"))
    // The next day begins with none.
    _ = watch.judge(equity: "480", at: Self.day.next.start)
    #expect(watch.take(two) == nil)
    #expect(watch.baseline?.transferred == .zero)
  }

  @Test
  func `after a restart a short first list takes no money back, and the whole one adds none`() {
    var first = watch()
    let two = [transfer("100"), transfer("50", at: .noon + .seconds(1))]
    #expect(first.take(two) == moved(to: "500", by: "100", "50"))

    var second = DayWatch(settings: RiskSettings(), restored: first.baseline)
    #expect(second.take([]) == nil)
    #expect(second.take([two[1]]) == nil)
    #expect(second.take(two) == nil)
    // What came while the bot was down counts once, whether the list has the others or not.
    let third = transfer("-20", at: .noon + .seconds(2))
    #expect(second.take([third]) == moved(to: "480", by: "100", "50", "-20"))
    #expect(second.take(two + [third]) == nil)
    #expect(second.judge(equity: "480", at: .noon).isEmpty)
  }

  @Test
  func `two transfers that cancel each other out are remembered all the same`() {
    var first = watch()
    let in100 = transfer("100")
    let out100 = transfer("-100", at: .noon + .seconds(1))
    #expect(first.take([in100, out100]) == moved(to: "350", by: "100", "-100"))
    var second = DayWatch(settings: RiskSettings(), restored: first.baseline)
    #expect(second.take([in100]) == nil)
  }

  @Test
  func `a baseline from before transfers were kept is set right by the venue's list`() {
    var old = Self.baseline("450")
    old.transferred = "100"
    var watch = DayWatch(settings: RiskSettings(), restored: old)
    #expect(watch.take([transfer("100")]) == moved(to: "450", by: "100"))
    #expect(watch.take([]) == nil)
  }

  @Test
  func `a baseline that withdrawals emptied judges nothing`() {
    var watch = watch()
    _ = watch.take([transfer("-350")])
    #expect(!watch.isFiring(at: "-5", on: Self.day))
    #expect(watch.judge(equity: "-5", at: .noon).isEmpty)
    _ = watch.take([transfer("-400")])
    #expect(watch.judge(equity: "-50", at: .noon).isEmpty)
  }

  @Test(
    arguments: [
      ("332.51", false), ("332.5", true), ("384.99", false), ("385", true),
    ] as [(Notional, Bool)])
  func `whether an equity fires is known before it is judged, and once only`(
    equity: Notional, fires: Bool
  ) {
    var watch = watch()
    #expect(watch.isFiring(at: equity, on: Self.day) == fires)
    #expect(watch.judge(equity: equity, at: .noon).contains { $0.isLimit } == fires)
    #expect(!watch.isFiring(at: equity, on: Self.day))
    #expect(!watch.isFiring(at: equity, on: Self.day.next))
  }

  @Test
  func `the stop is near from −4% on, told once, until better than −3.5%`() {
    var watch = watch("10000")
    #expect(watch.judge(equity: "9600.01", at: .noon).isEmpty)
    #expect(watch.judge(equity: "9598", at: .noon) == [.near(result: "-0.0402", missing: "98")])
    #expect(watch.judge(equity: "9590", at: .noon).isEmpty)
    #expect(watch.judge(equity: "9650", at: .noon).isEmpty)
    #expect(watch.judge(equity: "9650.01", at: .noon) == [.nearCleared])
    #expect(watch.judge(equity: "9600", at: .noon) == [.near(result: "-0.04", missing: "100")])
  }
}

extension DayVerdict {
  fileprivate var isLimit: Bool {
    switch self {
    case .stop, .target: true
    case .baselineTaken, .newDay, .near, .nearCleared: false
    }
  }
}
