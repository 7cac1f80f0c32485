import Simulation
import TradingModel
import Transport

/// A slot as `positionRisk` and `account` show it, flat or not.
struct BinancePositionRow {
  private let report: PositionReport
  private let instrument: Instrument
  private let account: BinanceAccount

  init(_ report: PositionReport, _ instrument: Instrument, on account: BinanceAccount) {
    self.report = report
    self.instrument = instrument
    self.account = account
  }

  private var position: PaperPosition { report.position }
  private var symbol: Symbol { position.key.symbol }
  private var isIsolated: Bool { account.isIsolated(symbol) }

  /// Signed: a short's is below zero.
  private var notional: Notional { position.side == .short ? -report.value : report.value }

  private var isolatedWallet: Notional { isIsolated ? position.isolatedMargin : .zero }

  private var isolatedMargin: Notional {
    isIsolated && !position.isFlat ? position.isolatedMargin + report.unrealised : .zero
  }

  /// Open orders on both sides, and what they hold.
  private var open: (bids: Notional, asks: Notional, margin: Notional) {
    var (bids, asks) = (Notional.zero, Notional.zero)
    for order in account.openOrders(of: symbol)
    where !order.request.reduceOnly && order.request.slot == position.key.slot {
      guard let price = order.request.price else { continue }
      if order.request.side == .buy {
        bids += price * order.unfilled
      } else {
        asks += price * order.unfilled
      }
    }
    let leverage = account.leverage(of: symbol)
    return (
      bids, asks,
      BinanceRows.share(max(bids, asks), over: leverage)
    )
  }

  private var entry: JSONValue { position.entryPrice.map { JSONValue($0) } ?? "0.0" }
  private var breakEven: JSONValue { report.breakEvenPrice.map { JSONValue($0) } ?? "0.0" }
  private var updatedAt: JSONValue {
    .integer(position.sequence < 0 ? 0 : position.updatedAt.milliseconds)
  }

  /// `v3/positionRisk`.
  var risk: JSONObject {
    let open = open
    return [
      "symbol": .string(symbol.name), "positionSide": .string(position.key.slot.binance),
      "positionAmt": BinanceRows.signed(position, instrument), "entryPrice": entry,
      "breakEvenPrice": breakEven,
      "markPrice": BinanceRows.eightPlaces(report.mark ?? .zero),
      "unRealizedProfit": BinanceRows.eightPlaces(report.unrealised),
      "liquidationPrice": JSONValue(report.liquidationPrice ?? .zero),
      "isolatedMargin": BinanceRows.eightPlaces(isolatedMargin), "notional": JSONValue(notional),
      "marginAsset": "USDT", "isolatedWallet": JSONValue(isolatedWallet),
      "initialMargin": JSONValue(report.initialMargin + open.margin),
      "maintMargin": JSONValue(report.maintenanceMargin),
      "positionInitialMargin": JSONValue(report.initialMargin),
      "openOrderInitialMargin": JSONValue(open.margin), "adl": position.isFlat ? 0 : 2,
      "bidNotional": JSONValue(open.bids), "askNotional": JSONValue(open.asks),
      "updateTime": updatedAt,
    ]
  }

  /// `v2/positionRisk`.
  var oldRisk: JSONObject {
    [
      "symbol": .string(symbol.name), "positionAmt": BinanceRows.signed(position, instrument),
      "entryPrice": entry, "breakEvenPrice": breakEven,
      "markPrice": BinanceRows.eightPlaces(report.mark ?? .zero),
      "unRealizedProfit": BinanceRows.eightPlaces(report.unrealised),
      "liquidationPrice": JSONValue(report.liquidationPrice ?? .zero),
      "leverage": .string(account.leverage(of: symbol).description),
      "maxNotionalValue": JSONValue(
        BinanceRows.largestValue(instrument, at: account.leverage(of: symbol))),
      "marginType": isIsolated ? "isolated" : "cross",
      "isolatedMargin": BinanceRows.eightPlaces(isolatedMargin), "isAutoAddMargin": "false",
      "positionSide": .string(position.key.slot.binance), "notional": JSONValue(notional),
      "isolatedWallet": JSONValue(isolatedWallet), "updateTime": updatedAt,
      "isolated": .bool(isIsolated), "adlQuantile": position.isFlat ? 0 : 2,
    ]
  }

  /// Among the positions of `v3/account`.
  var entryOfAccount: JSONObject {
    let open = open
    return [
      "symbol": .string(symbol.name), "positionSide": .string(position.key.slot.binance),
      "positionAmt": BinanceRows.signed(position, instrument),
      "unrealizedProfit": BinanceRows.eightPlaces(report.unrealised),
      "isolatedMargin": BinanceRows.eightPlaces(isolatedMargin), "notional": JSONValue(notional),
      "isolatedWallet": JSONValue(isolatedWallet),
      "initialMargin": JSONValue(report.initialMargin + open.margin),
      "maintMargin": JSONValue(report.maintenanceMargin), "updateTime": updatedAt,
    ]
  }

  /// Among the positions of `v2/account`.
  var entryOfOldAccount: JSONObject {
    let open = open
    return [
      "symbol": .string(symbol.name),
      "initialMargin": JSONValue(report.initialMargin + open.margin),
      "maintMargin": JSONValue(report.maintenanceMargin),
      "unrealizedProfit": BinanceRows.eightPlaces(report.unrealised),
      "positionInitialMargin": JSONValue(report.initialMargin),
      "openOrderInitialMargin": JSONValue(open.margin),
      "leverage": .string(account.leverage(of: symbol).description),
      "isolated": .bool(isIsolated), "entryPrice": entry,
      "breakEvenPrice": breakEven,
      "maxNotional": JSONValue(
        BinanceRows.largestValue(instrument, at: account.leverage(of: symbol))),
      "bidNotional": JSONValue(open.bids), "askNotional": JSONValue(open.asks),
      "positionSide": .string(position.key.slot.binance),
      "positionAmt": BinanceRows.signed(position, instrument), "notional": JSONValue(notional),
      "isolatedWallet": JSONValue(isolatedWallet), "updateTime": updatedAt,
    ]
  }
}
