import Simulation
import TradingModel
import Transport

/// What `balance`, `account` and `income` show.
struct BinanceAccountRows {
  private let account: BinanceAccount
  private let money: BinanceMoney
  private let now: Timestamp

  init(_ account: BinanceAccount, at now: Timestamp) {
    self.account = account
    money = account.money(at: now)
    self.now = now
  }

  private func text(_ amount: Notional) -> JSONValue { BinanceRows.eightPlaces(amount) }

  var balances: JSONValue {
    [
      [
        "accountAlias": "SgsRfWmYmYSgFzAu", "asset": "USDT", "balance": text(money.balance),
        "crossWalletBalance": text(money.crossBalance), "crossUnPnl": text(money.crossUnrealised),
        "availableBalance": text(money.wallet.available),
        "maxWithdrawAmount": text(min(money.wallet.available, money.crossBalance)),
        "marginAvailable": true, "updateTime": .integer(now.milliseconds),
      ]
    ]
  }

  private var totals: JSONObject {
    let wallet = money.wallet
    return [
      "totalInitialMargin": text(wallet.initialMargin),
      "totalMaintMargin": text(wallet.maintenanceMargin),
      "totalWalletBalance": text(wallet.balance),
      "totalUnrealizedProfit": text(wallet.unrealised), "totalMarginBalance": text(wallet.equity),
      "totalPositionInitialMargin": text(wallet.positionMargin),
      "totalOpenOrderInitialMargin": text(wallet.orderMargin),
      "totalCrossWalletBalance": text(money.crossBalance),
      "totalCrossUnPnl": text(money.crossUnrealised), "availableBalance": text(wallet.available),
      "maxWithdrawAmount": text(min(wallet.available, money.crossBalance)),
    ]
  }

  private var asset: JSONObject {
    let wallet = money.wallet
    return [
      "asset": "USDT", "walletBalance": text(wallet.balance),
      "unrealizedProfit": text(wallet.unrealised), "marginBalance": text(wallet.equity),
      "maintMargin": text(wallet.maintenanceMargin), "initialMargin": text(wallet.initialMargin),
      "positionInitialMargin": text(wallet.positionMargin),
      "openOrderInitialMargin": text(wallet.orderMargin),
      "crossWalletBalance": text(money.crossBalance), "crossUnPnl": text(money.crossUnrealised),
      "availableBalance": text(wallet.available),
      "maxWithdrawAmount": text(min(wallet.available, money.crossBalance)),
      "marginAvailable": true, "updateTime": .integer(now.milliseconds),
    ]
  }

  /// Only slots with a position or open orders.
  var account3: JSONValue {
    var row = totals
    row["assets"] = [.object(asset)]
    row["positions"] = .array(
      account.reports(at: now, onlyUsed: true).compactMap { report in
        self.row(report) { $0.entryOfAccount }
      })
    return .object(row)
  }

  /// All slots.
  var account2: JSONValue {
    var row = configuration
    for field in totals.fields { row[field.key] = field.value }
    row["assets"] = [.object(asset)]
    row["positions"] = .array(
      account.reports(at: now).compactMap { report in self.row(report) { $0.entryOfOldAccount } })
    return .object(row)
  }

  var configuration: JSONObject {
    [
      "feeTier": 0, "canTrade": true, "canDeposit": true, "canWithdraw": true,
      "dualSidePosition": .bool(account.isHedged), "updateTime": 0,
      "multiAssetsMargin": .bool(account.isMultiAssets), "tradeGroupId": -1,
    ]
  }

  func row(
    _ report: PositionReport, _ choose: (BinancePositionRow) -> JSONObject
  ) -> JSONValue? {
    guard let instrument = account.instruments[report.position.key.symbol] else { return nil }
    return .object(choose(BinancePositionRow(report, instrument, on: account)))
  }

  static func trade(_ trade: BinanceUserTrade, _ instrument: Instrument) -> JSONValue {
    let text = ContractText(instrument)
    return [
      "symbol": .string(trade.symbol.name), "id": .integer(trade.number),
      "orderId": .integer(trade.order), "side": .string(trade.side.binance),
      "price": text.price(trade.price), "qty": text.quantity(trade.quantity),
      "realizedPnl": BinanceRows.eightPlaces(trade.profit),
      "quoteQty": JSONValue(trade.price * trade.quantity),
      "commission": BinanceRows.eightPlaces(trade.fee), "commissionAsset": "USDT",
      "time": .integer(trade.time.milliseconds), "positionSide": .string(trade.slot.binance),
      "maker": .bool(trade.isMaker), "buyer": .bool(trade.side == .buy),
    ]
  }

  static func income(_ entry: BinanceLedgerEntry) -> JSONValue {
    [
      "symbol": .string(entry.symbol?.name ?? ""), "incomeType": .string(entry.kind.rawValue),
      "income": BinanceRows.eightPlaces(entry.amount), "asset": "USDT",
      "time": .integer(entry.time.milliseconds), "info": .string(entry.kind.rawValue),
      "tranId": .integer(entry.number),
      "tradeId": .string(entry.trade.map { "\($0)" } ?? ""),
    ]
  }
}

extension BinanceAccount {
  /// Slots as the account has them, sorted by symbol.
  /// - Parameter onlyUsed: Those with a position or open orders.
  func reports(
    of symbol: Symbol? = nil, at now: Timestamp, onlyUsed: Bool = false
  ) -> [PositionReport] {
    let symbols = symbol.map { [$0] } ?? instruments.keys.sorted()
    let busy = Set(openOrders().map { PositionKey($0.symbol, $0.request.slot) })
    return symbols.flatMap { venue.slots(of: $0, at: now) }
      .filter { !onlyUsed || !$0.isFlat || busy.contains($0.key) }
      .map { PositionReport($0, on: venue) }
  }
}
