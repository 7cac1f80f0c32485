import TradingModel
import Transport

/// A stop or a target to be placed with the algo service.
struct AlgoRequest: Sendable, Hashable {
  enum Kind: String, Sendable {
    case stop = "STOP_MARKET"
    case target = "TAKE_PROFIT_MARKET"
  }

  var clientID: String
  var symbol: Symbol
  var slot: PositionSlot
  var side: Side
  var kind: Kind
  var triggerPrice: Price
  var trigger: TriggerSource
  /// Nil closes the whole position, whatever its size is then.
  var quantity: Quantity?

  var fields: [BinanceField] {
    var fields: [BinanceField] = [
      ("algoType", "CONDITIONAL"), ("symbol", symbol.name), ("side", side.binance),
    ]
    fields.add("positionSide", slot.binance)
    fields += [
      ("type", kind.rawValue), ("triggerPrice", triggerPrice.description),
    ]
    fields.add("workingType", trigger.binance)
    if let quantity {
      fields.append(("quantity", quantity.description))
      if slot == .oneWay { fields.append(("reduceOnly", "true")) }
    } else {
      fields.append(("closePosition", "true"))
    }
    fields.append(("clientAlgoId", clientID))
    return fields
  }
}

// The algo order service: since December 2025 stops and targets live there, and the order endpoints
// answer −4120 to them. Untriggered orders can't be changed: they are replaced.
extension BinanceREST {
  /// `POST /fapi/v1/algoOrder`.
  /// - Parameter isPaid: Its cost was spent before.
  func newAlgoOrder(
    _ request: AlgoRequest, isPaid: Bool = false
  ) async throws(VenueError) -> AlgoOrder {
    memory.touch(request.symbol, at: now)
    var call = BinanceCall.change(
      .post, "/fapi/v1/algoOrder", request.fields, weight: 0, orders: (1, 1), urgency: .closing)
    call.isPaid = isPaid
    let answer = try await send(call)
    do throws(JSONError) {
      let order = try AlgoOrder(row: answer)
      memory.hear(order)
      return order
    } catch {
      logger.warning("an acknowledgement can't be read", metadata: ["error": "\(error)"])
      throw .outcomeUnknown
    }
  }

  /// `DELETE /fapi/v1/algoOrder` by the service's own number; one that is gone is success.
  /// - Parameter isPaid: Its cost was spent before.
  func cancelAlgoOrder(
    id: String, symbol: Symbol, isPaid: Bool = false
  ) async throws(VenueError) {
    try await cancelAlgoOrder([("symbol", symbol.name), ("algoId", id)], isPaid: isPaid)
    memory.forget(algoOrder: id)
  }

  /// `DELETE /fapi/v1/algoOrder` by our id; one that is gone is success.
  func cancelAlgoOrder(clientID: String, symbol: Symbol) async throws(VenueError) {
    try await cancelAlgoOrder([("symbol", symbol.name), ("clientAlgoId", clientID)])
    memory.forget(algoOrderWithClientID: clientID)
  }

  private func cancelAlgoOrder(
    _ fields: [BinanceField], isPaid: Bool = false
  ) async throws(VenueError) {
    var call = BinanceCall.change(.delete, "/fapi/v1/algoOrder", fields, urgency: .closing)
    call.isPaid = isPaid
    do throws(VenueError) {
      _ = try await send(call)
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
  }

  /// `DELETE /fapi/v1/algoOpenOrders`: all of a symbol.
  func cancelAllAlgoOrders(of symbol: Symbol) async throws(VenueError) {
    let asked = memory.mark
    _ = try await send(
      .change(.delete, "/fapi/v1/algoOpenOrders", [("symbol", symbol.name)], urgency: .closing))
    memory.forgetAlgoOrders(of: symbol, asked: asked)
  }

  /// `GET /fapi/v1/algoOrder` by our id; nil when the service does not know it.
  func algoOrder(clientID: String) async throws(VenueError) -> AlgoOrder? {
    do throws(VenueError) {
      let answer = try await send(
        .get(
          "/fapi/v1/algoOrder", [("clientAlgoId", clientID)], weight: 1, urgency: .closing))
      return try reading { () throws(JSONError) in try AlgoOrder(row: answer) }
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return nil
    }
  }

  /// `GET /fapi/v1/openAlgoOrders`, of one symbol or of all.
  func openAlgoOrders(
    symbol: Symbol?, urgency: BinanceCall.Urgency = .closing
  ) async throws(VenueError) -> [AlgoOrder] {
    var fields: [BinanceField] = []
    fields.add("symbol", symbol?.name)
    let answer = try await send(
      .get("/fapi/v1/openAlgoOrders", fields, weight: symbol == nil ? 40 : 1, urgency: urgency))
    return try reading { () throws(JSONError) in try answer.rows(AlgoOrder.init(row:)) }
  }

  /// `GET /fapi/v1/allAlgoOrders` since then, ended ones included; at most seven days.
  public func allAlgoOrders(
    of symbol: Symbol, since start: Timestamp
  ) async throws(VenueError) -> [Order] {
    let answer = try await send(
      .get(
        "/fapi/v1/allAlgoOrders",
        [("symbol", symbol.name), ("startTime", "\(start.milliseconds)"), ("limit", "1000")],
        weight: 5))
    return try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in try AlgoOrder(row: row).order }
    }
  }
}
