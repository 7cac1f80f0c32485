import Simulation
import TradingModel
import Transport

/// Reads the parameters of an order and checks them by the contract's filters, in the order in which
/// Binance complains.
///
/// Source: Binance USD-M futures, `POST /fapi/v1/order` and `algoOrder`, filters of `exchangeInfo`.
struct BinanceOrderReader {
  private static let multiplierUp = Ratio.percent(105)
  private static let multiplierDown = Ratio.percent(95)

  let parameters: BinanceParameters
  let instrument: Instrument
  let account: BinanceAccount

  private var text: ContractText { ContractText(instrument) }

  /// An order of `order`, `batchOrders` and `order.place`.
  /// - Parameter clientID: What the venue calls it where the client gives no id.
  func order(clientID: String) throws(BinanceRefusal) -> BinanceOrder.Request {
    let side = try side()
    let type = try parameters.required("type").uppercased()
    guard BinanceAlgoOrder.Kind(rawValue: type) == nil else { throw .useAlgo }
    guard type == "LIMIT" || type == "MARKET" else { throw .badType }
    let isLimit = type == "LIMIT"
    let timeInForce = try timeInForce(isLimit: isLimit)
    var request = BinanceOrder.Request(
      symbol: instrument.symbol, slot: try slot(), side: side, price: nil,
      timeInForce: timeInForce, quantity: .zero, reduceOnly: try reduceOnly(),
      clientID: try self.clientID("newClientOrderId", or: clientID))
    guard let quantity = try parameters.amount("quantity", as: Quantity.self) else {
      throw .missing("quantity")
    }
    try readChoices(&request, isLimit: isLimit)
    if isLimit {
      request.price = try limitPrice(&request)
    } else if parameters["price"] != nil {
      throw .notRequired("price")
    }
    request.goodTillDate = try goodTillDate(timeInForce)
    request.quantity = try checked(quantity, isMarket: !isLimit)
    if let price = request.price { try checkMultipliers(price, side) }
    try checkValue(request)
    return request
  }

  /// A conditional order of `algoOrder`.
  func algo(clientID: String) throws(BinanceRefusal) -> BinanceAlgoOrder.Request {
    guard try parameters.required("algoType").uppercased() == "CONDITIONAL" else {
      throw .invalid("algoType")
    }
    let side = try side()
    guard let kind = BinanceAlgoOrder.Kind(rawValue: try parameters.required("type").uppercased())
    else { throw .badType }
    let closes = try parameters.flag("closePosition") ?? false
    guard !closes || kind == .stopMarket || kind == .takeProfitMarket else {
      throw .notRequired("closePosition")
    }
    var request = BinanceOrder.Request(
      symbol: instrument.symbol, slot: try slot(), side: side, price: nil,
      timeInForce: try timeInForce(isLimit: true, standard: "GTC"), quantity: .zero,
      reduceOnly: try reduceOnly(), closePosition: closes,
      clientID: try self.clientID("clientAlgoId", or: clientID))
    try readChoices(&request, isLimit: kind.isLimit)
    request.priceProtect = try parameters.flag("priceProtect") ?? false
    request.workingType = try workingType()
    if closes {
      guard parameters["quantity"] == nil else { throw .closePositionQuantity }
      guard parameters["reduceOnly"] == nil else { throw .closePositionReduceOnly }
    } else {
      guard let quantity = try parameters.amount("quantity", as: Quantity.self) else {
        throw .missing("quantity")
      }
      request.quantity = try checked(quantity, isMarket: !kind.isLimit)
    }
    if kind.isLimit { request.price = try limitPrice(&request) }
    request.goodTillDate = try goodTillDate(request.timeInForce)
    return BinanceAlgoOrder.Request(
      kind: kind, order: request, trigger: try trigger(kind), trail: try trail(kind))
  }

  /// Price and quantity of a modification; both are mandatory.
  func change(
    of order: BinanceOrder
  ) throws(BinanceRefusal) -> (price: Price, quantity: Quantity) {
    guard let quantity = try parameters.amount("quantity", as: Quantity.self) else {
      throw .missing("quantity")
    }
    var request = order.request
    try readChoices(&request, isLimit: true)
    let price = try limitPrice(&request)
    try checkMultipliers(price, order.request.side)
    let checked = try checked(quantity, isMarket: false)
    request.price = price
    request.quantity = checked
    try checkValue(request)
    return (price, checked)
  }

