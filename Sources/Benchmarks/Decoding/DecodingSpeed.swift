import Binance
import Bybit
import Transport

/// How fast frames of each topic become prices and quantities, beside a copy of the same bytes.
struct DecodingSpeed {
  let frames: Int
  let seed: UInt64

  private struct Topic {
    let name: String
    let make: (inout FrameMaker) -> String
    let count: (UnsafeRawBufferPointer, FrameWay) -> Int?
  }

  func figures() -> [Figure] {
    let bybit = BybitFrames()
    let binance = BinanceFrames()
    let readBybit = { (frame: UnsafeRawBufferPointer, way) in bybit.count(in: frame, by: way) }
    let readBinance = { (frame: UnsafeRawBufferPointer, way) in binance.count(in: frame, by: way) }
    let topics = [
      Topic(name: "bybit/orderbook.50", make: { $0.bybitBook() }, count: readBybit),
      Topic(name: "bybit/publicTrade", make: { $0.bybitTrades() }, count: readBybit),
      Topic(name: "bybit/tickers", make: { $0.bybitTicker() }, count: readBybit),
      Topic(name: "bybit/allLiquidation", make: { $0.bybitLiquidation() }, count: readBybit),
      Topic(name: "binance/depth", make: { $0.binanceDepth() }, count: readBinance),
      Topic(name: "binance/aggTrade", make: { $0.binanceTrade() }, count: readBinance),
      Topic(name: "binance/forceOrder", make: { $0.binanceLiquidation() }, count: readBinance),
      Topic(name: "binance/markPrice", make: { $0.binanceMark() }, count: readBinance),
    ]
    return topics.flatMap { figures(of: $0) }
  }

  private func figures(of topic: Topic) -> [Figure] {
    var maker = FrameMaker(seed: seed)
    let album = FrameAlbum((0..<frames).map { _ in topic.make(&maker) })
    let copy = album.copyTime()
    return FrameWay.allCases.compactMap { way in
      // A kind that the scanner leaves to simdjson has no figure of the scanner's.
      guard let time = album.time(of: { topic.count($0, way) }) else { return nil }
      return Figure(
        name: "decode/\(topic.name)/\(way.rawValue)", unit: "ns/frame", median: time,
        percentile99: nil, floor: copy, floorName: "memcpy",
        facts: [
          ("frames_per_second", Int64(1e9 / time)), ("bytes_per_frame", Int64(album.meanBytes)),
          ("megabytes_per_second", Int64(album.meanBytes * 1e3 / time)),
        ])
    }
  }
}
