import Strategies
import TestSupport
import Testing
import TradingModel

struct AverageRangesTests {
  private static let symbol: Symbol = "SOLUSDT"
  private var ranges = AverageRanges()

  init() { ranges.follow([Self.symbol: RangeSettings(length: 3)], at: .noon) }

  /// Closed candles of a range of `size` USDT that ended `first`…`last` minutes from noon.
  private func candles(_ first: Int64, _ last: Int64, size: Price = "2") throws -> [Candle] {
    try (first...last).map { minute in
      Candle(
        symbol: Self.symbol, interval: .oneMinute, openTime: .noon + .minutes(minute - 1),
        open: "100", high: try "100" + size, low: "100", close: "100", volume: .zero,
        turnover: .zero, isClosed: true)
    }
  }

  private mutating func answer(_ first: Int64, _ last: Int64, size: Price = "2") throws {
    for request in ranges.due(at: .noon + .minutes(last) + .seconds(2)) {
      ranges.take(
        try candles(first, last, size: size), for: request,
        at: .noon + .minutes(last) + .seconds(2))
    }
  }

  private func value(_ minute: Int64) -> Price? {
    ranges.value(of: Self.symbol, at: .noon + .minutes(minute) + .seconds(3))
  }

  @Test
  mutating func `five lengths are asked for at first, then what has closed since`() throws {
    #expect(ranges.due(at: .noon).map(\.count) == [16])
    #expect(ranges.due(at: .noon + .seconds(1)).isEmpty)
    ranges.take(
      try candles(-15, 0), for: CandleRequest(symbol: Self.symbol, interval: .oneMinute, count: 16),
      at: .noon + .seconds(1))
    #expect(value(0) == "2")
    #expect(ranges.due(at: .noon + .seconds(59)).isEmpty)
    #expect(ranges.due(at: .noon + .seconds(62)).map(\.count) == [2])
  }

  @Test
  mutating func `there is no value before the length is reached, and none from an old candle`()
    throws
  {
    try answer(-1, 0)
    #expect(value(0) == nil)
    try answer(0, 1)
    #expect(value(1) == "2")
    #expect(value(3) == "2")
    #expect(value(4) == nil)
  }

  @Test
  mutating func `candles told twice count once, and one that still forms not at all`() throws {
    try answer(-15, 0)
    var next = try candles(-1, 1, size: "5")
    next[2].isClosed = false
    let request = CandleRequest(symbol: Self.symbol, interval: .oneMinute, count: 2)
    ranges.take(next, for: request, at: .noon + .seconds(62))
    #expect(value(0) == "2")
    ranges.take(try candles(0, 1, size: "5"), for: request, at: .noon + .seconds(63))
    #expect(value(1) == "3")
  }

  @Test
  mutating func `after a gap the whole history is asked for anew`() throws {
    try answer(-15, 0)
    try answer(3, 4, size: "8")
    #expect(value(4) == nil)
    #expect(ranges.due(at: .noon + .minutes(4) + .seconds(3)).map(\.count) == [16])
  }

  @Test
  mutating func `what can't be read is asked for again, ever more slowly`() {
    var now = Timestamp.noon
    var waits: [Int64] = []
    for request in ranges.due(at: now) { ranges.failed(request, at: now) }
    for _ in 1...5 {
      let start = now
      while true {
        now = now + .seconds(1)
        let requests = ranges.due(at: now)
        guard let request = requests.first else { continue }
        ranges.failed(request, at: now)
        break
      }
      waits.append((now - start).wholeSeconds)
    }
    #expect(waits == [5, 10, 20, 40, 60])
  }

  @Test
  mutating func `a long list is warmed up over some seconds, and what is not wanted is dropped`() {
    let many = ["A", "B", "C", "D", "E", "F", "G"].map { Symbol(venueName: "\($0)USDT") }
    ranges.follow(
      Dictionary(uniqueKeysWithValues: many.map { ($0, RangeSettings()) }), at: .noon)
    #expect(ranges.due(at: .noon).map(\.symbol) == Array(many.prefix(5)))
    #expect(ranges.due(at: .noon + .seconds(1)).map(\.symbol) == Array(many.suffix(2)))
  }

  @Test
  func `an entry whose stop is measured in an unknown ATR is refused with that reason`() throws {
    var scene = LiquidationScene()
    scene.settings.defaults.exits.stop = .ranges("2")
    let refusal = try #require(scene.look().refusal)
    #expect(refusal.name == "atr")
    #expect(refusal.detail.hasPrefix("ATR(14, 1m) is not known yet"))
    scene.range = "0.004"
    #expect(scene.look().intent?.stop == "0.512")
    scene.settings.defaults.exits = ExitPlan(
      trailing: TrailingStop(after: .risks("1"), callback: .ranges("2")))
    scene.range = nil
    #expect(scene.look().refusal?.name == "atr")
  }
}
