import TradingModel
import Transport

extension BybitREST: MarketReader {
  /// `GET /v5/market/instruments-info`, all pages.
  public func instruments() async throws(VenueError) -> [Instrument] {
    let rows = try await allRows(
      "/v5/market/instruments-info", [("category", "linear"), ("limit", "1000")], signed: false)
    return try reading { () throws(JSONError) in try Self.instruments(of: rows) }
  }

  /// The USDT perpetuals in a saved answer of `GET /v5/market/instruments-info`.
  /// - Throws: `JSONError`, naming what is missing.
  public static func instruments(in answer: JSONValue) throws(JSONError) -> [Instrument] {
    try instruments(of: answer.array("result", "list"))
  }

  private static func instruments(of rows: [JSONValue]) throws(JSONError) -> [Instrument] {
    var found: [Instrument] = []
    for row in rows {
      if let instrument = try Instrument(bybit: row) { found.append(instrument) }
    }
    return found.sorted { $0.symbol < $1.symbol }
  }

  /// `GET /v5/market/time`.
  public func serverTime() async throws(VenueError) -> Timestamp {
    let result = try await get("/v5/market/time", signed: false)
    return try reading { () throws(JSONError) in
      Timestamp(nanoseconds: try result.integer("timeNano"))
    }
  }

  /// All rows of a paged list. Cursors are opaque: what came is sent back as it is.
  func allRows(
    _ path: String, _ query: [(name: String, value: String)], signed: Bool = true
  ) async throws(VenueError) -> [JSONValue] {
    var rows: [JSONValue] = []
    var cursor = ""
    for _ in 0..<Self.pageLimit {
      let page = try await get(
        path, cursor.isEmpty ? query : query + [("cursor", cursor.percentDecoded)], signed: signed)
      let found = try reading { () throws(JSONError) in try page.array("list") }
      rows += found
      let next = page["nextPageCursor"]?.stringValue ?? ""
      // Some lists name a next page after the last one: it is empty.
      if next.isEmpty || found.isEmpty { return rows }
      cursor = next
    }
    throw .malformed("\(path): the pages do not end")
  }

  /// Far more than any list has.
  private static var pageLimit: Int { 200 }
}

extension String {
  /// Cursors come percent-encoded inside JSON and are encoded once more by a query: they are sent
  /// back as they came.
  fileprivate var percentDecoded: String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
