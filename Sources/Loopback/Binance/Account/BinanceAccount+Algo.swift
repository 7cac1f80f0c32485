import Simulation
import TradingModel

// The Algo Service: conditional orders.

extension BinanceAccount {
  /// Conditional orders over all symbols.
  private static let mostAlgos = 200

  /// Ascending by number.
  func openAlgos(of symbol: Symbol? = nil) -> [BinanceAlgoOrder] {
    algos.filter { $0.status.isOpen && (symbol == nil || $0.symbol == symbol) }
  }

  func algo(_ number: Int64?, clientID: String?) -> BinanceAlgoOrder? {
    if let number { return algos.first { $0.number == number } }
    return algos.last { $0.clientID == clientID }
  }

  /// Takes a conditional order. No margin is checked before its trigger.
  /// - Returns: Its number.
  mutating func place(
    _ request: BinanceAlgoOrder.Request, at now: Timestamp
  ) throws(BinanceRefusal) -> Int64 {
    let open = openAlgos()
    guard open.count < Self.mostAlgos else { throw .tooManyStops }
    guard !open.contains(where: { $0.clientID == request.order.clientID }) else {
      throw .duplicateClientID
    }
    if request.order.closePosition {
      let isTaken = open.contains {
        $0.request.order.closePosition && $0.symbol == request.order.symbol
          && $0.request.order.side == request.order.side
          && $0.request.order.slot == request.order.slot
          && $0.request.kind.isStop == request.kind.isStop
      }
      guard !isTaken else { throw .closePositionTwice }
    }
    try checkTrigger(request)
    var request = request
    if let price = price(for: request.order) { _ = request.follow(price) }
    lastAlgo += 1
    let algo = BinanceAlgoOrder(number: lastAlgo, request, at: now)
    algos.append(algo)
    forgetAlgos()
    tellAlgo(algo, at: now)
    return algo.number
  }

  /// What would go off at once is refused.
  private func checkTrigger(_ request: BinanceAlgoOrder.Request) throws(BinanceRefusal) {
    guard let price = price(for: request.order) else { throw .emptyBook }
    if let activation = request.trail?.activation {
      let isBehind = request.order.side == .buy ? activation < price : activation > price
      guard isBehind else { throw .wouldTrigger }
    } else if request.trail == nil, request.isReached(at: price) {
      throw .wouldTrigger
    }
  }

  private func price(for request: BinanceOrder.Request) -> Price? {
    let market = venue.market(request.symbol)
    return request.workingType == .mark ? market?.valuation : market?.last
  }

  mutating func cancelAlgo(_ number: Int64, at now: Timestamp) throws(BinanceRefusal) {
    guard let algo = algo(number, clientID: nil), algo.status.isOpen else { throw .unknownOrder }
    endAlgo(number, .cancelled, at: now)
  }

  mutating func cancelAllAlgos(_ symbol: Symbol, at now: Timestamp) {
    for algo in openAlgos(of: symbol) { endAlgo(algo.number, .cancelled, at: now) }
  }

  /// Lets conditional orders hear a price, and sets off those whose time has come.
  mutating func hear(
    _ price: Price, _ source: BinanceWorkingType, of symbol: Symbol, at now: Timestamp
  ) {
    // By number: each that goes off may change those after it.
    for number in openAlgos(of: symbol).map(\.number) {
      guard let place = algos.firstIndex(where: { $0.number == number }),
        algos[place].status.isOpen, algos[place].request.order.workingType == source
      else { continue }
      if algos[place].request.follow(price) { setOff(number, at: now) }
    }
  }

  private mutating func setOff(_ number: Int64, at now: Timestamp) {
    endAlgo(number, .triggering, at: now) { $0.triggeredAt = now }
    guard var request = algo(number, clientID: nil)?.request.order else { return }
    if request.closePosition {
      let position = venue.position(PositionKey(request.symbol, request.slot))
      request.quantity = position?.quantity ?? .zero
      request.reduceOnly = true
    }
    do throws(BinanceRefusal) {
      guard !request.quantity.isZero else { throw .reduceOnly }
      let order = try place(request, algo: number, at: now)
      endAlgo(number, .triggered, at: now) { $0.orderNumber = order }
      finishAlgo(of: order, at: now)
    } catch {
      let status: BinanceAlgoOrder.Status = error == .reduceOnly ? .expired : .rejected
      endAlgo(number, status, at: now) { $0.reason = error.reason }
    }
  }

  /// Once the order that it placed is done, so is a conditional order.
  mutating func finishAlgo(of order: Int64, at now: Timestamp) {
    guard let order = self.order(order), !order.status.isOpen, let number = order.algoNumber,
      let algo = algo(number, clientID: nil), algo.status == .triggered
    else { return }
    endAlgo(number, .finished, at: now)
  }

  mutating func endAlgo(
    _ number: Int64, _ status: BinanceAlgoOrder.Status, at now: Timestamp,
    _ change: (inout BinanceAlgoOrder) -> Void = { _ in }
  ) {
    guard let place = algos.firstIndex(where: { $0.number == number }) else { return }
    change(&algos[place])
    algos[place].status = status
    algos[place].updatedAt = now
    tellAlgo(algos[place], at: now)
  }

  private mutating func forgetAlgos() {
    guard algos.count >= 4_000 else { return }
    let old = algos.prefix(2_000)
    algos = old.filter(\.status.isOpen) + algos.dropFirst(2_000)
  }
}
