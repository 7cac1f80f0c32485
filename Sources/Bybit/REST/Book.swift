import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/market/orderbook`.
  /// - Parameter depth: Levels of each side, 1 to 1000.
  public func book(of symbol: Symbol, depth: Int = 200) async throws(VenueError) -> BookReading {
    let result = try await get(
      "/v5/market/orderbook",
      [
        ("category", "linear"), ("symbol", symbol.name),
        ("limit", "\(min(max(depth, 1), 1000))"),
      ], signed: false)
    return try reading { () throws(JSONError) in try BookReading(bybit: result) }
  }

  /// `GET /v5/market/recent-trade`: the last prints, oldest first. Block trades are left out: they
  /// are agreed beside the book.
  /// - Parameter count: 1 to 1000.
  public func recentTrades(
    of symbol: Symbol, count: Int = 500
  ) async throws(VenueError) -> [Trade] {
    let result = try await get(
      "/v5/market/recent-trade",
      [
        ("category", "linear"), ("symbol", symbol.name),
        ("limit", "\(min(max(count, 1), 1000))"),
      ], signed: false)
    return try reading { () throws(JSONError) in
      try result.map("list") { row throws(JSONError) in try Trade(bybit: row) }
    }
    .compactMap { $0 }.reversed()
  }
}

/// The book as REST gave it.
public struct BookReading: Sendable {
  public var book: OrderBook
  /// The update that it includes: comparable with the deepest stream's.
  public var updateID: Int64
  /// When the matching engine wrote it, by the venue's clock.
  public var time: Timestamp

  init(bybit row: JSONValue) throws(JSONError) {
    let symbol = Symbol(venueName: try row.string("s"))
    updateID = try row.integer("u")
    if let engineTime = try row.timeIfSet("cts") {
      time = engineTime
    } else {
      time = try row.time("ts")
    }
    book = OrderBook(symbol: symbol)
    book.replace(bids: try Self.levels(row, "b"), asks: try Self.levels(row, "a"))
  }

  private static func levels(
    _ row: JSONValue, _ side: JSONStep
  ) throws(JSONError) -> [BookLevel] {
    try row.map(side) { level throws(JSONError) in
      BookLevel(try level.amount(0), try level.amount(1))
    }
  }
}
