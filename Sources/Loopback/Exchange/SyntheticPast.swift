import TradingModel

/// Prices before the servers began, made up: the same whenever they are asked for, in any interval, and
/// ending where the market began.
///
/// Value noise over wavelengths from 15 s to 45 days whose depth grows with the square root, as that of
/// a walk does.
struct SyntheticPast: Sendable, Hashable {
  /// Minutes of the shortest wave; each is four times as long as the one before.
  private static let shortestWave = 0.25
  private static let waves = 10
  /// Share of the price that a wave of one minute is deep.
  private static let depth = 0.000_4
  /// Where prices within one candle are looked at.
  private static let looks = 8

  let end: Timestamp
  private let price: Price
  private let tick: Price
  private let seed: UInt64
  private let turnoverPerMinute: Double
  private let shift: Double

  init(_ board: SymbolBoard, until end: Timestamp) {
    self.end = end
    price = board.last
    tick = board.instrument.tickSize
    seed = Scatter.seed(of: "past \(board.symbol.name)")
    turnoverPerMinute = Double(board.ticker.turnover24h?.wideCount ?? 0) / 1e8 / 1_440
    shift = Self.noise(at: Self.minutes(end), seed)
  }

  /// From `start` to `stop`, or to where the past ends.
  func candle(from start: Timestamp, to stop: Timestamp) -> MarketCandle {
    let stop = min(stop, end)
    let (first, last) = (Self.minutes(start), Self.minutes(stop))
    var candle = MarketCandle(start: start, at: price(at: first))
    for look in 1...Self.looks {
      let share = Double(look) / Double(Self.looks)
      candle.reach(price(at: first + (last - first) * share))
    }
    let busy = 0.5 + Scatter.unit(seed ^ UInt64(bitPattern: start.seconds))
    let turnover = turnoverPerMinute * max(0, last - first) * busy
    candle.turnover = Notional(uncheckedCount: Int128(min(turnover, 1e15)) * 100_000_000)
    candle.volume = Volume(
      uncheckedCount: candle.turnover.wideCount * 100_000_000 / max(1, candle.close.wideCount))
    candle.tradeCount = Int64(turnover / 500)
    candle.takerTurnover = Notional(uncheckedCount: candle.turnover.wideCount / 2)
    candle.takerVolume = Volume(uncheckedCount: candle.volume.wideCount / 2)
    return candle
  }

  private func price(at minute: Double) -> Price {
    let factor = 1 + Self.noise(at: minute, seed) - shift
    let counts = max(Double(tick.count), Double(price.count) * factor)
    return Price(uncheckedCount: Int128(min(counts, 9e17))).roundedDown(toMultipleOf: tick)
  }

  private static func minutes(_ time: Timestamp) -> Double { Double(time.milliseconds) / 60_000 }

  private static func noise(at minute: Double, _ seed: UInt64) -> Double {
    var (sum, wave) = (0.0, shortestWave)
    for number in 0..<UInt64(waves) {
      let place = minute / wave
      let left = place.rounded(.down)
      let share = place - left
      func height(_ knot: Double) -> Double {
        2 * Scatter.unit(seed &+ number &* 0x1000_0000_01b3 &+ UInt64(bitPattern: Int64(knot))) - 1
      }
      sum += (height(left) * (1 - share) + height(left + 1) * share) * depth * wave.squareRoot()
      wave *= 4
    }
    return sum
  }
}
