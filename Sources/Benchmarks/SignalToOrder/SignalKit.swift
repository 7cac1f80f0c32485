import Foundation
import TradingModel
import Transport

/// The inputs of the kit, and what its exchange saw.
struct SignalKit {
  let folder: String
  let port: Int
  private let http = CurlHTTPClient()

  init(folder: String, port: Int) {
    self.folder = folder
    self.port = port
  }

  func settings() throws -> JSONObject {
    try JSONValue(parsing: bytes(of: "liq_config.json")).object()
  }

  /// One frame a line.
  func frames() throws -> [[UInt8]] {
    try bytes(of: "liq.jsonl").split(separator: UInt8(ascii: "\n")).map { Array($0) }
  }

  /// The orders that must come, in their order.
  func expected() throws -> [PlacedOrder] {
    try bytes(of: "liq.expected").split(separator: UInt8(ascii: "\n"))
      .map { String(decoding: $0, as: UTF8.self) }.filter { $0 != "-" }.map { try PlacedOrder($0) }
  }

  /// The orders that came, with the time at which each was there (`Stopwatch.wall`).
  func placed() async throws -> [(time: Int64, order: PlacedOrder)] {
    try await read("/__orders").array().map { row in
      (try row.integer(0), try PlacedOrder(row.string(1)))
    }
  }

  /// Its counters.
  func state() async throws -> JSONValue { try await read("/__stats") }

  func badSignatures() async throws -> Int64 { try await state().integer("sign_bad") }

  private func read(_ path: String) async throws -> JSONValue {
    let url = try RequestURL("http://127.0.0.1:\(port)").appending(path: path)
    return try await http.send(HTTPRequest(.get, url)).checked().json()
  }

  private func bytes(of file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: folder).appending(path: file)))
  }
}

/// `BTCUSDT Buy 0.001`; quantities compare as amounts.
struct PlacedOrder: Hashable {
  let symbol: Substring
  let side: Substring
  let quantity: Quantity

  init(_ text: String) throws {
    let parts = text.split(separator: " ")
    guard parts.count == 3 else { throw SignalKitError(text: "no order: \(text)") }
    symbol = parts[0]
    side = parts[1]
    quantity = try Quantity(parts[2])
  }
}

struct SignalKitError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
