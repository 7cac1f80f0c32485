import Simulation
import TradingModel
import Transport

/// What the REST interface shows of a contract and its market.
///
/// Source: Binance USD-M futures `exchangeInfo`, `premiumIndex`, `ticker/24hr`.
enum BinanceRows {
  /// Of every perpetual contract, in ms.
  static let deliveryDate: Int64 = 4_133_404_800_000
  static let onboardDate: Int64 = 1_569_398_400_000

  static func status(_ instrument: Instrument) -> String {
    instrument.isTrading ? "TRADING" : "SETTLING"
  }

  static func contract(_ instrument: Instrument) -> JSONObject {
    let text = ContractText(instrument)
    return [
      "symbol": .string(instrument.symbol.name), "pair": .string(instrument.symbol.name),
      "contractType": "PERPETUAL", "deliveryDate": .integer(deliveryDate),
      "onboardDate": .integer(onboardDate), "status": .string(status(instrument)),
      "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000",
      "baseAsset": .string(String(instrument.symbol.base)), "quoteAsset": "USDT",
      "marginAsset": "USDT", "pricePrecision": .integer(text.priceDecimals),
      "quantityPrecision": .integer(text.quantityDecimals), "baseAssetPrecision": 8,
      "quotePrecision": 8, "underlyingType": "COIN", "underlyingSubType": [],
      "triggerProtect": "0.0500", "liquidationFee": "0.012500", "marketTakeBound": "0.05",
      "maxMoveOrderLimit": 10_000, "permissionSets": [],
      "filters": .array(filters(instrument, text)),
      "orderTypes": [
        "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET",
        "TRAILING_STOP_MARKET",
      ],
      "timeInForce": ["GTC", "IOC", "FOK", "GTX", "GTD"],
    ]
  }

  private static func filters(_ instrument: Instrument, _ text: ContractText) -> [JSONValue] {
    func lot(_ kind: String, _ most: Quantity) -> JSONValue {
      [
        "filterType": .string(kind), "minQty": text.quantity(instrument.minQuantity),
        "maxQty": text.quantity(most), "stepSize": text.quantity(instrument.quantityStep),
      ]
    }
    return [
      [
        "filterType": "PRICE_FILTER", "minPrice": text.price(instrument.minPrice),
        "maxPrice": text.price(instrument.maxPrice), "tickSize": text.price(instrument.tickSize),
      ],
      lot("LOT_SIZE", instrument.maxQuantity),
      lot("MARKET_LOT_SIZE", instrument.maxMarketQuantity),
      ["filterType": "MAX_NUM_ORDERS", "limit": 200],
      ["filterType": "MIN_NOTIONAL", "notional": JSONValue(instrument.minNotional)],
      [
        "filterType": "PERCENT_PRICE", "multiplierUp": "1.0500", "multiplierDown": "0.9500",
        "multiplierDecimal": "4",
      ],
      ["filterType": "POSITION_RISK_CONTROL", "positionControlSide": "NONE"],
    ]
  }

  static func premiumIndex(_ board: SymbolBoard, _ now: Timestamp) -> JSONObject {
    let mark = eightPlaces(board.mark)
    return [
      "symbol": .string(board.symbol.name), "markPrice": mark,
      "indexPrice": eightPlaces(board.ticker.index ?? board.mark), "estimatedSettlePrice": mark,
      "lastFundingRate": funding(board), "interestRate": "0.00010000",
      "nextFundingTime": .integer(board.nextFunding(after: now).milliseconds),
      "time": .integer(now.milliseconds),
    ]
  }

  static func dayTicker(_ board: SymbolBoard, _ now: Timestamp) -> JSONObject {
    let text = ContractText(board.instrument)
    let day = BinanceDay(board, now)
    return [
      "symbol": .string(board.symbol.name), "priceChange": .string(day.change),
      "priceChangePercent": .string(day.changePercent),
      "weightedAvgPrice": board.ticker.vwap24h.map(eightPlaces) ?? "",
      "lastPrice": text.price(board.last),
      "lastQty": text.quantity(board.lastTrade?.quantity, none: ""),
      "openPrice": text.price(board.open), "highPrice": text.price(board.high),
      "lowPrice": text.price(board.low), "volume": text.volume(board.volume24h),
      "quoteVolume": .string(board.ticker.turnover24h?.text(decimals: 2) ?? ""),
      "openTime": .integer(day.start.milliseconds), "closeTime": .integer(now.milliseconds),
      "firstId": .integer(day.firstTrade), "lastId": .integer(board.tradeCount),
      "count": .integer(board.tradeCount),
    ]
  }

