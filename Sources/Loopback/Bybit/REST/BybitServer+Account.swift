import Simulation
import TradingModel
import Transport

// The account as a whole.

extension BybitServer {
  func walletBalance(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    guard parameters.text("accountType") == "UNIFIED" else { throw .parameter("accountType") }
    let wallet = await exchange.read { (venue, now) in venue.wallet(at: now) }
    var row = BybitWalletRow(wallet).row
    if let coins = parameters.text("coin"), !coins.split(separator: ",").contains("USDT") {
      row["coin"] = []
    }
    return ["list": [.object(row)]]
  }

  func accountInfo() async -> JSONObject {
    let mode = await exchange.read { (venue, _) in venue.currentMarginMode }
    return [
      "marginMode": .string(mode.bybit), "updatedTime": "1697078946000", "unifiedMarginStatus": 5,
      "dcpStatus": "OFF", "timeWindow": 10, "smpGroup": 0, "isMasterTrader": false,
      "spotHedgingStatus": "OFF",
    ]
  }

  func feeRates(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = parameters.symbol
    let instruments = exchange.instruments.filter { symbol == nil || $0.symbol == symbol }
    guard !instruments.isEmpty else { throw .parameter("symbol") }
    let settings = await exchange.read { (venue, _) in venue.settings }
    return [
      "category": "linear",
      "list": .array(
        instruments.map { instrument in
          [
            "symbol": .string(instrument.symbol.name), "baseCoin": "",
            "takerFeeRate": JSONValue(settings.takerFee),
            "makerFeeRate": JSONValue(settings.makerFee),
          ]
        }),
    ]
  }

  func setMarginMode(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    guard let mode = MarginMode(bybit: try parameters.required("setMarginMode")),
      mode != .portfolio
    else { throw .parameter("setMarginMode") }
    try await carryOut { (venue, now) throws(PaperRejection) in
      try venue.setMarginMode(mode, at: now)
    }
    return ["reasons": []]
  }

  /// What the key may do: trade, and nothing else.
  func keyInformation() -> JSONObject {
    [
      "id": "1", "note": "loopback", "apiKey": .string(settings.apiKey), "readOnly": 0,
      "secret": "",
      "permissions": [
        "ContractTrade": ["Order", "Position"], "Spot": [], "Wallet": [], "Options": [],
        "Derivatives": ["DerivativesTrade"],
      ],
      "ips": ["*"], "type": 1, "deadlineDay": 90, "expiredAt": "2099-01-01T00:00:00Z",
      "createdAt": "2020-01-01T00:00:00Z", "unified": 0, "uta": 1, "userID": 1, "inviterID": 0,
      "vipLevel": "No VIP", "mktMakerLevel": "0", "affiliateID": 0, "isMaster": true,
    ]
  }
}
