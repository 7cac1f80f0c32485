import TradingModel

// What an order must pass before it is taken. The order of the checks is Bybit's as far as it is
// known: parameters, slot, id, reduce-only, least value, trigger, balance and counts.

extension PaperVenue {
  /// Active and conditional orders that one symbol may have.
  static let activeOrderLimit = 500
  static let conditionalOrderLimit = 10

  /// The order as the venue takes it: a reducing one never larger than its position.
  func checked(_ request: PaperOrderRequest) throws(PaperRejection) -> PaperOrderRequest {
    guard let instrument = instruments[request.symbol] else { throw .unknownSymbol }
    guard instrument.isTrading else { throw .notTrading }
    var request = request
    try checkParameters(request, instrument)
    guard mode(of: request.symbol).slots.contains(request.slot) else { throw .wrongSlot }
    if let link = request.link, usedLinks.contains(link) { throw .duplicateLink }
    if request.isReducing {
      guard request.stop == nil, request.target == nil else { throw .protectionOnReduceOnly }
      request.quantity = try reducedQuantity(of: request)
    }
    guard let last = markets[request.symbol]?.last else { throw .marketUnknown }
    let base = request.limitPrice ?? request.trigger?.price ?? last
    if !request.isReducing, base * request.quantity < instrument.minNotional {
      throw .belowMinimumValue(instrument.minNotional)
    }
    try checkTriggers(request, base: base)
    try checkCounts(request)
    return request
  }

  func checkQuantity(
    _ quantity: Quantity, kind: OrderKind, isReducing: Bool, _ instrument: Instrument
  ) throws(PaperRejection) {
    guard quantity > .zero, quantity.isMultiple(of: instrument.quantityStep) else {
      throw .badQuantity
    }
    guard quantity >= instrument.minQuantity else {
      throw .quantityTooSmall(quantity, minimum: instrument.minQuantity)
    }
    // What is too large to close in one order the venue splits by itself.
    guard !isReducing else { return }
    let maximum = kind == .market ? instrument.maxMarketQuantity : instrument.maxQuantity
    guard quantity <= maximum else { throw .quantityTooLarge(quantity, maximum: maximum) }
  }

  func checkPrice(_ price: Price, _ instrument: Instrument) throws(PaperRejection) {
    guard price > .zero, price >= instrument.minPrice, price <= instrument.maxPrice else {
      throw .priceOutOfRange(price)
    }
    guard price.isMultiple(of: instrument.tickSize) else { throw .priceOffTick(price) }
  }

  private func checkParameters(
    _ request: PaperOrderRequest, _ instrument: Instrument
  ) throws(PaperRejection) {
    let closesAll = request.quantity.isZero && request.reduceOnly && request.closeOnTrigger
    if !closesAll {
      try checkQuantity(
        request.quantity, kind: request.kind, isReducing: request.reduceOnly, instrument)
    }
    let prices = [request.limitPrice, request.trigger?.price, request.stop, request.target]
    for case .some(let price) in prices { try checkPrice(price, instrument) }
    if let link = request.link, !Self.isWellFormed(link) { throw .badLink }
  }

  /// At most 36 letters, digits, dashes and underscores.
  private static func isWellFormed(_ link: ClientOrderID) -> Bool {
    !link.text.isEmpty && link.text.utf8.count <= 36
      && link.text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private func reducedQuantity(of request: PaperOrderRequest) throws(PaperRejection) -> Quantity {
    let position = positions[PositionKey(request.symbol, request.slot)]
    guard let position, let side = position.side else {
      // A waiting order may be meant for a position that is still to come.
      if request.trigger != nil, request.quantity > .zero { return request.quantity }
      throw .reduceOnlyFlat
    }
    guard request.side == side.closing else { throw .reduceOnlySameSide }
    return request.quantity.isZero
      ? position.quantity : min(request.quantity, position.quantity)
  }

  private func checkTriggers(_ request: PaperOrderRequest, base: Price) throws(PaperRejection) {
    if let trigger = request.trigger,
      let current = markets[request.symbol]?.price(of: trigger.source),
      trigger.isReached(at: current)
    {
      throw .triggerPassed(trigger, current: current)
    }
    let side: PositionSide = request.side == .buy ? .long : .short
    for (price, isStop) in [(request.stop, true), (request.target, false)] {
      guard let price else { continue }
      try checkProtection(price, isStop: isStop, side: side, base: base)
    }
  }

  /// A stop or target that lies at or beyond `base` would go off at once.
  func checkProtection(
    _ price: Price, isStop: Bool, side: PositionSide, base: Price
  ) throws(PaperRejection) {
    let trigger = PaperTrigger(closing: side, isStop: isStop, at: price, source: .last)
    guard !trigger.isReached(at: base) else {
      throw .protectionPassed(price, isStop: isStop, side: side, base: base)
    }
  }

  private func checkCounts(_ request: PaperOrderRequest) throws(PaperRejection) {
    let orders = open[request.symbol] ?? []
    if request.trigger != nil {
      let waiting = orders.count { $0.isWaiting && !$0.stopKind.isChild }
      guard waiting < Self.conditionalOrderLimit else { throw .tooManyConditionalOrders }
    } else {
      guard orders.count(where: { !$0.isWaiting }) < Self.activeOrderLimit else {
        throw .tooManyOrders
      }
      try checkBalance(request)
    }
  }
}
