import TradingModel
import Transport

extension BybitREST: MarketReader {
  /// `GET /v5/market/instruments-info`, all pages: the contracts that trade.
  public func instruments() async throws(VenueError) -> [Instrument] {
    let rows = try await allRows(
      "/v5/market/instruments-info", [("category", "linear"), ("limit", "1000")], signed: false)
    return try reading { () throws(JSONError) in try Self.instruments(of: rows) }
  }

  /// `GET /v5/market/instruments-info` of one symbol, whatever its state; nil when there is none.
  public func instrument(_ symbol: Symbol) async throws(VenueError) -> Instrument? {
    do throws(VenueError) {
      let page = try await get(
        "/v5/market/instruments-info", [("category", "linear"), ("symbol", symbol.name)],
        signed: false)
      return try reading { () throws(JSONError) in
        try Self.instruments(of: page.array("list")).first { $0.symbol == symbol }
      }
    } catch .rejected(let rejection) where rejection.meaning == .unknownSymbol {
      return nil
    }
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
}
