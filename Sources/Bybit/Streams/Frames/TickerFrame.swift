import TradingModel
import Transport

/// What a `tickers.SYMBOL` frame says; nil is "not said".
struct TickerFields: Equatable {
  var last: Price?
  var mark: Price?
  var index: Price?
  var bid: Price?
  var ask: Price?
  var turnover: Notional?
  var volume: Volume?
  var fundingRate: Ratio?

  /// Takes over what `change` says.
  mutating func merge(_ change: TickerFields) {
    last = change.last ?? last
    mark = change.mark ?? mark
    index = change.index ?? index
    bid = change.bid ?? bid
    ask = change.ask ?? ask
    turnover = change.turnover ?? turnover
    volume = change.volume ?? volume
    fundingRate = change.fundingRate ?? fundingRate
  }

  func ticker(_ symbol: Symbol, at time: Timestamp) -> Ticker {
    Ticker(
      venue: .bybit, symbol: symbol, last: last, mark: mark, index: index, bid: bid, ask: ask,
      vwap24h: Ticker.vwap(turnover: turnover, volume: volume), turnover24h: turnover,
      fundingRate: fundingRate, time: time)
  }
}

/// A frame of `tickers.SYMBOL`: a snapshot, or a delta with the changed fields alone.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/ticker
struct TickerFrame: Equatable {
  var isSnapshot = false
  var fields = TickerFields()
  /// When the gateway sent it.
  var time = Timestamp(nanoseconds: 0)

  /// Reads a compact frame from its bytes, its fields in any order.
  /// - Returns: The topic, in place.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(OtherShape) -> FrameText {
    fields = TickerFields()
    var seen = Seen()
    var topic: FrameText?
    var scan = FrameScanner(bytes)
    try scan.object { name, scan throws(OtherShape) in
      switch name {
      case "topic":
        try seen.mark(0)
        topic = try scan.text()
      case "type":
        try seen.mark(1)
        isSnapshot = try scan.text() == "snapshot"
      case "ts":
        try seen.mark(2)
        time = Timestamp(milliseconds: try scan.integer())
      case "data":
        try seen.mark(3)
        try scanData(&scan)
      default: try scan.skipValue()
      }
    }
    try scan.end()
    guard let topic, seen.has(2), seen.has(3) else { throw OtherShape() }
    if !seen.has(1) { isSnapshot = false }
    return topic
  }

  private mutating func scanData(_ scan: inout FrameScanner) throws(OtherShape) {
    var seen = Seen()
    try scan.object { name, scan throws(OtherShape) in
      switch name {
      case "symbol":
        try seen.mark(8)
        _ = try scan.text()
      case "lastPrice":
        try seen.mark(0)
        fields.last = try Self.amount(&scan)
      case "markPrice":
        try seen.mark(1)
        fields.mark = try Self.amount(&scan)
      case "indexPrice":
        try seen.mark(2)
        fields.index = try Self.amount(&scan)
      case "bid1Price":
        try seen.mark(3)
        fields.bid = try Self.amount(&scan)
      case "ask1Price":
        try seen.mark(4)
        fields.ask = try Self.amount(&scan)
      case "turnover24h":
        try seen.mark(5)
        fields.turnover = try Self.amount(&scan)
      case "volume24h":
        try seen.mark(6)
        fields.volume = try Self.amount(&scan)
      case "fundingRate":
        try seen.mark(7)
        fields.fundingRate = try Self.amount(&scan)
      default: try scan.skipValue()
      }
    }
    guard seen.has(8) else { throw OtherShape() }
  }

  /// An amount in quotes, of any size; nil for "".
  private static func amount<Amount: ExactAmount>(
    _ scan: inout FrameScanner
  ) throws(OtherShape) -> Amount? {
    let text = try scan.text()
    if text.bytes.isEmpty { return nil }
    do throws(AmountError) {
      return try Amount(utf8: UnsafeRawBufferPointer(text.bytes), extraDigits: .roundedHalfEven)
    } catch {
      throw OtherShape()
    }
  }

  /// Reads a frame that simdjson has checked.
  mutating func read(_ root: JSONView) throws(JSONError) {
    let data = try root.required("data")
    _ = try data.stringBytes("symbol")
    isSnapshot = root.field("type")?.isString("snapshot") ?? false
    time = Timestamp(milliseconds: try root.integer("ts"))
    fields = TickerFields(
      last: try data.optionalAmount("lastPrice"), mark: try data.optionalAmount("markPrice"),
      index: try data.optionalAmount("indexPrice"), bid: try data.optionalAmount("bid1Price"),
      ask: try data.optionalAmount("ask1Price"), turnover: try data.optionalAmount("turnover24h"),
      volume: try data.optionalAmount("volume24h"),
      fundingRate: try data.optionalAmount("fundingRate"))
  }
}