  // MARK: Words

  private func side() throws(BinanceRefusal) -> Side {
    guard let side = Side(binance: try parameters.required("side")) else { throw .badSide }
    return side
  }

  /// - Throws: −4061 when the slot does not fit the mode.
  private func slot() throws(BinanceRefusal) -> PositionSlot {
    guard let text = parameters["positionSide"] else {
      guard !account.isHedged else { throw .wrongPositionSide }
      return .oneWay
    }
    guard let slot = PositionSlot(binance: text) else { throw .invalid("positionSide") }
    guard account.isHedged == (slot != .oneWay) else { throw .wrongPositionSide }
    return slot
  }

  private func timeInForce(
    isLimit: Bool, standard: String? = nil
  ) throws(BinanceRefusal) -> BinanceTimeInForce {
    guard isLimit else { return .goodTillCancelled }
    guard let text = parameters["timeInForce"] ?? standard else { throw .missing("timeInForce") }
    // Of orders that close a position when they go off, as the venue's own screen sends them.
    if text == "GTE_GTC" { return .goodTillCancelled }
    guard let timeInForce = BinanceTimeInForce(rawValue: text.uppercased()) else {
      throw .badTimeInForce
    }
    return timeInForce
  }

  private func reduceOnly() throws(BinanceRefusal) -> Bool {
    let flag = try parameters.flag("reduceOnly")
    guard flag == nil || !account.isHedged else { throw .badReduceOnly }
    return flag ?? false
  }

  private func clientID(
    _ name: String, or standard: String
  ) throws(BinanceRefusal) -> String {
    guard let id = parameters[name] else { return standard }
    let isSound =
      id.utf8.count <= 36
      && id.utf8.allSatisfy { byte in
        // `.`, `/`, digits and `:`, letters, `-`, `_`.
        (45...58).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 95
      }
    guard isSound else { throw .badClientID }
    return id
  }

  private func readChoices(
    _ request: inout BinanceOrder.Request, isLimit: Bool
  ) throws(BinanceRefusal) {
    if let match = parameters["priceMatch"], match != "NONE" {
      let known = [
        "OPPONENT", "OPPONENT_5", "QUEUE", "QUEUE_5", "QUEUE_10", "QUEUE_20",
      ]
      guard known.contains(match) else { throw .invalid("priceMatch") }
      guard isLimit, parameters["price"] == nil else { throw .notRequired("priceMatch") }
      request.priceMatch = match
    }
    if let prevention = parameters["selfTradePreventionMode"] {
      let known = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
      guard known.contains(prevention) else { throw .invalid("selfTradePreventionMode") }
      request.selfTradePrevention = prevention
    }
    if let kind = parameters["newOrderRespType"], kind != "ACK", kind != "RESULT" {
      throw .invalid("newOrderRespType")
    }
  }

  private func workingType() throws(BinanceRefusal) -> BinanceWorkingType {
    guard let text = parameters["workingType"] else { return .contract }
    guard let type = BinanceWorkingType(rawValue: text.uppercased()) else {
      throw .invalid("workingType")
    }
    return type
  }

  /// At least ten minutes ahead.
  private func goodTillDate(_ timeInForce: BinanceTimeInForce) throws(BinanceRefusal) -> Int64 {
    guard timeInForce == .goodTillDate else { return 0 }
    guard let date = try parameters.integer("goodTillDate") else { throw .missing("goodTillDate") }
    guard date > 0, date < 253_402_300_799_000 else { throw .invalid("goodTillDate") }
    return date / 1_000 * 1_000
  }

  // MARK: Numbers

  private func limitPrice(_ request: inout BinanceOrder.Request) throws(BinanceRefusal) -> Price {
    if request.priceMatch != "NONE" { return try matched(request) }
    guard let price = try parameters.amount("price", as: Price.self) else {
      throw .missing("price")
    }
    return try checked(price)
  }

