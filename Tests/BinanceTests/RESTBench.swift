import Logging
import TestSupport
import TradingModel
import Transport

@testable import Binance

/// The REST client over scripted answers, with a clock that stands still.
struct RESTBench {
  let http = ScriptedHTTP()
  let clock = ManualClock()
  let rest: BinanceREST

  init(keys: BinanceKeys? = BinanceKeys(key: Secret("key"), signer: .hmac(Secret("secret")))) throws
  {
    rest = try BinanceREST(
      http: http, settings: BinanceSettings(webSocketURL: "", restURL: "https://venue.test"),
      keys: keys, clock: clock,
      log: Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() })
  }

  /// An answer to an order, as Binance gives it.
  static func order(
    _ id: Int = 7, client: String = "liq-a-1", symbol: String = "BTCUSDT", side: String = "BUY",
    type: String = "MARKET", status: String = "NEW", quantity: String = "0.100",
    filled: String = "0"
  ) -> String {
    #"{"orderId":\#(id),"symbol":"\#(symbol)","status":"\#(status)","clientOrderId":"\#(client)","#
      + #""price":"0","avgPrice":"64000.0","origQty":"\#(quantity)","executedQty":"\#(filled)","#
      + #""timeInForce":"GTC","type":"\#(type)","reduceOnly":false,"closePosition":false,"#
      + #""side":"\#(side)","positionSide":"BOTH","stopPrice":"0","time":1795176000000,"#
      + #""updateTime":1795176000000}"#
  }

  /// A row of the algo service.
  static func algo(
    _ id: Int, client: String = "qds-a-1", type: String = "STOP_MARKET", side: String = "SELL",
    trigger: String = "60000", closes: Bool = true, quantity: String = "0",
    symbol: String = "BTCUSDT", status: String = "NEW"
  ) -> String {
    #"{"algoId":\#(id),"clientAlgoId":"\#(client)","algoType":"CONDITIONAL","orderType":"\#(type)","#
      + #""symbol":"\#(symbol)","side":"\#(side)","positionSide":"BOTH","timeInForce":"GTE_GTC","#
      + #""quantity":"\#(quantity)","algoStatus":"\#(status)","triggerPrice":"\#(trigger)","#
      + #""price":"0","workingType":"CONTRACT_PRICE","closePosition":\#(closes),"#
      + #""reduceOnly":\#(!closes),"createTime":1795176000000,"updateTime":1795176000000}"#
  }

  static func position(
    _ amount: String, symbol: String = "BTCUSDT", slot: String = "BOTH"
  ) -> String {
    #"{"symbol":"\#(symbol)","positionSide":"\#(slot)","positionAmt":"\#(amount)","#
      + #""entryPrice":"64000","breakEvenPrice":"64010","markPrice":"64100.5","#
      + #""unRealizedProfit":"10.05","liquidationPrice":"58000","isolatedMargin":"640","#
      + #""notional":"6410.05","marginAsset":"USDT","initialMargin":"641","maintMargin":"25.6","#
      + #""updateTime":1795175999000}"#
  }

  static let account =
    #"{"totalInitialMargin":"641","totalMaintMargin":"25.6","totalWalletBalance":"1000","#
    + #""totalUnrealizedProfit":"10.05","totalMarginBalance":"1010.05","#
    + #""totalPositionInitialMargin":"641","totalOpenOrderInitialMargin":"0","#
    + #""totalCrossWalletBalance":"360","totalCrossUnPnl":"0","availableBalance":"359","#
    + #""maxWithdrawAmount":"359","assets":[],"positions":[]}"#

  static func config(_ mode: String = "ISOLATED", leverage: Int = 10) -> String {
    #"[{"symbol":"BTCUSDT","marginType":"\#(mode)","isAutoAddMargin":false,"leverage":\#(leverage),"#
      + #""maxNotionalValue":"1000000"}]"#
  }

  /// The error of a call; nil when it succeeds.
  func error(_ call: () async throws(VenueError) -> Void) async -> VenueError? {
    do throws(VenueError) {
      try await call()
      return nil
    } catch {
      return error
    }
  }
}

extension OrderRequest {
  static func entry(
    id: String = "liq-a-1", symbol: Symbol = "BTCUSDT", slot: PositionSlot = .oneWay,
    side: Side = .buy, kind: OrderKind = .market, reduceOnly: Bool = false, stop: Price? = nil,
    target: Price? = nil
  ) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(id), symbol: symbol, slot: slot, side: side, quantity: "0.1", kind: kind,
      reduceOnly: reduceOnly, stop: stop, target: target)
  }
}
