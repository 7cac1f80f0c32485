import TestSupport
import Testing
import TradingModel

struct TimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_176_000_250, "2026-11-20T12:00:00.250Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
    (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
  ])
  func `a timestamp prints in UTC`(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    #expect(Timestamp(milliseconds: milliseconds).milliseconds == milliseconds)
  }

  @Test
  func `the last millisecond of a day belongs to it`() throws {
    let day = try #require(UTCDay("2026-11-20"))
    #expect((day.next.start - .milliseconds(1)).day == day)
    #expect(day.next.start.day == day.next)
    #expect(day.next.description == "2026-11-21")
  }

  @Test(arguments: ["2026-11-31", "2026-13-01", "2026-1-01", "26-11-20", "2025-02-29", "x", ""])
  func `what is no date is nil`(text: String) { #expect(UTCDay(text) == nil) }

  @Test
  func `times far out of range are clamped`() {
    #expect(Timestamp(milliseconds: .max).nanoseconds == .max)
    #expect(Timestamp(seconds: .min).nanoseconds == .min)
    #expect((Timestamp(nanoseconds: .max) + .seconds(1)).nanoseconds == .max)
  }
}
