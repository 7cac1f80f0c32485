import TradingModel
import Transport

/// A contract as `instruments-info` shows it.
struct BybitInstrumentRow {
  /// All contracts of the loopback Bybit opened on 2020-03-30.
  private static let launchTime = "1585526400000"

  let instrument: Instrument
  /// From 1, in order of symbols.
  let number: Int

  var status: String { instrument.isTrading ? "Trading" : "Closed" }

  var row: JSONObject {
    let text = ContractText(instrument)
    let base = String(instrument.symbol.base)
    return [
      "symbol": .string(instrument.symbol.name), "contractType": "LinearPerpetual",
      "status": .string(status), "baseCoin": .string(base),
      "quoteCoin": "USDT", "settleCoin": "USDT", "symbolId": .integer(number),
      "launchTime": .string(Self.launchTime), "deliveryTime": "0", "deliveryFeeRate": "",
      "priceScale": .string("\(text.priceDecimals)"),
      "leverageFilter": [
        "minLeverage": "1",
        "maxLeverage": .string(instrument.maxLeverage.text(decimals: 2)),
        "leverageStep": JSONValue(instrument.leverageStep),
      ],
      "priceFilter": [
        "minPrice": text.price(instrument.minPrice), "maxPrice": text.price(instrument.maxPrice),
        "tickSize": text.price(instrument.tickSize),
      ],
      "lotSizeFilter": [
        "maxOrderQty": text.quantity(instrument.maxQuantity),
        "minOrderQty": text.quantity(instrument.minQuantity),
        "qtyStep": text.quantity(instrument.quantityStep),
        "postOnlyMaxOrderQty": text.quantity(instrument.maxQuantity),
        "maxMktOrderQty": text.quantity(instrument.maxMarketQuantity),
        "minNotionalValue": JSONValue(instrument.minNotional),
      ],
      "unifiedMarginTrade": true,
      "fundingInterval": .integer(instrument.fundingInterval.wholeSeconds / 60),
      "copyTrading": "none", "upperFundingRate": "0.005", "lowerFundingRate": "-0.005",
      "isPreListing": false, "preListingInfo": .null,
      "riskParameters": ["priceLimitRatioX": "0.05", "priceLimitRatioY": "0.1"],
      "displayName": "", "symbolType": "", "forbidUplWithdrawal": "false",
    ]
  }
}

/// A ticker as `tickers` and the `tickers` topic show it.
struct BybitTickerRow {
  let board: SymbolBoard
  /// Draws the sizes at the touch, which are those of the order book.
  let beat: Int64
  let time: Timestamp

  /// What both show.
  private var common: JSONObject {
    let text = ContractText(board.instrument)
    let ticker = board.ticker
    let book = SyntheticBook(board, beat: beat, depth: 1)
    let (bidSize, askSize) = (book.bids.first?.quantity, book.asks.first?.quantity)
    let volume = board.volume24h
    let turnover = ticker.turnover24h
    return [
      "symbol": .string(board.symbol.name), "lastPrice": text.price(board.last),
      "indexPrice": text.price(ticker.index ?? board.mark), "markPrice": text.price(board.mark),
      "prevPrice24h": text.price(board.open), "price24hPcnt": .string(change),
      "highPrice24h": text.price(board.high), "lowPrice24h": text.price(board.low),
      "prevPrice1h": text.price(board.open), "openInterest": text.volume(volume),
      "openInterestValue": .string(turnover?.text(decimals: 2) ?? ""),
      "singleOpenInterest": text.volume(volume.map { Volume(uncheckedCount: $0.wideCount / 2) }),
      "singleOpenInterestValue": .string(
        turnover.map { Notional(uncheckedCount: $0.wideCount / 2).text(decimals: 2) } ?? ""),
      "turnover24h": .string(turnover?.text(decimals: 4) ?? ""),
      "volume24h": text.volume(volume),
      "fundingRate": JSONValue(ticker.fundingRate),
      "nextFundingTime": JSONValue(milliseconds: board.nextFunding(after: time)),
      "bid1Price": text.price(ticker.bid, none: ""), "bid1Size": text.quantity(bidSize, none: ""),
      "ask1Price": text.price(ticker.ask, none: ""), "ask1Size": text.quantity(askSize, none: ""),
      "fundingIntervalHour": .string(
        "\(board.instrument.fundingInterval.wholeSeconds / 3600)"),
      "fundingCap": "0.005", "preOpenPrice": "", "preQty": "", "curPreListingPhase": "",
    ]
  }

  var rest: JSONObject {
    var row = common
    for name in [
      "predictedDeliveryPrice", "basisRate", "basis", "basisRateYear", "deliveryFeeRate",
    ] {
      row[name] = ""
    }
    row["deliveryTime"] = "0"
    return row
  }

  var stream: JSONObject {
    var row = common
    row["tickDirection"] = .string(board.tickDirection.rawValue)
    return row
  }

  private var change: String {
    do {
      let difference = board.last.wideCount - board.open.wideCount
      return try Price(count: difference).ratio(to: board.open).text(decimals: 6)
    } catch {
      return ""
    }
  }
}
