import TradingModel
import Transport

// Positions and what is set on them.

extension BinanceServer {
  private static let success: JSONValue = ["code": 200, "msg": "success"]

  /// Slots with a position or open orders.
  func positions(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try positions(parameters, onlyUsed: true) { $0.risk }
  }

  /// All slots.
  func oldPositions(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try positions(parameters, onlyUsed: false) { $0.oldRisk }
  }

  private func positions(
    _ parameters: BinanceParameters, onlyUsed: Bool,
    _ choose: (BinancePositionRow) -> JSONObject
  ) throws(BinanceRefusal) -> JSONValue {
    let symbol = try optionalInstrument(parameters)?.symbol
    return try venue.read { (state, now) throws(BinanceRefusal) in
      let rows = BinanceAccountRows(state.account, at: now)
      return .array(
        state.account.reports(of: symbol, at: now, onlyUsed: onlyUsed)
          .compactMap { rows.row($0, choose) })
    }
  }

  func setLeverage(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let text = try parameters.required("leverage")
    guard let number = Int32(text), number >= 1, number <= 1_000 else { throw .leverage(text) }
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      try state.account.setLeverage(instrument.symbol, .times(number), at: now)
    }
    return [
      "leverage": .integer(number),
      "maxNotionalValue": JSONValue(BinanceRows.largestValue(instrument, at: .times(number))),
      "symbol": .string(instrument.symbol.name),
    ]
  }

  func setMarginType(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    let isIsolated: Bool
    switch try parameters.required("marginType").uppercased() {
    case "ISOLATED": isIsolated = true
    case "CROSSED", "CROSS": isIsolated = false
    default: throw .invalid("marginType")
    }
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      try state.account.setIsolated(symbol, isIsolated, at: now)
    }
    return Self.success
  }

  func setPositionSide(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    guard let isHedged = try parameters.flag("dualSidePosition") else {
      throw .missing("dualSidePosition")
    }
    try venue.carryOut { (state, _) throws(BinanceRefusal) in
      try state.account.setHedged(isHedged)
    }
    return Self.success
  }

  func positionSide() throws(BinanceRefusal) -> JSONValue {
    try venue.read { (state, _) throws(BinanceRefusal) in
      ["dualSidePosition": .bool(state.account.isHedged)]
    }
  }

  func setMultiAssets(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    guard let isOn = try parameters.flag("multiAssetsMargin") else {
      throw .missing("multiAssetsMargin")
    }
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      try state.account.setMultiAssets(isOn, at: now)
    }
    return Self.success
  }

  func multiAssets() throws(BinanceRefusal) -> JSONValue {
    try venue.read { (state, _) throws(BinanceRefusal) in
      ["multiAssetsMargin": .bool(state.account.isMultiAssets)]
    }
  }

  func movePositionMargin(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    guard let amount = try parameters.amount("amount", as: Notional.self) else {
      throw .missing("amount")
    }
    guard amount > .zero else { throw .badAmount }
    guard let type = try parameters.integer("type") else { throw .missing("type") }
    guard type == 1 || type == 2 else { throw .invalid("type") }
    guard let slot = PositionSlot(binance: parameters["positionSide"] ?? "BOTH") else {
      throw .invalid("positionSide")
    }
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      try state.account.moveMargin(
        PositionKey(symbol, slot), type == 1 ? amount : -amount, at: now)
    }
    return [
      "amount": .number(amount.description), "code": 200,
      "msg": "Successfully modify position margin.", "type": .integer(type),
    ]
  }

  func marginHistory(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let span = try parameters.span()
    let type = try parameters.integer("type")
    return try venue.read { (state, _) throws(BinanceRefusal) in
      let changes = state.account.marginChanges.filter { change in
        let time = change.time.milliseconds
        return change.key.symbol == symbol && time >= span.start ?? .min
          && time <= span.end ?? .max && (type == nil || (type == 1) == (change.amount > .zero))
      }
      return .array(
        changes.suffix(limit).map { change in
          [
            "symbol": .string(symbol.name), "type": change.amount > .zero ? 1 : 2,
            "deltaType": "USER_ADJUST", "amount": JSONValue(change.amount.magnitude),
            "asset": "USDT", "time": .integer(change.time.milliseconds),
            "positionSide": .string(change.key.slot.binance),
          ]
        })
    }
  }

  func brackets(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let one = try optionalInstrument(parameters)
    return .array(
      (one.map { [$0] } ?? venue.instruments).map {
        .object(BinanceRows.brackets($0))
      })
  }

  func queuePlaces(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try optionalInstrument(parameters)?.symbol
    return try venue.read { (state, _) throws(BinanceRefusal) in
      let open = state.account.venue.openPositions(of: symbol)
      var rows: [JSONValue] = []
      for name in Set(open.map(\.key.symbol)).sorted() {
        var row: JSONObject = [:]
        for position in open where position.key.symbol == name {
          row[position.key.slot.binance] = 2
        }
        rows.append(["symbol": .string(name.name), "adlQuantile": .object(row)])
      }
      return symbol == nil ? .array(rows) : rows.first ?? .array([])
    }
  }

  func symbolSettings(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let one = try optionalInstrument(parameters)
    return try venue.read { (state, _) throws(BinanceRefusal) in
      .array(
        (one.map { [$0] } ?? venue.instruments).map { instrument in
          [
            "symbol": .string(instrument.symbol.name),
            "marginType": state.account.isIsolated(instrument.symbol) ? "ISOLATED" : "CROSSED",
            "isAutoAddMargin": false,
            "leverage": BinanceRows.leverage(state.account.leverage(of: instrument.symbol)),
            "maxNotionalValue": JSONValue(
              BinanceRows.largestValue(
                instrument, at: state.account.leverage(of: instrument.symbol))),
          ]
        })
    }
  }
}
