import Testing
import TradingModel

struct LatencyHistogramTests {
  @Test func `a length counts in the first class that it fits into, its bound included`() throws {
    var histogram = LatencyHistogram()
    for length in [Duration.zero, .microseconds(1), .nanoseconds(1001), .seconds(120)] {
      histogram.note(length)
    }
    #expect(Array(histogram.counts.prefix(2)) == [2, 1])
    #expect(histogram.counts.dropLast().last == 1 && histogram.counts.last == 0)
    histogram.note(.seconds(121))
    #expect(histogram.counts.last == 1 && histogram.count == 5)
    #expect(histogram.sum == .seconds(241) + .nanoseconds(2001))
  }

  @Test func `a clock that went back counts as no time at all`() {
    var histogram = LatencyHistogram()
    histogram.note(.seconds(-3))
    #expect(histogram.counts.first == 1 && histogram.sum == .zero)
  }
}
