import TradingModel
import Transport

// Conditional orders.

extension BinanceServer {
  func placeAlgo(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let id = state.account.makeID()
      let request = try BinanceOrderReader(
        parameters: parameters, instrument: instrument, account: state.account
      ).algo(clientID: id)
      let number = try state.account.place(request, at: now)
      guard let algo = state.account.algo(number, clientID: nil) else { throw .noSuchOrder }
      return .object(BinanceAlgoRow(algo, placed: nil, instrument).answer)
    }
  }

  func cancelAlgo(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let algo = try Self.find(parameters, state.account, else: .unknownOrder)
      try state.account.cancelAlgo(algo.number, at: now)
      return [
        "algoId": .integer(algo.number), "clientAlgoId": .string(algo.clientID), "code": "200",
        "msg": "success",
      ]
    }
  }

  func cancelAllAlgos(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      state.account.cancelAllAlgos(symbol, at: now)
    }
    return ["code": 200, "msg": "The operation of cancel all open order is done."]
  }

  func queryAlgo(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try venue.read { (state, _) throws(BinanceRefusal) in
      let algo = try Self.find(parameters, state.account, else: .noSuchOrder)
      return row(algo, state.account) ?? [:]
    }
  }

  private static func find(
    _ parameters: BinanceParameters, _ account: BinanceAccount, else refusal: BinanceRefusal
  ) throws(BinanceRefusal) -> BinanceAlgoOrder {
    let number = try parameters.integer("algoId")
    let id = parameters["clientAlgoId"]
    guard number != nil || id != nil else { throw .missing("algoId", or: "clientAlgoId") }
    guard let algo = account.algo(number, clientID: id) else { throw refusal }
    return algo
  }

  func openAlgos(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try optionalInstrument(parameters)?.symbol
    let number = try parameters.integer("algoId")
    return try venue.read { (state, _) throws(BinanceRefusal) in
      .array(
        state.account.openAlgos(of: symbol).filter { number == nil || $0.number == number }
          .compactMap { row($0, state.account) })
    }
  }

  func allAlgos(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let span = try parameters.span(longestHours: 7 * 24)
    let from = try parameters.integer("algoId")
    return try venue.read { (state, _) throws(BinanceRefusal) in
      let algos = state.account.algos.filter { algo in
        let time = algo.createdAt.milliseconds
        return algo.symbol == symbol && algo.number >= from ?? .min
          && time >= span.start ?? .min && time <= span.end ?? .max
      }
      return .array(algos.suffix(limit).compactMap { row($0, state.account) })
    }
  }

  private func row(_ algo: BinanceAlgoOrder, _ account: BinanceAccount) -> JSONValue? {
    let placed = algo.orderNumber.flatMap { account.order($0) }
    return venue.instrument(algo.symbol).map {
      .object(BinanceAlgoRow(algo, placed: placed, $0).query)
    }
  }
}
