import TradingModel
import Transport

extension BybitREST {
  /// `POST /v5/order/create`.
  /// - Returns: The venue's own id.
  public nonisolated(nonsending) func place(
    _ order: OrderRequest
  ) async throws(VenueError) -> String {
    try await place(OrderTicket(order))
  }

  /// `POST /v5/order/create`, with what the model's request does not name.
  /// - Returns: The venue's own id.
  public nonisolated(nonsending) func place(
    _ ticket: OrderTicket
  ) async throws(VenueError) -> String {
    try await place(ticket, isCharged: false)
  }

  /// - Parameter isCharged: Whether the limit has let it through already.
  nonisolated(nonsending) func place(
    _ ticket: OrderTicket, isCharged: Bool
  ) async throws(VenueError) -> String {
    try placedID(
      in: try await post(
        BybitPace.create, ticket.body(), reducesOnly: ticket.order.reduceOnly,
        isCharged: isCharged))
  }

  /// `POST /v5/order/amend`. A value that stands already is success.
  public nonisolated(nonsending) func amend(_ change: OrderChange) async throws(VenueError) {
    try await apply(change.body(), at: "/v5/order/amend")
  }

  /// `POST /v5/order/cancel`. An order that is gone is success.
  public nonisolated(nonsending) func cancel(_ order: OrderReference) async throws(VenueError) {
    do throws(VenueError) {
      try await post("/v5/order/cancel", order.body())
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
  }

  /// `POST /v5/order/cancel-all`. With the protection kept it takes two requests, side by side: one for
  /// orders in the book, one for conditional orders that were placed as such.
  /// - Returns: How many were cancelled.
  public nonisolated(nonsending) func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    var scope: JSONObject = ["category": "linear"]
    if let symbol {
      scope["symbol"] = .string(symbol.name)
    } else {
      scope["settleCoin"] = "USDT"
    }
    guard keepingProtection else { return try await cancelAll(scope) }
    var (inBook, conditional) = (scope, scope)
    inBook["orderFilter"] = "Order"
    conditional["orderFilter"] = "StopOrder"
    conditional["stopOrderType"] = "Stop"
    async let resting = result { [inBook] () async throws(VenueError) in
      try await self.cancelAll(inBook)
    }
    async let waiting = result { [conditional] () async throws(VenueError) in
      try await self.cancelAll(conditional)
    }
    let counts = await (resting, waiting)
    return try counts.0.get() + counts.1.get()
  }

  /// One request cancels 500 at most: where it took so many, there may be more.
  private nonisolated(nonsending) func cancelAll(
    _ body: JSONObject
  ) async throws(VenueError) -> Int {
    var count = 0
    for _ in 0..<Self.mostCancelRounds {
      let result = try await post("/v5/order/cancel-all", body)
      // Where there was nothing to cancel the list is left out.
      guard let list = result["list"], !list.isNull else { break }
      let cancelled = try reading { () throws(JSONError) in try list.array().count }
      count += cancelled
      if cancelled < Self.mostCancelledAtOnce { break }
    }
    return count
  }

  private static var mostCancelledAtOnce: Int { 500 }
  /// More orders than the account can have.
  private static var mostCancelRounds: Int { 20 }

  /// A change that may stand already.
  nonisolated(nonsending) func apply(
    _ body: JSONObject, at path: String
  ) async throws(VenueError) {
    do throws(VenueError) {
      try await post(path, body)
    } catch .rejected(let rejection) where rejection.meaning == .notModified {
      return
    }
  }
}
