import TestSupport
import Transport

@testable import Binance

/// The recording of August 2024: 345 s of BTCUSDT with depth every change, and one REST snapshot.
enum Recording {
  /// The frames without their arrival times; nil where there are no fixtures.
  static func lines() throws -> [ArraySlice<UInt8>]? {
    guard let packed = try Fixtures.bytes("binance/l2/btcusdt_20240808.gz") else { return nil }
    let text = try gunzip(packed, limit: 1 << 30)
    return text.split(separator: UInt8(ascii: "\n")).map { line in
      line.drop { $0 != UInt8(ascii: " ") }.dropFirst()
    }
  }
}

extension MarketFrameReader {
  /// The events of a frame, by bytes where that can be, else by simdjson.
  func frames(_ bytes: [UInt8]) throws -> [MarketFrame] {
    var found: [MarketFrame] = []
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in try read(bytes) { found.append($0) } }
    }
    try result.get()
    return found
  }

  /// As `frames`, by simdjson alone.
  func slowFrames(_ bytes: [UInt8]) throws -> [MarketFrame] {
    var found: [MarketFrame] = []
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in try readSlowly(bytes) { found.append($0) } }
    }
    try result.get()
    return found
  }

  /// By bytes alone; nil where the frame has another shape.
  func scanned(_ bytes: [UInt8]) -> MarketFrame? {
    bytes.withUnsafeBytes { bytes in
      do throws(OtherShape) { return try scan(bytes) } catch { return nil }
    }
  }
}
