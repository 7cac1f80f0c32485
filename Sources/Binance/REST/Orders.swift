import TradingModel
import Transport

// Orders of the book: plain market and limit orders. Conditional ones live in `AlgoOrders.swift`.
extension BinanceREST {
  /// `POST /fapi/v1/order`; the answer only acknowledges.
  nonisolated(nonsending) func newOrder(
    _ order: OrderRequest
  ) async throws(VenueError) -> Order {
    memory.touch(order.symbol, at: now)
    do throws(VenueError) {
      let answer = try await send(
        .change(
          .post, "/fapi/v1/order", order.fields, weight: 0, orders: (1, 1),
          urgency: order.urgency))
      return try acknowledged(answer)
    } catch .rejected(var rejection) where rejection.code == Self.tooPrecise {
      // The code does not say whether price or quantity is meant: the rules do.
      if case .limit = order.kind, let step = memory.step(of: order.symbol),
        order.quantity.isMultiple(of: step)
      {
        rejection.meaning = .badPrice
      }
      throw .rejected(rejection)
    }
  }

  private static var tooPrecise: Int { -1111 }

  /// `POST /fapi/v1/batchOrders`, five at most: what became of each, in the order given.
  public func placeBatch(
    _ orders: [OrderRequest]
  ) async throws(VenueError) -> [Result<Order, VenueError>] {
    precondition(orders.count <= 5, "Binance takes five orders in one batch")
    for order in orders { memory.touch(order.symbol, at: now) }
    let list = JSONValue.array(orders.map { $0.fields.json })
    let answer = try await send(
      .change(
        .post, "/fapi/v1/batchOrders", [("batchOrders", list.text)], weight: 5, orders: (5, 1),
        urgency: orders.allSatisfy(\.reduceOnly) ? .closing : .ordinary))
    return try each(of: answer, count: orders.count)
  }

  /// `PUT /fapi/v1/order`: another price and quantity for a resting limit order, which loses its
  /// place in the queue. A post-only order that would take, and a quantity no larger than what was
  /// filled, cancel it.
  public func amend(
    _ order: OrderReference, side: Side, quantity: Quantity, price: Price
  ) async throws(VenueError) -> Order {
    var fields: [BinanceField] = [("symbol", order.symbol.name)]
    fields.name(order)
    fields += [
      ("side", side.binance), ("quantity", quantity.description), ("price", price.description),
    ]
    let answer = try await send(
      .change(.put, "/fapi/v1/order", fields, weight: 0, orders: (1, 1)))
    return try acknowledged(answer)
  }

  /// `DELETE /fapi/v1/order`.
  /// - Throws: A rejection that means `.orderNotFound` for one that is gone.
  func cancelOrder(_ order: OrderReference) async throws(VenueError) -> Order {
    var fields: [BinanceField] = [("symbol", order.symbol.name)]
    fields.name(order)
    let answer = try await send(.change(.delete, "/fapi/v1/order", fields, urgency: .closing))
    return try acknowledged(answer)
  }

  /// `DELETE /fapi/v1/batchOrders`, ten at most of one symbol: what became of each.
  public func cancelBatch(
    _ ids: [ClientOrderID], symbol: Symbol
  ) async throws(VenueError) -> [Result<Order, VenueError>] {
    precondition(ids.count <= 10, "Binance cancels ten orders in one batch")
    let list = JSONValue.array(ids.map { .string($0.text) })
    let answer = try await send(
      .change(
        .delete, "/fapi/v1/batchOrders",
        [("symbol", symbol.name), ("origClientOrderIdList", list.text)], urgency: .closing))
    return try each(of: answer, count: ids.count)
  }

  /// `DELETE /fapi/v1/allOpenOrders`: the book's orders of a symbol, none of the algo service.
  func cancelAllOrders(of symbol: Symbol) async throws(VenueError) {
    _ = try await send(
      .change(.delete, "/fapi/v1/allOpenOrders", [("symbol", symbol.name)], urgency: .closing))
  }

  /// `POST /fapi/v1/countdownCancelAll`: unless called again in time, the venue cancels all orders of
  /// the symbol. Zero switches it off.
  public func cancelAll(
    of symbol: Symbol, after countdown: Duration
  ) async throws(VenueError) {
    _ = try await send(
      .change(
        .post, "/fapi/v1/countdownCancelAll",
        [("symbol", symbol.name), ("countdownTime", "\(max(0, countdown.wholeMilliseconds))")],
        weight: 10, urgency: .closing))
  }

