import TradingModel
import Transport

// Orders and fills.

extension BinanceServer {
  private static let mostInBatch = 5
  private static let mostInCancelBatch = 10

  // MARK: Placing

  func placeOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let request = try Self.read(parameters, instrument, &state.account)
      let number = try state.account.place(request, at: now)
      return try Self.answer(
        number, instrument, state.account, wantsResult: parameters["newOrderRespType"] == "RESULT")
    }
  }

  /// Everything is checked, nothing is placed.
  func testOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let request = try Self.read(parameters, instrument, &state.account)
      var rehearsal = state.account
      let number = try rehearsal.place(request, at: now)
      return try Self.answer(number, instrument, rehearsal, wantsResult: false)
    }
  }

  private static func read(
    _ parameters: BinanceParameters, _ instrument: Instrument, _ account: inout BinanceAccount
  ) throws(BinanceRefusal) -> BinanceOrder.Request {
    let id = account.makeID()
    return try BinanceOrderReader(
      parameters: parameters, instrument: instrument, account: account
    ).order(clientID: id)
  }

  private static func answer(
    _ number: Int64, _ instrument: Instrument, _ account: BinanceAccount, wantsResult: Bool
  ) throws(BinanceRefusal) -> JSONValue {
    guard let order = account.order(number) else { throw .noSuchOrder }
    return .object(
      BinanceOrderRow(wantsResult ? order : order.acknowledged, instrument).answer)
  }

  // MARK: Changing

  func modifyOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let order = try Self.find(parameters, instrument, state.account, else: .noSuchOrder)
      guard order.status.isOpen else { throw .noSuchOrder }
      if let side = parameters["side"], Side(binance: side) != order.request.side {
        throw .invalid("side")
      }
      let (price, quantity) = try BinanceOrderReader(
        parameters: parameters, instrument: instrument, account: state.account
      ).change(of: order)
      try state.account.modify(order.number, price: price, quantity: quantity, at: now)
      return try Self.answer(order.number, instrument, state.account, wantsResult: true)
    }
  }

  func cancelOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let order = try Self.find(parameters, instrument, state.account, else: .unknownOrder)
      try state.account.cancel(order.number, at: now)
      return try Self.answer(order.number, instrument, state.account, wantsResult: true)
    }
  }

  func cancelAllOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      state.account.cancelAll(symbol, at: now)
    }
    return ["code": 200, "msg": "The operation of cancel all open order is done."]
  }

  func countDown(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    guard let time = try parameters.integer("countdownTime"), time >= 0, time <= 86_400_000 else {
      throw .missing("countdownTime")
    }
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      state.account.countdowns[symbol] = time == 0 ? nil : now + .milliseconds(time)
    }
    return ["symbol": .string(symbol.name), "countdownTime": .string("\(time)")]
  }

  // MARK: Batches

  func placeOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try batch(parameters) { (order) throws(BinanceRefusal) in try placeOrder(order) }
  }

  func modifyOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try batch(parameters) { (order) throws(BinanceRefusal) in try modifyOrder(order) }
  }

  private func batch(
    _ parameters: BinanceParameters,
    _ deed: (BinanceParameters) throws(BinanceRefusal) -> JSONValue
  ) throws(BinanceRefusal) -> JSONValue {
    let orders = try Self.list(parameters, "batchOrders")
    guard (1...Self.mostInBatch).contains(orders.count) else { throw .badBatch }
    return .array(
      orders.map { order in
        do throws(BinanceRefusal) {
          guard case .object(let object) = order else { throw .illegal("batchOrders") }
          return try deed(BinanceParameters(object))
        } catch {
          return error.json
        }
      })
  }

  func cancelOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let isByNumber = parameters["orderIdList"] != nil
    guard isByNumber || parameters["origClientOrderIdList"] != nil else {
      throw .missing("orderIdList", or: "origClientOrderIdList")
    }
    let ids = try Self.list(parameters, isByNumber ? "orderIdList" : "origClientOrderIdList")
    guard (1...Self.mostInCancelBatch).contains(ids.count) else { throw .badBatch }
    return .array(
      ids.map { id in
        do throws(BinanceRefusal) {
          var one = BinanceParameters(["symbol": .string(instrument.symbol.name)])
          one[isByNumber ? "orderId" : "origClientOrderId"] = id.stringValue ?? id.text
          return try cancelOrder(one)
        } catch {
          return error.json
        }
      })
  }

  /// A parameter that holds a JSON array.
  private static func list(
    _ parameters: BinanceParameters, _ name: String
  ) throws(BinanceRefusal) -> [JSONValue] {
    do {
      return try JSONValue(parsing: try parameters.required(name)).array()
    } catch let refusal as BinanceRefusal {
      throw refusal
    } catch {
      throw .illegal(name)
    }
  }

  // MARK: Asking

  func queryOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try query(parameters) { (order, now) in order.isRemembered(at: now) }
  }

  func queryOpenOrder(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try query(parameters) { (order, _) in order.status.isOpen }
  }

  private func query(
    _ parameters: BinanceParameters, _ isShown: (BinanceOrder, Timestamp) -> Bool
  ) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.read { (state, now) throws(BinanceRefusal) in
      let order = try Self.find(parameters, instrument, state.account, else: .noSuchOrder)
      guard isShown(order, now) else { throw .noSuchOrder }
      return .object(BinanceOrderRow(order, instrument).query)
    }
  }

  private static func find(
    _ parameters: BinanceParameters, _ instrument: Instrument, _ account: BinanceAccount,
    else refusal: BinanceRefusal
  ) throws(BinanceRefusal) -> BinanceOrder {
    let number = try parameters.integer("orderId")
    let id = parameters["origClientOrderId"]
    guard number != nil || id != nil else { throw .missing("orderId", or: "origClientOrderId") }
    guard let order = account.order(instrument.symbol, number: number, clientID: id) else {
      throw refusal
    }
    return order
  }

  func openOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try optionalInstrument(parameters)
    return try venue.read { (state, _) throws(BinanceRefusal) in
      rows(state.account.openOrders(of: instrument?.symbol))
    }
  }

  /// By number from one on, or by time: at most seven days, without a span the last seven.
  func allOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let span = try parameters.span(longestHours: 7 * 24)
    let from = try parameters.integer("orderId")
    return try venue.read { (state, now) throws(BinanceRefusal) in
      let orders = state.account.orders.filter { order in
        let time = order.createdAt.milliseconds
        return order.symbol == symbol && order.isRemembered(at: now)
          && order.number >= from ?? .min && time >= span.start ?? .min
          && time <= span.end ?? .max
      }
      let isFromStart = from != nil || span.start != nil
      return rows(Array(isFromStart ? orders.prefix(limit) : orders.suffix(limit)))
    }
  }

  func forcedOrders(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try optionalInstrument(parameters)?.symbol
    let limit = try parameters.limit(standard: 50, most: 100)
    let span = try parameters.span()
    if let kind = parameters["autoCloseType"], kind != "LIQUIDATION", kind != "ADL" {
      throw .invalid("autoCloseType")
    }
    // Nothing is deleveraged here.
    guard parameters["autoCloseType"] != "ADL" else { return [] }
    return try venue.read { (state, _) throws(BinanceRefusal) in
      let orders = state.account.orders.filter { order in
        let time = order.createdAt.milliseconds
        return order.isForced && (symbol == nil || order.symbol == symbol)
          && time >= span.start ?? .min && time <= span.end ?? .max
      }
      return rows(orders.suffix(limit))
    }
  }

  private func rows(_ orders: [BinanceOrder]) -> JSONValue {
    .array(
      orders.compactMap { order in
        venue.instrument(order.symbol).map { .object(BinanceOrderRow(order, $0).query) }
      })
  }

  func userTrades(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let span = try parameters.span(longestHours: 7 * 24)
    let order = try parameters.integer("orderId")
    let from = try parameters.integer("fromId")
    guard from == nil || (span.start == nil && span.end == nil) else { throw .badCombination }
    return try venue.read { (state, _) throws(BinanceRefusal) in
      let trades = state.account.trades.filter { trade in
        let time = trade.time.milliseconds
        return trade.symbol == instrument.symbol && (order == nil || trade.order == order)
          && trade.number >= from ?? .min && time >= span.start ?? .min
          && time <= span.end ?? .max
      }
      let isFromStart = from != nil || span.start != nil
      return .array(
        (isFromStart ? trades.prefix(limit) : trades.suffix(limit))
          .map { BinanceAccountRows.trade($0, instrument) })
    }
  }
}