  static func brackets(_ instrument: Instrument) -> JSONObject {
    var floor = Notional.zero
    var rows: [JSONValue] = []
    for (number, tier) in PaperTier.binance(instrument).enumerated() {
      let cap = tier.cap ?? largestValue
      rows.append([
        "bracket": .integer(number + 1), "initialLeverage": leverage(tier.maxLeverage),
        "notionalCap": .number(cap.description), "notionalFloor": .number(floor.description),
        "maintMarginRatio": .number(tier.maintenanceRate.description),
        "cum": .number(tier.deduction.text(decimals: 1)),
      ])
      floor = cap
    }
    return [
      "symbol": .string(instrument.symbol.name), "notionalCoef": .number("1.0"),
      "brackets": .array(rows),
    ]
  }

  /// The brackets as `contractInfo` tells them, with the leverage that each is for.
  static func streamedBrackets(_ instrument: Instrument) -> JSONValue {
    var floor = Notional.zero
    var rows: [JSONValue] = []
    let tiers = PaperTier.binance(instrument)
    for (number, tier) in tiers.enumerated() {
      let cap = tier.cap ?? largestValue
      let next = tiers.dropFirst(number + 1).first?.maxLeverage
      rows.append([
        "bs": .integer(number + 1), "bnf": .number(floor.description),
        "bnc": .number(cap.description), "mmr": .number(tier.maintenanceRate.description),
        "cf": .number(tier.deduction.text(decimals: 1)),
        "mi": next.map { .integer(Int64($0.wideCount / Ratio.one.wideCount) + 1) } ?? 1,
        "ma": leverage(tier.maxLeverage),
      ])
      floor = cap
    }
    return .array(rows)
  }

  /// What a position may be worth at most at some leverage.
  static func largestValue(_ instrument: Instrument, at leverage: Ratio) -> Notional {
    PaperTier.binance(instrument).last { $0.maxLeverage >= leverage }?.cap ?? largestValue
  }

  private static let largestValue = Notional.usdt(1_000_000_000)

  /// A position's size, below zero for a short.
  static func signed(_ position: PaperPosition, _ instrument: Instrument) -> JSONValue {
    let quantity = position.side == .short ? -position.quantity : position.quantity
    return ContractText(instrument).quantity(quantity)
  }

  static func leverage(_ leverage: Ratio) -> JSONValue {
    .integer(leverage.count / Ratio.one.count)
  }

  /// A value over a leverage of at least one.
  static func share(_ value: Notional, over leverage: Ratio) -> Notional {
    leverage.isZero
      ? value : Notional(uncheckedCount: value.wideCount * Ratio.one.wideCount / leverage.wideCount)
  }

  static func eightPlaces(_ amount: some ExactAmount) -> JSONValue {
    .string(amount.text(decimals: 8))
  }

  static func funding(_ board: SymbolBoard) -> JSONValue {
    board.ticker.fundingRate.map(eightPlaces) ?? ""
  }
}

/// What both tickers of 24 hours say in other words.
struct BinanceDay {
  let change: String
  let changePercent: String
  let start: Timestamp
  let firstTrade: Int64

  init(_ board: SymbolBoard, _ now: Timestamp) {
    let difference = Price(uncheckedCount: board.last.wideCount - board.open.wideCount)
    change = difference.text(decimals: ContractText(board.instrument).priceDecimals)
    do {
      changePercent = try difference.ratio(to: board.open).percentText(decimals: 3)
    } catch {
      changePercent = ""
    }
    start = now - .hours(24)
    firstTrade = board.tradeCount > 0 ? 1 : -1
  }
}
