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

  /// `POST /v5/order/cancel-all`. With the protection kept only the orders in the book go that way.
  /// Beside it conditional orders are listed, and those that guard nothing cancelled by their ids: what
  /// the venue calls `stopOrderType=Stop` are reduce-only stops of a person, too.
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
    scope["orderFilter"] = "Order"
    async let resting = result { [scope] () async throws(VenueError) in
      try await self.cancelAll(scope)
    }
    async let waiting = result { () async throws(VenueError) in
      try await self.cancelConditionalEntries(of: symbol)
    }
    let counts = await (resting, waiting)
    return try counts.0.get() + counts.1.get()
  }

  /// Conditional orders that may open something, each by its id.
  private nonisolated(nonsending) func cancelConditionalEntries(
    of symbol: Symbol?
  ) async throws(VenueError) -> Int {
    let entries = try await conditionalOrders(of: symbol).filter { !$0.isProtective }
    let outcomes = OrderBatch.accepting(
      .orderNotFound,
      await OrderBatch.sending(
        entries.map { $0.reference.body(category: false) },
        mostAtOnce: pace.mostItems(OrderBatch.Operation.cancel.path)
      ) { (body, count) async throws(VenueError) in
        try await self.sendBatch(
          .cancel, body, count: count, reducesOnly: true, isCharged: false)
      })
    for outcome in outcomes { try outcome.get() }
    return outcomes.count
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
