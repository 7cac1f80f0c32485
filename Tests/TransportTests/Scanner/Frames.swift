import Foundation
import TestSupport
import Transport

/// Recorded market frames of both venues, compact as they travel.
enum Frames {
  /// Each frame once, in a fixed order; none where there are no fixtures.
  static func all() throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    for folder in ["bybit/ws-public", "bybit/live", "binance/ws-market", "binance/live"] {
      for file in ["json", "jsonl", "txt"].flatMap({ Fixtures.files(under: folder, extension: $0) })
      {
        frames += compact(in: try Fixtures.bytes(of: file))
      }
    }
    return frames + (try bybitBooks()) + (try binanceRecording().prefix(400))
  }

  /// `orderbook.500` of Bybit: a snapshot and deltas. The archive holds them uncompressed.
  static func bybitBooks() throws -> [[UInt8]] {
    guard let bytes = try Fixtures.bytes("bybit/l2/xrpusdt-ob500.data.zip") else { return [] }
    return lines(of: bytes)
  }

  /// Depth, book tickers and trades of Binance.
  static func binanceRecording() throws -> [[UInt8]] {
    guard let root = Fixtures.root else { return [] }
    let files = try FileManager.default.contentsOfDirectory(
      at: root.appending(path: "binance/l2"), includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "gz" }.flatMap { file in
      lines(of: try gunzip(try Fixtures.bytes(of: file), limit: 1 << 26))
    }
  }

  /// What is JSON in a file: the whole of it, or what lines hold behind a prefix.
  private static func compact(in bytes: [UInt8]) -> [[UInt8]] {
    if let whole = try? JSONValue(parsing: bytes) { return [whole.bytes] }
    return lines(of: bytes).compactMap { try? JSONValue(parsing: $0).bytes }
  }

  /// Lines from their first brace or bracket to their last.
  private static func lines(of bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let start = line.firstIndex(where: { "{[".utf8.contains($0) }),
        let end = line.lastIndex(where: { "}]".utf8.contains($0) }), start < end
      else { return nil }
      return Array(line[start...end])
    }
  }
}
