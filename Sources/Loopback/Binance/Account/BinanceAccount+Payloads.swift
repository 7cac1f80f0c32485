import Simulation
import TradingModel
import Transport

// The payloads of user data streams. Source: Binance USD-M futures, user data streams.

extension BinanceAccount {
  /// - Parameter execution: `x`: NEW, CANCELED, CALCULATED, EXPIRED, TRADE, AMENDMENT.
  mutating func tellOrder(
    _ order: BinanceOrder, _ execution: String, _ trade: BinanceUserTrade? = nil,
    at now: Timestamp
  ) {
    guard let instrument = instruments[order.symbol] else { return }
    let text = ContractText(instrument)
    let request = order.request
    let open = openValues(of: order.symbol)
    var row: JSONObject = [
      "s": .string(order.symbol.name), "c": .string(request.clientID),
      "S": .string(request.side.binance), "o": .string(order.type),
      "f": .string(request.timeInForce.rawValue), "q": text.quantity(request.quantity),
      "p": text.price(request.price, none: "0"), "ap": text.price(order.averagePrice, none: "0"),
      "sp": "0", "x": .string(execution), "X": .string(order.status.rawValue),
      "i": .integer(order.number), "l": text.quantity(trade?.quantity, none: "0"),
      "z": text.quantity(order.filled), "L": text.price(trade?.price, none: "0"),
    ]
    if let trade {
      row["n"] = JSONValue(trade.fee)
      row["N"] = "USDT"
    }
    let rest: JSONObject = [
      "T": .integer(now.milliseconds), "t": .integer(trade?.number ?? 0),
      "b": JSONValue(open.bids), "a": JSONValue(open.asks),
      "m": .bool(trade?.isMaker ?? false), "R": .bool(request.reduceOnly),
      "wt": .string(request.workingType.rawValue), "ot": .string(order.type),
      "ps": .string(request.slot.binance), "cp": .bool(request.closePosition),
      "rp": JSONValue(trade?.profit ?? .zero), "pP": .bool(request.priceProtect), "si": 0, "ss": 0,
      "V": .string(request.selfTradePrevention), "pm": .string(request.priceMatch),
      "gtd": .integer(request.goodTillDate), "er": .string("\(order.expiryReason)"),
    ]
    for field in rest.fields { row[field.key] = field.value }
    tell("ORDER_TRADE_UPDATE", ["o": .object(row)], at: now)
  }

  mutating func tellTradeLite(
    _ order: BinanceOrder, _ trade: BinanceUserTrade, at now: Timestamp
  ) {
    guard let instrument = instruments[order.symbol] else { return }
    let text = ContractText(instrument)
    tell(
      "TRADE_LITE",
      [
        "s": .string(order.symbol.name), "q": text.quantity(order.request.quantity),
        "p": text.price(order.request.price, none: "0"), "m": .bool(trade.isMaker),
        "c": .string(order.request.clientID), "S": .string(order.request.side.binance),
        "L": text.price(trade.price), "l": text.quantity(trade.quantity),
        "t": .integer(trade.number), "i": .integer(order.number),
      ], at: now)
  }

  /// - Parameters:
  ///   - keys: The positions that changed.
  ///   - moved: What was paid in or out.
  mutating func tellAccount(
    _ reason: String, _ keys: [PositionKey], moved: Notional = .zero, at now: Timestamp
  ) {
    let money = money(at: now)
    tell(
      "ACCOUNT_UPDATE",
      [
        "a": [
          "B": [
            [
              "a": "USDT", "wb": BinanceRows.eightPlaces(money.balance),
              "cw": BinanceRows.eightPlaces(money.crossBalance), "bc": JSONValue(moved),
            ]
          ],
          "P": .array(keys.compactMap(positionRow)), "m": .string(reason),
        ]
      ], at: now)
  }

