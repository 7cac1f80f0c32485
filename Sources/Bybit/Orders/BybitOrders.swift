import TradingModel
import Transport

/// Sends orders over the trade connection while it is up, and by REST otherwise: under the same
/// client id, so that the change of way is safe. What was written on the connection and has no answer
/// is never sent again from here.
public final class BybitOrders: OrderGateway {
  /// An `orderLinkId` is unique for good (110072).
  public let refusesUsedIDs = true

  private let rest: BybitREST
  private let socket: BybitTradeSocket?

  /// - Parameter socket: Nil for REST alone.
  public init(rest: BybitREST, socket: BybitTradeSocket?) {
    self.rest = rest
    self.socket = socket
  }

  // MARK: One order

  public nonisolated(nonsending) func place(
    _ order: OrderRequest
  ) async throws(VenueError) -> String {
    try await place(OrderTicket(order))
  }

  /// With what the model's request does not name.
  /// - Returns: The venue's own id.
  public nonisolated(nonsending) func place(
    _ ticket: OrderTicket
  ) async throws(VenueError) -> String {
    let reducesOnly = ticket.order.reduceOnly
    guard
      let reply = try await ask(
        "order.create", ticket.body(), at: "/v5/order/create", reducesOnly: reducesOnly)
    else { return try await rest.place(ticket) }
    return try placedID(in: reply.answer.result)
  }

  /// A value that stands already is success.
  public nonisolated(nonsending) func amend(_ change: OrderChange) async throws(VenueError) {
    let isDone = try await accepting(.notModified) { () async throws(VenueError) in
      try await ask("order.amend", change.body(), at: "/v5/order/amend") != nil
    }
    if !isDone { try await rest.amend(change) }
  }

  public nonisolated(nonsending) func cancel(_ order: OrderReference) async throws(VenueError) {
    let isDone = try await accepting(.orderNotFound) { () async throws(VenueError) in
      try await ask("order.cancel", order.body(), at: "/v5/order/cancel") != nil
    }
    if !isDone { try await rest.cancel(order) }
  }

  // MARK: Many orders

  /// Places many orders at once.
  /// - Returns: For each ticket, in their order, the venue's id or why it was not placed.
  public nonisolated(nonsending) func place(
    all tickets: [OrderTicket]
  ) async -> [Result<String, VenueError>] {
    OrderBatch.ids(
      await send(
        .create, tickets.map { $0.body(category: false) },
        reducesOnly: tickets.allSatisfy(\.order.reduceOnly)))
  }

  /// Changes many orders at once. A value that stands already is success.
  public nonisolated(nonsending) func amend(
    all changes: [OrderChange]
  ) async -> [Result<Void, VenueError>] {
    OrderBatch.accepting(
      .notModified, await send(.amend, changes.map { $0.body(category: false) }))
  }

  /// Cancels many orders at once. An order that is gone is success.
  public nonisolated(nonsending) func cancel(
    all orders: [OrderReference]
  ) async -> [Result<Void, VenueError>] {
    OrderBatch.accepting(
      .orderNotFound, await send(.cancel, orders.map { $0.body(category: false) }))
  }

  private nonisolated(nonsending) func send(
    _ operation: OrderBatch.Operation, _ items: [JSONObject], reducesOnly: Bool = false
  ) async -> [Result<JSONValue, VenueError>] {
    await OrderBatch.sending(items, mostAtOnce: rest.pace.mostItems(operation.path)) {
      (body, count) async throws(VenueError) in
      let reply = try await self.ask(
        operation.name, body, at: operation.path, cost: count, reducesOnly: reducesOnly)
      guard let reply else {
        return try await self.rest.sendBatch(
          operation, body, count: count, reducesOnly: reducesOnly)
      }
      return try reply.answer.outcomes(
        count: count, limitResetsIn: reply.limits.wait(at: self.rest.venueNow))
    }
  }

  // MARK: What only REST does

  public nonisolated(nonsending) func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    try await rest.cancelAll(symbol: symbol, keepingProtection: keepingProtection)
  }

  public nonisolated(nonsending) func protect(
    _ change: ProtectionChange
  ) async throws(VenueError) {
    try await rest.protect(change)
  }

  public nonisolated(nonsending) func setLeverage(
    _ leverage: Ratio, for symbol: Symbol
  ) async throws(VenueError) {
    try await rest.setLeverage(leverage, for: symbol)
  }

  public nonisolated(nonsending) func setIsolatedMargin(
    for symbol: Symbol
  ) async throws(VenueError) {
    try await rest.setIsolatedMargin(for: symbol)
  }

  // MARK: The way

  /// Over the connection; nil when it never left, so that REST may be asked.
  /// - Parameter path: The same request of REST, which counts against the same limit.
  private nonisolated(nonsending) func ask(
    _ operation: String, _ argument: JSONObject, at path: String, cost: Int = 1,
    reducesOnly: Bool = false
  ) async throws(VenueError) -> BybitTradeSocket.Reply? {
    guard let socket, socket.isUp else { return nil }
    let pace = rest.pace
    try await pace.pass(
      path, cost: cost, lane: BybitPace.lane(path, reducesOnly: reducesOnly), isREST: false)
    let sentAt = rest.now
    let reply: BybitTradeSocket.Reply
    do throws(TradeSocketError) {
      reply = try await socket.ask(operation, argument)
    } catch {
      switch error {
      case .notSent: return nil
      case .venue(let error): throw error
      }
    }
    pace.learn(path, reply.limits, sentAt: sentAt, clockOffset: rest.clockOffset)
    guard !reply.answer.isSuccess else { return reply }
    if reply.answer.code == 10002 { await rest.measureClock() }
    let error = VenueError(
      bybitCode: reply.answer.code, reason: reply.answer.reason, isChanging: true,
      limitResetsIn: reply.limits.wait(at: rest.venueNow))
    pace.heed(error, of: path)
    throw error
  }

  /// True also for a refusal that says it was so already.
  private nonisolated(nonsending) func accepting(
    _ meaning: Rejection.Meaning,
    _ body: nonisolated(nonsending) () async throws(VenueError) -> Bool
  ) async throws(VenueError) -> Bool {
    do throws(VenueError) {
      return try await body()
    } catch .rejected(let rejection) where rejection.meaning == meaning {
      return true
    }
  }
}