  /// The price of the book that is asked for by name; `_5` and its kin reach that many levels in.
  private func matched(_ request: BinanceOrder.Request) throws(BinanceRefusal) -> Price {
    let market = account.venue.market(request.symbol)
    let isOpponent = request.priceMatch.hasPrefix("OPPONENT")
    let wantsAsk = (request.side == .buy) == isOpponent
    guard let touch = wantsAsk ? market?.ask : market?.bid else { throw .emptyBook }
    let place = request.priceMatch.split(separator: "_").last.flatMap { Int128($0) } ?? 1
    let shift = (place - 1) * instrument.tickSize.wideCount
    return try checked(
      Price(uncheckedCount: wantsAsk ? touch.wideCount + shift : touch.wideCount - shift))
  }

  private func checked(_ price: Price) throws(BinanceRefusal) -> Price {
    guard price > .zero else { throw .negativePrice }
    guard places(of: price) <= text.priceDecimals else { throw .precision }
    guard price >= instrument.minPrice else { throw .priceTooLow }
    guard price <= instrument.maxPrice else { throw .priceTooHigh }
    let above = Price(uncheckedCount: price.wideCount - instrument.minPrice.wideCount)
    guard price.isMultiple(of: instrument.tickSize) || above.isMultiple(of: instrument.tickSize)
    else { throw .offTick }
    return price
  }

  private func checked(_ quantity: Quantity, isMarket: Bool) throws(BinanceRefusal) -> Quantity {
    guard quantity > .zero else { throw .negativeQuantity }
    guard places(of: quantity) <= text.quantityDecimals else { throw .precision }
    guard quantity >= instrument.minQuantity else { throw .quantityTooSmall }
    guard quantity <= (isMarket ? instrument.maxMarketQuantity : instrument.maxQuantity) else {
      throw .quantityTooLarge
    }
    guard quantity.isMultiple(of: instrument.quantityStep) else { throw .offStep }
    return quantity
  }

  private func places(of amount: some ExactAmount) -> Int {
    let parts = amount.description.split(separator: ".")
    return parts.count == 2 ? parts[1].count : 0
  }

  /// PERCENT_PRICE: buy ≤ mark × up, sell ≥ mark × down.
  private func checkMultipliers(_ price: Price, _ side: Side) throws(BinanceRefusal) {
    guard let mark = account.venue.market(instrument.symbol)?.valuation else { throw .emptyBook }
    do {
      switch side {
      case .buy:
        let limit = try mark.scaled(by: Self.multiplierUp)
        if price > limit {
          throw BinanceRefusal.priceAbove(limit.text(decimals: text.priceDecimals))
        }
      case .sell:
        let limit = try mark.scaled(by: Self.multiplierDown)
        if price < limit {
          throw BinanceRefusal.priceBelow(limit.text(decimals: text.priceDecimals))
        }
      }
    } catch let refusal as BinanceRefusal {
      throw refusal
    } catch {
      throw .priceTooHigh
    }
  }

  /// MIN_NOTIONAL: by the limit price, or by mark.
  private func checkValue(_ request: BinanceOrder.Request) throws(BinanceRefusal) {
    guard !request.reduceOnly, !request.slot.isOnlyClosed(by: request.side) else { return }
    guard let price = request.price ?? account.venue.market(instrument.symbol)?.valuation else {
      throw .emptyBook
    }
    guard price * request.quantity >= instrument.minNotional else {
      throw .notional(instrument.minNotional)
    }
  }

  private func trigger(_ kind: BinanceAlgoOrder.Kind) throws(BinanceRefusal) -> Price? {
    guard !kind.isTrailing else { return nil }
    // Some clients still say it as it was said before the Algo Service.
    guard let price = try parameters.amount("triggerPrice", as: Price.self) else {
      throw .missing("triggerPrice")
    }
    return try checked(price)
  }

  private func trail(
    _ kind: BinanceAlgoOrder.Kind
  ) throws(BinanceRefusal) -> BinanceAlgoOrder.Trail? {
    guard kind.isTrailing else { return nil }
    let text = try parameters.required("callbackRate")
    let rate: Ratio
    do { rate = try Ratio(percent: text) } catch { throw .illegal("callbackRate") }
    // 0.1 to 10 percent.
    guard rate >= .basisPoints(10), rate <= .percent(10) else { throw .invalid("callbackRate") }
    let activation = try parameters.amount("activatePrice", as: Price.self)
    return BinanceAlgoOrder.Trail(
      activation: try activation.map { (price) throws(BinanceRefusal) in try checked(price) },
      callback: rate)
  }
}
