import TradingModel
import Transport

/// Reads frames of the market streams, raw or wrapped, single events or arrays of them: hot kinds by
/// their bytes, everything else, and whatever has another shape, by simdjson. Belongs to one
/// connection's loop.
final class MarketFrameReader {
  private let reader = JSONReader()
  /// The last depth change that was read. Its lists are used over and over.
  private(set) var depth = DepthChange()
  /// How many frames simdjson had to read.
  private(set) var slowReads = 0

  /// - Parameter take: Called with each event of the frame, in order.
  /// - Throws: The last failure. One event that can't be read does not cost the others.
  func read(
    _ bytes: UnsafeRawBufferPointer, _ take: (MarketFrame) -> Void
  ) throws(JSONError) {
    do throws(OtherShape) {
      take(try scan(bytes))
    } catch {
      slowReads += 1
      try readSlowly(bytes, take)
    }
  }

  // MARK: By bytes

  /// - Throws: `OtherShape` for all but the hot kinds in the shape they have had for years.
  func scan(_ bytes: UnsafeRawBufferPointer) throws(OtherShape) -> MarketFrame {
    var scan = FrameScanner(bytes)
    let isWrapped = scan.skips(#"{"stream":"#)
    if isWrapped {
      _ = try scan.text()
      try scan.literal(#","data":"#)
    }
    try scan.literal(#"{"e":""#)
    let frame: MarketFrame
    switch try scan.textToQuote() {
    case "depthUpdate": frame = try scan.depthUpdate(into: &depth)
    case "bookTicker": frame = try scan.bookTicker()
    case "aggTrade": frame = try scan.aggregateTrade()
    case "trade": frame = try scan.trade()
    case "forceOrder": frame = try scan.forceOrder()
    default: throw OtherShape()
    }
    if isWrapped { try scan.byte(UInt8(ascii: "}")) }
    try scan.end()
    return frame
  }

  // MARK: By simdjson

  func readSlowly(
    _ bytes: UnsafeRawBufferPointer, _ take: (MarketFrame) -> Void
  ) throws(JSONError) {
    try reader.read(bytes) { root throws(JSONError) in
      // Combined streams wrap the payload; raw ones do not.
      let data = root.field("data") ?? root
      guard data.kind == .array else { return take(try frame(data)) }
      var failure: JSONError?
      for event in data.elements {
        do throws(JSONError) { take(try frame(event)) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  private func frame(_ event: JSONView) throws(JSONError) -> MarketFrame {
    guard let name = event.field("e") else {
      return try Self.isTouch(event) ? touch(event) : answer(event)
    }
    if name.isString("forceOrder") {
      // What tells the markets apart was documented beside the order, and is seen inside.
      let order = try event.required("o")
      guard try Self.isUSDMargined(event), try Self.isOurs(order) else { return .foreign }
      return .liquidation(try Liquidation(binance: event))
    }
    if name.isString("24hrTicker") {
      return try Self.isOurs(event) ? .ticker(try Ticker(binanceTicker: event)) : .foreign
    }
    if name.isString("markPriceUpdate") {
      return try Self.isOurs(event) ? .ticker(try Ticker(binanceMark: event)) : .foreign
    }
    if name.isString("bookTicker") { return try touch(event) }
    if name.isString("depthUpdate") {
      guard try Self.isOurs(event) else { return .foreign }
      try depth.read(event)
      return .depth
    }
    if name.isString("aggTrade") {
      guard try Self.isOurs(event) else { return .foreign }
      return .trade(try NumberedTrade(binanceAggregate: event))
    }
    if name.isString("trade") {
      guard try Self.isOurs(event) else { return .foreign }
      return try NumberedTrade(binanceTrade: event).map { .trade($0) } ?? .ignored("trade")
    }
    if name.isString("kline") {
      guard try Self.isOurs(event) else { return .foreign }
      return try Candle(binanceEvent: event).map { .candle($0) } ?? .ignored("kline")
    }
    return .ignored(name.text)
  }

  private func touch(_ event: JSONView) throws(JSONError) -> MarketFrame {
    try Self.isOurs(event) ? .ticker(try Ticker(binanceBook: event)) : .foreign
  }

  /// Best bid and ask as the spot market writes them, without a kind.
  private static func isTouch(_ event: JSONView) -> Bool {
    event.field("u") != nil && event.field("b") != nil && event.field("B") != nil
  }

  private func answer(_ event: JSONView) throws(JSONError) -> MarketFrame {
    guard event.kind == .object else {
      throw .wrongKind(path: "", expected: "an event", found: event.kind)
    }
    let error = event.field("error") ?? event
    guard let code = error.field("code") else { return .answer(refusal: nil) }
    return .answer(refusal: "\(code.text) \(error.field("msg")?.text ?? "")")
  }

  /// Quarterly contracts have an underscore and a date, other quotes another ending.
  private static func isOurs(_ row: JSONView) throws(JSONError) -> Bool {
    let symbol = try row.stringBytes("s")
    guard symbol.suffix(4).elementsEqual("USDT".utf8) else { return false }
    return try isUSDMargined(row)
  }

  /// Since the two futures markets share streams, `st` tells them apart: 1 is USDⓈ-M.
  private static func isUSDMargined(_ row: JSONView) throws(JSONError) -> Bool {
    try row.optionalInteger("st") ?? 1 == 1
  }
}
