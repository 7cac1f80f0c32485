import TradingModel
import Transport

/// Decodes frames of Bybit's public streams one at a time, without a connection and without keeping
/// books: what the streams do with a frame before they act on it. For measuring and for looking into
/// recordings; belongs to one thread at a time.
public final class BybitFrames {
  private let reader = JSONReader()
  private var table = TopicTable()
  private var book = BookFrame()
  private var ticker = TickerFrame()
  private var tape = TradeFrame()
  private var liquidations = LiquidationFrame()

  public init() {}

  /// How many levels, prints or liquidations the frame tells; 1 for a ticker.
  /// - Returns: Nil when the frame can't be read that way.
  public func count(in frame: UnsafeRawBufferPointer, by way: FrameWay) -> Int? {
    switch way {
    case .scanner:
      do throws(OtherShape) { return try scan(frame) } catch { return nil }
    case .simdjson:
      do throws(JSONError) {
        return try reader.read(frame) { root throws(JSONError) in try read(root) }
      } catch {
        return nil
      }
    }
  }

  private func scan(_ frame: UnsafeRawBufferPointer) throws(OtherShape) -> Int? {
    var start = FrameScanner(frame)
    try start.literal(#"{"topic":""#)
    if start.skips("orderbook.") {
      guard table.place(of: UnsafeRawBufferPointer(try book.scan(frame).bytes)) != nil else {
        return nil
      }
      return book.bids.count + book.asks.count
    }
    if start.skips("tickers.") {
      guard table.place(of: UnsafeRawBufferPointer(try ticker.scan(frame).bytes)) != nil else {
        return nil
      }
      return 1
    }
    if start.skips("publicTrade.") {
      try tape.scan(frame) { Symbol(venueName: $0.string) }
      return tape.trades.count
    }
    if start.skips("allLiquidation.") {
      try liquidations.scan(frame) { Symbol(venueName: $0.string) }
      return liquidations.liquidations.count
    }
    return nil
  }

  private func read(_ root: JSONView) throws(JSONError) -> Int? {
    guard let name = root.field("topic"), name.kind == .string,
      let place = table.place(of: name.bytes)
    else { return nil }
    switch table[place].topic.kind {
    case .book:
      try book.read(root)
      return book.bids.count + book.asks.count
    case .ticker:
      try ticker.read(root)
      return 1
    case .trades:
      try tape.read(root)
      return tape.trades.count
    case .liquidations:
      try liquidations.read(root)
      return liquidations.liquidations.count
    case .candles: return nil
    }
  }
}
