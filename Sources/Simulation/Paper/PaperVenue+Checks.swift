import TradingModel

// What an order must pass before it is taken. The order of the checks is Bybit's as far as it is
// known: parameters, slot, id, reduce-only, least value, trigger, balance and counts.

extension PaperVenue {
  /// The order as the venue takes it: a reducing one never larger than its position.
  func checked(_ request: PaperOrderRequest) throws(PaperRejection) -> PaperOrderRequest {
    guard let instrument = instruments[request.symbol] else { throw .unknownSymbol }
    guard instrument.isTrading else { throw .notTrading }
    var request = request
    try checkParameters(request, instrument)
    guard mode(of: request.symbol).slots.contains(request.slot) else { throw .wrongSlot }
    if let link = request.link, isInUse(link) { throw .duplicateLink }
    if request.isReducing {
      guard request.stop == nil, request.target == nil else { throw .protectionOnReduceOnly }
      request.quantity = try reducedQuantity(of: request)
    }
    guard let last = freshPrice(of: request.symbol, .last) else { throw .marketUnknown }
    let base = request.limitPrice ?? request.trigger?.price ?? last
    if !request.isReducing, base * request.quantity < instrument.minNotional {
      throw .belowMinimumValue(instrument.minNotional)
    }
    if !request.isConditional { try checkBand(request.kind, request.side, of: request.symbol) }
    try checkTriggers(request, base: base)
    try checkCounts(request)
    return request
  }

  func checkQuantity(
    _ quantity: Quantity, kind: OrderKind, isReducing: Bool, _ instrument: Instrument
  ) throws(PaperRejection) {
    guard quantity > .zero else { throw .quantityNotAboveZero }
    guard quantity.isMultiple(of: instrument.quantityStep) else { throw .badQuantity }
    guard quantity >= instrument.minQuantity else {
      throw .quantityTooSmall(quantity, minimum: instrument.minQuantity)
    }
    // What is too large to close in one order one venue splits by itself.
    guard !isReducing || !settings.rules.splitsLargeReductions else { return }
    let maximum = kind == .market ? instrument.maxMarketQuantity : instrument.maxQuantity
    guard quantity <= maximum else { throw .quantityTooLarge(quantity, maximum: maximum) }
  }

  func checkPrice(_ price: Price, _ instrument: Instrument) throws(PaperRejection) {
    guard price > .zero, price >= instrument.minPrice else { throw .priceTooLow(price) }
    guard price <= instrument.maxPrice else { throw .priceOutOfRange(price) }
    guard price.isMultiple(of: instrument.tickSize) else { throw .priceOffTick(price) }
  }

  /// A limit far beyond the market, where it would fill at any price: both venues keep a band around
  /// mark. One that is to rest on its own side may lie as far away as it likes.
  func checkBand(_ kind: OrderKind, _ side: Side, of symbol: Symbol) throws(PaperRejection) {
    guard case .limit(let price, _) = kind, let mark = markets[symbol]?.valuation else { return }
    let band = settings.rules.priceBand
    let share = side == .buy ? Ratio.one + band : Ratio.one - band
    let limit: Price
    do { limit = try mark.scaled(by: share) } catch { return }
    if side == .buy, price > limit { throw .priceAboveBand(price, limit: limit) }
    if side == .sell, price < limit { throw .priceBelowBand(price, limit: limit) }
  }

  private func checkParameters(
    _ request: PaperOrderRequest, _ instrument: Instrument
  ) throws(PaperRejection) {
    let closesAll = request.quantity.isZero && request.reduceOnly && request.closeOnTrigger
    if request.closesPosition {
      guard request.quantity.isZero, request.isConditional else { throw .badClosePosition }
    } else if !closesAll {
      try checkQuantity(
        request.quantity, kind: request.kind, isReducing: request.reduceOnly, instrument)
    }
    guard request.protection == .partial || request.stopLimit ?? request.targetLimit == nil else {
      throw .badProtectionSize
    }
    if request.trailing != nil, request.trigger != nil { throw .badTrailing }
    let prices = [
      request.limitPrice, request.trigger?.price, request.stop, request.target,
      request.stopLimit, request.targetLimit, request.trailing?.activation,
    ]
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
    if request.closesPosition { return .zero }
    let position = positions[PositionKey(request.symbol, request.slot)]
    guard let position, let side = position.side else {
      // A waiting order may be meant for a position that is still to come.
      if request.isConditional, request.quantity > .zero { return request.quantity }
      throw .reduceOnlyFlat
    }
    guard request.side == side.closing else { throw .reduceOnlySameSide }
    let isHedge = request.slot != .oneWay
    if isHedge, !settings.rules.cutsHedgeReductions, request.quantity > position.quantity {
      throw .reducesTooMuch(request.quantity, held: position.quantity)
    }
    return request.quantity.isZero
      ? position.quantity : min(request.quantity, position.quantity)
  }

  private func checkTriggers(_ request: PaperOrderRequest, base: Price) throws(PaperRejection) {
    if let trigger = request.trigger {
      let current = markets[request.symbol]?.price(of: trigger.source)
      // Not every feed tells the index: an order that nothing can set off is none.
      if current == nil, trigger.source == .index { throw .marketUnknown }
      if let current, trigger.isReached(at: current) {
        throw .triggerPassed(trigger, current: current)
      }
    }
    if let trailing = request.trailing, let instrument = instruments[request.symbol] {
      try checkTrailing(trailing, side: request.side, instrument)
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

  /// A trailing stop needs a distance, and must not arm at once where it names a price.
  func checkTrailing(
    _ trailing: PaperTrailing, side: Side, _ instrument: Instrument
  ) throws(PaperRejection) {
    guard trailing.isSound else { throw .badTrailing }
    if case .price(let distance) = trailing.distance {
      guard distance.isMultiple(of: instrument.tickSize) else { throw .priceOffTick(distance) }
    }
    guard let current = freshPrice(of: instrument.symbol, trailing.source) else {
      throw .marketUnknown
    }
    guard let activation = trailing.activation else { return }
    try checkPrice(activation, instrument)
    guard side == .sell ? activation > current : activation < current else {
      throw .activationPassed(activation, current: current)
    }
  }

  /// A price to trade by; nil while none has come since the account was taken up.
  func freshPrice(of symbol: Symbol, _ source: TriggerSource) -> Price? {
    guard let market = markets[symbol], !market.isStale else { return nil }
    return market.price(of: source)
  }

  private func isInUse(_ link: ClientOrderID) -> Bool {
    guard settings.rules.freesLinksOfEnded else { return usedLinks.contains(link) }
    return openOrders().contains { $0.link == link }
  }

  private func checkCounts(_ request: PaperOrderRequest) throws(PaperRejection) {
    let rules = settings.rules
    if request.isConditional {
      let scope = rules.conditionalLimitIsOfAccount ? nil : request.symbol
      let waiting = openOrders(of: scope).count { $0.isWaiting && !$0.stopKind.isChild }
      guard waiting < rules.conditionalOrderLimit else { throw .tooManyConditionalOrders }
    } else {
      let resting = (open[request.symbol] ?? []).count { !$0.isWaiting }
      guard resting < rules.activeOrderLimit else {
        throw .tooManyOrders
      }
      try checkBalance(request)
    }
  }
}