  /// `GET /fapi/v1/order`; nil when the venue does not know it. Orders that ended without a fill are
  /// kept three days.
  func order(
    _ reference: OrderReference, urgency: BinanceCall.Urgency = .closing
  ) async throws(VenueError) -> Order? {
    var fields: [BinanceField] = [("symbol", reference.symbol.name)]
    fields.name(reference)
    do throws(VenueError) {
      let answer = try await send(.get("/fapi/v1/order", fields, weight: 1, urgency: urgency))
      return try reading { () throws(JSONError) in try Order(binance: answer) }
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return nil
    }
  }

  /// `GET /fapi/v1/openOrder`: nil also when it is not open any more.
  public func openOrder(_ reference: OrderReference) async throws(VenueError) -> Order? {
    var fields: [BinanceField] = [("symbol", reference.symbol.name)]
    fields.name(reference)
    do throws(VenueError) {
      let answer = try await send(.get("/fapi/v1/openOrder", fields, weight: 1))
      return try reading { () throws(JSONError) in try Order(binance: answer) }
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return nil
    }
  }

  /// `GET /fapi/v1/openOrders`, of one symbol or of all.
  func openOrders(
    symbol: Symbol?, urgency: BinanceCall.Urgency
  ) async throws(VenueError) -> [Order] {
    var fields: [BinanceField] = []
    fields.add("symbol", symbol?.name)
    let answer = try await send(
      .get("/fapi/v1/openOrders", fields, weight: symbol == nil ? 40 : 1, urgency: urgency))
    return try reading { () throws(JSONError) in try answer.rows(Order.init(binance:)) }
  }

  /// `GET /fapi/v1/allOrders` since then, ended ones included, oldest first; at most seven days.
  public func allOrders(
    of symbol: Symbol, since start: Timestamp
  ) async throws(VenueError) -> [Order] {
    let answer = try await send(
      .get(
        "/fapi/v1/allOrders",
        [("symbol", symbol.name), ("startTime", "\(start.milliseconds)"), ("limit", "1000")],
        weight: 5))
    return try reading { () throws(JSONError) in try answer.rows(Order.init(binance:)) }
  }

  /// `GET /fapi/v1/forceOrders`: the account's own liquidations of the last seven days.
  public func forcedOrders(symbol: Symbol? = nil) async throws(VenueError) -> [Order] {
    var fields: [BinanceField] = []
    fields.add("symbol", symbol?.name)
    let answer = try await send(
      .get("/fapi/v1/forceOrders", fields, weight: symbol == nil ? 50 : 20))
    return try reading { () throws(JSONError) in try answer.rows(Order.init(binance:)) }
  }

  /// The order of an answer to a change. It was made: what can't be read leaves it unknown.
  private func acknowledged(_ answer: JSONValue) throws(VenueError) -> Order {
    do throws(JSONError) {
      return try Order(binance: answer)
    } catch {
      logger.warning("an acknowledgement can't be read", metadata: ["error": "\(error)"])
      throw .outcomeUnknown
    }
  }

  /// Orders and refusals in one array.
  private func each(
    of answer: JSONValue, count: Int
  ) throws(VenueError) -> [Result<Order, VenueError>] {
    guard case .array(let rows) = answer, rows.count == count else { throw .outcomeUnknown }
    return rows.map { row in
      if let refusal = Refusal(row) {
        return .failure(refusal.error(isChanging: true, pause: .seconds(1)))
      }
      do throws(VenueError) {
        return .success(try acknowledged(row))
      } catch {
        return .failure(error)
      }
    }
  }
}

extension OrderRequest {
  /// The parameters of `order` and `order.place`, without the protection, which goes separately.
  var fields: [BinanceField] {
    var fields: [BinanceField] = [("symbol", symbol.name), ("side", side.binance)]
    fields.add("positionSide", slot.binance)
    switch kind {
    case .market: fields.append(("type", "MARKET"))
    case .limit(let price, let timeInForce):
      fields += [
        ("type", "LIMIT"), ("timeInForce", timeInForce.binance), ("price", price.description),
      ]
    }
    fields.append(("quantity", quantity.description))
    // In hedge mode the slot says it, and the parameter is refused.
    if reduceOnly, slot == .oneWay { fields.append(("reduceOnly", "true")) }
    fields.append(("newClientOrderId", id.text))
    return fields
  }

  var urgency: BinanceCall.Urgency { reduceOnly || slot.closes(side) ? .closing : .ordinary }
}

extension [BinanceField] {
  /// Names an order by whichever id is known, the venue's own first.
  mutating func name(_ order: OrderReference) {
    if let id = order.venueID {
      append(("orderId", id))
    } else if let id = order.id {
      append(("origClientOrderId", id.text))
    }
  }

  /// As an object of strings: what lists inside of a request hold.
  var json: JSONValue { .object(JSONObject(map { ($0.name, .string($0.value)) })) }
}
