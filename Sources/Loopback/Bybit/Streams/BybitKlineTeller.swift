import TradingModel
import Transport

/// Tells candles while they grow, and once more when they are closed.
///
/// Source: Bybit V5, `kline.{interval}.{symbol}`; pushed every 1 to 60 s.
struct BybitKlineTeller {
  private static let pause = Duration.seconds(1)

  struct Topic: Hashable {
    let interval: ChartInterval
    let intervalName: String
    let symbol: Symbol

    init?(_ name: String) {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 3, parts[0] == "kline", let interval = BybitInterval.named(parts[1])
      else { return nil }
      self.interval = interval
      intervalName = parts[1]
      symbol = Symbol(venueName: parts[2])
    }

    var name: String { "kline.\(intervalName).\(symbol)" }
  }

  private struct Told {
    var candle: MarketCandle
    var time: Timestamp
  }

  private var told: [Topic: Told] = [:]

  /// What is told with a beat of the market, in order.
  mutating func news(
    _ topic: Topic, _ tape: MarketTape, _ text: ContractText, at time: Timestamp
  ) -> [String] {
    guard let now = tape.candle(of: topic.symbol, topic.interval, at: time) else { return [] }
    let before = told[topic]
    var messages: [String] = []
    if let before, before.candle.start < now.start {
      let closed = tape.candle(of: topic.symbol, topic.interval, at: before.candle.start)
      messages.append(
        Self.message(topic, closed ?? before.candle, isClosed: true, text, at: time))
    } else if let before, before.candle == now || time - before.time < Self.pause {
      return []
    }
    told[topic] = Told(candle: now, time: time)
    messages.append(Self.message(topic, now, isClosed: false, text, at: time))
    return messages
  }

  mutating func forget(except topics: Set<String>) {
    guard !told.isEmpty else { return }
    told = told.filter { topics.contains($0.key.name) }
  }

  private static func message(
    _ topic: Topic, _ candle: MarketCandle, isClosed: Bool, _ text: ContractText,
    at time: Timestamp
  ) -> String {
    let now = JSONValue.integer(time.milliseconds)
    let row: JSONObject = [
      "start": .integer(candle.start.milliseconds),
      "end": .integer(topic.interval.end(from: candle.start).milliseconds - 1),
      "interval": .string(topic.intervalName), "open": text.price(candle.open),
      "close": text.price(candle.close), "high": text.price(candle.high),
      "low": text.price(candle.low), "volume": JSONValue(candle.volume),
      "turnover": JSONValue(candle.turnover), "confirm": .bool(isClosed), "timestamp": now,
    ]
    let message: JSONValue = [
      "topic": .string(topic.name), "data": [.object(row)], "ts": now, "type": "snapshot",
    ]
    return message.text
  }
}
