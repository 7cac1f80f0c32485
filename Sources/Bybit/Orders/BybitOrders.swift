import TradingModel
import Transport

/// Sends orders over the trade connection while it is up, and by REST otherwise: under the same
/// client id, so that the change of way is safe. What was written on the connection and has no answer
/// is never sent again from here.
///
/// Orders that reduce stand in one line, and where many wait they go together (`ClosingLine`).
public final class BybitOrders: OrderGateway {
  /// An `orderLinkId` is unique for good (110072).
  public let refusesUsedIDs = true

  private let rest: BybitREST
  private let socket: BybitTradeSocket?
  private let line: ClosingLine

  /// - Parameter socket: Nil for REST alone.
  public init(rest: BybitREST, socket: BybitTradeSocket?) {
    self.rest = rest
    self.socket = socket
    line = ClosingLine(pace: rest.pace, clock: rest.clock)
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
    ticket.order.reduceOnly
      ? try await placeInLine(ticket) : try await send(ticket, isCharged: false)
  }

  private nonisolated(nonsending) func send(
    _ ticket: OrderTicket, isCharged: Bool
  ) async throws(VenueError) -> String {
    guard
      let reply = try await ask(
        "order.create", ticket.body(), at: BybitPace.create, isCharged: isCharged)
    else { return try await rest.place(ticket, isCharged: isCharged) }
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

  // MARK: Orders that reduce

  private nonisolated(nonsending) func placeInLine(
    _ ticket: OrderTicket
  ) async throws(VenueError) -> String {
    let place = line.join(ticket)
    while true {
      switch await line.turn(of: place, isREST: !(socket?.isUp ?? false)) {
      case .alone:
        defer { line.endSingle() }
        return try await send(ticket, isCharged: true)
      case .together(let others):
        if let outcome = await send(place, with: others) { return try outcome.get() }
      case .sent(let outcome): return try outcome.get()
      case .left(let error): throw error
      }
    }
  }

  /// One request for all of them; each is told its own outcome.
  /// - Returns: That of the first; nil where the venue takes no batches, and all are in line again.
  private nonisolated(nonsending) func send(
    _ place: ClosingLine.Place, with others: [ClosingLine.Place]
  ) async -> Result<String, VenueError>? {
    let all = [place] + others
    do throws(VenueError) {
      let rows = try await send(
        .create, OrderBatch.body(all.map { $0.ticket.body(category: false) }), count: all.count,
        reducesOnly: true, isCharged: true)
      let outcomes = OrderBatch.ids(rows)
      line.tell(others) { outcomes[$0 + 1] }
      return outcomes.first
    } catch .rejected(let rejection) where rejection.meaning != .serverBusy {
      rest.log.warning(
        "Bybit takes no batches of orders: they go one by one",
        metadata: ["code": "\(rejection.code)", "reason": "\(rejection.reason)"])
      line.refuseBatches(all)
      return nil
    } catch {
      line.tell(others) { _ in .failure(error) }
      return .failure(error)
    }
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
      try await self.send(
        operation, body, count: count, reducesOnly: reducesOnly, isCharged: false)
    }
  }

  /// One request: for each item its row, or why it was refused.
  private nonisolated(nonsending) func send(
    _ operation: OrderBatch.Operation, _ body: JSONObject, count: Int, reducesOnly: Bool,
    isCharged: Bool
  ) async throws(VenueError) -> [Result<JSONValue, VenueError>] {
    let outcomes: [Result<JSONValue, VenueError>]
    if let reply = try await ask(
      operation.name, body, at: operation.path, cost: count, reducesOnly: reducesOnly,
      isCharged: isCharged)
    {
      outcomes = try reply.answer.outcomes(
        count: count, limitResetsIn: reply.limits.wait(at: rest.venueNow))
    } else {
      outcomes = try await rest.sendBatch(
        operation, body, count: count, reducesOnly: reducesOnly, isCharged: isCharged)
    }
    // A part of it may have been too much.
    for case .failure(let error) in outcomes { rest.pace.heed(error, of: operation.path) }
    return outcomes
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
  /// - Parameters:
  ///   - path: The same request of REST, which counts against the same limit.
  ///   - isCharged: Whether that has let it through already.
  private nonisolated(nonsending) func ask(
    _ operation: String, _ argument: JSONObject, at path: String, cost: Int = 1,
    reducesOnly: Bool = false, isCharged: Bool = false
  ) async throws(VenueError) -> BybitTradeSocket.Reply? {
    guard let socket, socket.isUp else { return nil }
    let pace = rest.pace
    if !isCharged {
      try await pace.pass(
        path, cost: cost, lane: BybitPace.lane(path, reducesOnly: reducesOnly), isREST: false)
    }
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
