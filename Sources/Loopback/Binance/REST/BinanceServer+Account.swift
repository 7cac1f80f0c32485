import TradingModel
import Transport

// Money, limits and listen keys.

extension BinanceServer {
  func balances() throws(BinanceRefusal) -> JSONValue { try rows { $0.balances } }
  func oldAccount() throws(BinanceRefusal) -> JSONValue { try rows { $0.account2 } }
  func account() throws(BinanceRefusal) -> JSONValue { try rows { $0.account3 } }

  func accountSettings() throws(BinanceRefusal) -> JSONValue {
    try rows { .object($0.configuration) }
  }

  private func rows(
    _ choose: (BinanceAccountRows) -> JSONValue
  ) throws(BinanceRefusal) -> JSONValue {
    try venue.read { (state, now) throws(BinanceRefusal) in
      choose(BinanceAccountRows(state.account, at: now))
    }
  }

  func commissionRate(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try instrument(parameters).symbol
    return [
      "symbol": .string(symbol.name),
      "makerCommissionRate": .string(venue.settings.paper.makerFee.text(decimals: 6)),
      "takerCommissionRate": .string(venue.settings.paper.takerFee.text(decimals: 6)),
      "rpiCommissionRate": "0.000050",
    ]
  }

  /// Without a span the last seven days; oldest first.
  func income(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let symbol = try optionalInstrument(parameters)?.symbol
    let limit = try parameters.limit(standard: 100, most: 1_000)
    let span = try parameters.span()
    let kind = parameters["incomeType"]
    let page = max(1, try parameters.integer("page") ?? 1)
    return try venue.read { (state, now) throws(BinanceRefusal) in
      let week = (now - .hours(7 * 24)).milliseconds
      let entries = state.account.ledger.filter { entry in
        let time = entry.time.milliseconds
        return (symbol == nil || entry.symbol == symbol)
          && (kind == nil || entry.kind.rawValue == kind)
          && time >= span.start ?? week && time <= span.end ?? .max
      }
      let skipped = min(
        Int64(entries.count), (page - 1).multipliedReportingOverflow(by: Int64(limit)).partialValue)
      return .array(
        entries.dropFirst(Int(max(0, skipped))).prefix(limit).map(BinanceAccountRows.income))
    }
  }

  func orderLimits() -> JSONValue {
    [
      BinanceRateGate.row("ORDERS", "SECOND", 10, BinanceRateGate.tenSecondsLimit),
      BinanceRateGate.row("ORDERS", "MINUTE", 1, BinanceRateGate.minuteLimit),
    ]
  }

  // MARK: Listen keys

  func openListenKey() throws(BinanceRefusal) -> JSONValue {
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      ["listenKey": .string(state.account.openListenKey(at: now))]
    }
  }

  func keepListenKey() throws(BinanceRefusal) -> JSONValue {
    try venue.carryOut { (state, now) throws(BinanceRefusal) in
      ["listenKey": .string(try state.account.keepListenKey(at: now))]
    }
  }

  func closeListenKey() throws(BinanceRefusal) -> JSONValue {
    try venue.carryOut { (state, _) throws(BinanceRefusal) in
      state.account.closeListenKey()
      return [:]
    }
  }
}
