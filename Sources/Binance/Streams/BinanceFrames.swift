import TradingModel
import Transport

/// Decodes frames of Binance's market streams one at a time, without a connection and without keeping
/// books: what the streams do with a frame before they act on it. For measuring and for looking into
/// recordings; belongs to one thread at a time.
public final class BinanceFrames {
  private let reader = MarketFrameReader()

  public init() {}

  /// How many levels or events the frame tells.
  /// - Returns: Nil when the frame can't be read that way, or is of no kind that counts.
  public func count(in frame: UnsafeRawBufferPointer, by way: FrameWay) -> Int? {
    var count = 0
    switch way {
    case .scanner:
      do throws(OtherShape) { count += told(by: try reader.scan(frame)) } catch { return nil }
    case .simdjson:
      do throws(JSONError) {
        try reader.readSlowly(frame) { count += told(by: $0) }
      } catch {
        return nil
      }
    }
    return count > 0 ? count : nil
  }

  /// The liquidations in the frame, each handed to `take`: as the streams read them, the scanner
  /// first.
  /// - Throws: `JSONError` when it can't be read at all.
  public func liquidations(
    in frame: UnsafeRawBufferPointer, _ take: (Liquidation) -> Void
  ) throws(JSONError) {
    try reader.read(frame) { if case .liquidation(let event) = $0 { take(event) } }
  }

  private func told(by frame: MarketFrame) -> Int {
    switch frame {
    case .depth: reader.depth.bids.count + reader.depth.asks.count
    case .liquidation, .trade, .ticker, .candle: 1
    case .foreign, .ignored, .answer: 0
    }
  }
}