  private func positionRow(_ key: PositionKey) -> JSONValue? {
    guard let position = venue.position(key), let instrument = instruments[key.symbol] else {
      return nil
    }
    let report = PositionReport(position, on: venue)
    let isIsolated = isIsolated(key.symbol)
    return [
      "s": .string(key.symbol.name), "pa": BinanceRows.signed(position, instrument),
      "ep": JSONValue(position.entryPrice ?? .zero), "cr": JSONValue(position.totalRealised),
      "up": BinanceRows.eightPlaces(report.unrealised),
      "mt": isIsolated ? "isolated" : "cross",
      "iw": isIsolated ? BinanceRows.eightPlaces(position.isolatedMargin) : "0",
      "ps": .string(key.slot.binance), "ma": "USDT",
      "bep": JSONValue(report.breakEvenPrice ?? .zero),
    ]
  }

  mutating func tellAlgo(_ algo: BinanceAlgoOrder, at now: Timestamp) {
    guard let instrument = instruments[algo.symbol] else { return }
    let text = ContractText(instrument)
    let request = algo.request.order
    let order = algo.orderNumber.flatMap { self.order($0) }
    var row: JSONObject = [
      "caid": .string(algo.clientID), "aid": .integer(algo.number), "at": "CONDITIONAL",
      "o": .string(algo.request.kind.rawValue), "s": .string(algo.symbol.name),
      "S": .string(request.side.binance), "ps": .string(request.slot.binance),
      "f": .string(request.timeInForce.rawValue), "q": text.quantity(request.quantity),
      "X": .string(algo.status.rawValue), "ai": .string(order.map { "\($0.number)" } ?? ""),
    ]
    if let order {
      row["ap"] = text.price(order.averagePrice, none: "0")
      row["aq"] = text.quantity(order.filled)
      row["act"] = .string(order.type)
    }
    let rest: JSONObject = [
      "tp": text.price(algo.request.trigger, none: "0"), "p": text.price(request.price, none: "0"),
      "V": .string(request.selfTradePrevention), "wt": .string(request.workingType.rawValue),
      "pm": .string(request.priceMatch), "cp": .bool(request.closePosition),
      "pP": .bool(request.priceProtect), "R": .bool(request.reduceOnly),
      "tt": .integer(algo.triggeredAt?.milliseconds ?? 0),
      "gtd": .integer(request.goodTillDate),
    ]
    for field in rest.fields { row[field.key] = field.value }
    if !algo.reason.isEmpty { row["rm"] = .string(algo.reason) }
    tell("ALGO_UPDATE", ["o": .object(row)], at: now)
  }

  mutating func tellMarginCall(_ report: PositionReport, at now: Timestamp) {
    let key = report.position.key
    guard let instrument = instruments[key.symbol] else { return }
    let isIsolated = isIsolated(key.symbol)
    var call: JSONObject = ["e": "MARGIN_CALL", "E": .integer(now.milliseconds)]
    if !isIsolated { call["cw"] = BinanceRows.eightPlaces(money(at: now).crossBalance) }
    call["p"] = [
      [
        "s": .string(key.symbol.name), "ps": .string(key.slot.binance),
        "pa": BinanceRows.signed(report.position, instrument),
        "mt": isIsolated ? "ISOLATED" : "CROSSED",
        "iw": isIsolated ? BinanceRows.eightPlaces(report.position.isolatedMargin) : "0",
        "mp": BinanceRows.eightPlaces(report.mark ?? .zero),
        "up": BinanceRows.eightPlaces(report.unrealised),
        "mm": BinanceRows.eightPlaces(report.maintenanceMargin),
      ]
    ]
    tell("MARGIN_CALL", whole: call)
  }

  /// What open orders of a symbol would buy and sell for.
  private func openValues(of symbol: Symbol) -> (bids: Notional, asks: Notional) {
    var (bids, asks) = (Notional.zero, Notional.zero)
    for order in openOrders(of: symbol) {
      guard let price = order.request.price else { continue }
      if order.request.side == .buy {
        bids += price * order.unfilled
      } else {
        asks += price * order.unfilled
      }
    }
    return (bids, asks)
  }
}
