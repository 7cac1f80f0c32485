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
  func keyInformation(_ parameters: BybitParameters) -> JSONObject {
    let key = parameters.apiKey ?? settings.apiKey
    return [
      "id": "1", "note": "loopback", "apiKey": .string(key),
      "readOnly": authority.isReadOnly(key) ? 1 : 0, "secret": "",
      "permissions": [
        "ContractTrade": ["Order", "Position"], "Spot": [], "Wallet": [], "Options": [],
        "Derivatives": ["DerivativesTrade"], "CopyTrading": [], "BlockTrade": [], "Exchange": [],
        "NFT": [], "Affiliate": [],
      ],
      "ips": ["*"], "type": 1, "deadlineDay": 90, "expiredAt": "2099-01-01T00:00:00Z",
      "createdAt": "2020-01-01T00:00:00Z", "unified": 0, "uta": 1, "userID": 1, "inviterID": 0,
      "vipLevel": "No VIP", "mktMakerLevel": "0", "affiliateID": 0, "rsaPublicKey": "",
      "isMaster": true, "parentUid": "0", "kycLevel": "LEVEL_DEFAULT", "kycRegion": "",
    ]
  }

  /// Changes of the wallet, newest first. Source: Bybit V5 `GET /v5/account/transaction-log`.
  func transactionLog(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    guard parameters.text("accountType") ?? "UNIFIED" == "UNIFIED" else {
      throw .parameter("accountType")
    }
    if parameters.text("category") != nil { try parameters.requireLinear() }
    let span = try BybitSpan(parameters)
    let base = parameters.text("baseCoin")
    let kind = parameters.text("type")
    let isAboutUSDT = parameters.text("currency") ?? "USDT" == "USDT"
    let isAboutContracts = parameters.text("category") != nil
    let entries = await exchange.read { (venue, _) in venue.ledger }.filter { entry in
      isAboutUSDT && span.contains(entry.time)
        && (kind == nil || kind == BybitLedgerRow.kind(of: entry))
        && (!isAboutContracts || entry.key != nil)
        && (base == nil || entry.key.map { $0.symbol.base == base ?? "" } ?? false)
    }
    let page = try BybitPage(
      entries.reversed(), .descending, limit: try parameters.limit(standard: 20, most: 50),
      after: parameters.text("cursor"), key: { BybitPage<Never>.name(of: $0.number) })
    var result = page.result { entry in
      BybitLedgerRow(entry, entry.key.flatMap { exchange.instrument($0.symbol) }).row
    }
    result["category"] = nil
    return result
  }

  /// Source: Bybit V5 `GET /v5/asset/coin/query-info`.
  func coinInformation(_ parameters: BybitParameters) -> JSONObject {
    guard parameters.text("coin") ?? "USDT" == "USDT" else { return ["rows": []] }
    return [
      "rows": [
        [
          "name": "USDT", "coin": "USDT", "remainAmount": "1000000",
          "chains": [
            [
              "chainType": "ETH", "confirmation": "12", "withdrawFee": "2", "depositMin": "0",
              "withdrawMin": "10", "chain": "ETH", "chainDeposit": "1", "chainWithdraw": "1",
              "minAccuracy": "6", "withdrawPercentageFee": "0", "contractAddress": "",
              "safeConfirmNumber": "64",
            ]
          ],
        ]
      ]
    ]
  }

  // MARK: When the connection is lost

  /// Source: Bybit V5 `POST /v5/order/disconnected-cancel-all`.
  func setDisconnectionProtection(
    _ parameters: BybitParameters
  ) async throws(BybitRefusal) -> JSONObject {
    let product = parameters.text("product") ?? "OPTIONS"
    guard ["OPTIONS", "DERIVATIVES", "SPOT"].contains(product) else { throw .parameter("product") }
    guard let seconds = try parameters.integer("timeWindow"), (3...300).contains(seconds) else {
      throw .parameter("timeWindow")
    }
    if product == "DERIVATIVES" { disconnectionWindow.withLock { $0 = .seconds(seconds) } }
    return [:]
  }

  /// Source: Bybit V5 `GET /v5/account/query-dcp-info`.
  func disconnectionProtection() async -> JSONObject {
    guard let window = disconnectionWindow.withLock({ $0 }) else { return ["dcpInfos": []] }
    return [
      "dcpInfos": [
        [
          "product": "DERIVATIVES", "dcpStatus": "ON",
          "timeWindow": .string("\(window.wholeSeconds)"),
        ]
      ]
    ]
  }
}
