import EngineCore
import TestSupport
import TradingModel

/// A venue made of values: it answers every effect at once, as a test has told it to.
struct ScriptedAccount {
  var balance: Notional = "10000"
  var prices: [Symbol: Price] = ["BTCUSDT": "60000", "ETHUSDT": "3000"]
  var positions: [PositionKey: Position] = [:]
  var orders: [Order] = []
  var fills: [Fill] = []
  /// Executions that the first question for them does not find yet.
  var lateFills: [Fill] = []
  /// So many readings of executions fail yet.
  var failsFills = 0

  // How it misbehaves
  var entryError: VenueError?
  /// One is used up with each entry.
  var entryErrors: [VenueError] = []
  /// Entries get no answer.
  var hangsEntries = false
  /// Where entries fill, when that is not the price.
  var entryPrice: Price?
  /// For closes, by symbol; the first is used up with each close unless `isStubborn`.
  var closeErrors: [Symbol: [VenueError]] = [:]
  var isStubborn = false
  /// A close fills at most this much.
  var closesAtMost: Quantity?
  var protectError: VenueError?
  /// One is used up with each stop that is to be set.
  var protectErrors: [VenueError] = []
  /// What is to be set gets no answer.
  var hangsProtections = false
  /// Stops are acknowledged, and no reading shows them.
  var hidesStops = false
  /// Takes the fill of an entry, but not its stop.
  var dropsStops = false
  var readError: VenueError?
  /// Positions and orders are read, and the wallet is not.
  var walletError: VenueError?
  /// Contracts in another quote, and such as end on a date: no stream tells of them.
  var foreign: [PositionKey: Position] = [:]
  var prepareError: VenueError?
  /// Leaves leverage and margin mode unanswered.
  var holdsPreparations = false
  /// What a preparation reads; nil is not told.
  var positionMode: PositionMode?
  var transfers: [Transfer] = []
  var funding: [FundingPayment] = []
  /// As the market will have made them; what is not closed yet is not told.
  var candles: [Symbol: [Candle]] = [:]
  var transfersError: VenueError?
  /// Executions do not say which leg they belong to.
  var hidesSlots = false
  /// The private stream is cut: nothing is told but by readings.
  var isStreamSilent = false
  var initialMargin: Notional?
  /// Every position ties up its whole size, as at a leverage of one.
  var tiesUpWholeSize = false

  private(set) var placed: [OrderRequest] = []
  private(set) var protections: [ProtectionChange] = []
  private var executions = 0

  var unrealised: Notional {
    positions.values.reduce(Notional.zero) { $0 + ($1.unrealised ?? .zero) }
  }

  mutating func open(
    _ symbol: Symbol, _ side: PositionSide = .long, _ quantity: Quantity, at entry: Price? = nil,
    slot: PositionSlot = .oneWay, stop: Price? = nil, now: Timestamp
  ) {
    let price = prices[symbol] ?? "1"
    let key = PositionKey(symbol, slot)
    positions[key] = Position(
      key: key, side: side, quantity: quantity, entryPrice: entry ?? price, markPrice: price,
      leverage: .times(3), stop: stop, createdAt: now, updatedAt: now)
    mark(now)
  }

  mutating func move(_ symbol: Symbol, to price: Price, now: Timestamp) {
    prices[symbol] = price
    mark(now)
  }

  private mutating func mark(_ now: Timestamp) {
    for key in positions.keys {
      guard let price = prices[key.symbol], let position = positions[key] else { continue }
      positions[key]?.markPrice = price
      positions[key]?.unrealised = position.profit(at: price)
      positions[key]?.updatedAt = now
    }
  }

  func wallet(at now: Timestamp) -> Wallet {
    var wallet = Wallet.example(equity: balance + unrealised, at: now)
    wallet.balance = balance
    let sizes = positions.values.reduce(Notional.zero) { $0 + $1.notional }
    wallet.initialMargin = initialMargin ?? (tiesUpWholeSize ? sizes : "0")
    return wallet
  }

  func reading(at now: Timestamp) -> AccountReading {
    AccountReading(
      wallet: walletError == nil ? wallet(at: now) : nil, walletTrouble: walletError,
      positions: positions.values.sorted { $0.key < $1.key }, orders: orders,
      foreign: AccountReading.Foreign(positions: foreign.values.sorted { $0.key < $1.key }),
      startedAt: now, time: now)
  }

  /// A position in a contract that does not trade here.
  mutating func openForeign(_ symbol: Symbol, _ quantity: Quantity, now: Timestamp) {
    let key = PositionKey(symbol)
    foreign[key] = Position(
      key: key, side: .long, quantity: quantity, entryPrice: "100", markPrice: "100",
      createdAt: now, updatedAt: now)
  }

  /// An execution that only a reading tells.
  mutating func tell(_ fill: Fill) { fills.append(fill) }

  // MARK: Answers

  mutating func answers(to effect: Effect, at now: Timestamp) -> [EngineEvent.Body] {
    switch effect {
    case .place(let order): place(order.request, now)
    case .reduce(let order): reduce(order.request, now)
    case .protect(let protection): protect(protection.change)
    case .cancel(let reference): cancel(reference)
    case .cancelAll(let symbol, let keeping): cancelAll(symbol, keepingProtection: keeping)
    case .prepare where holdsPreparations: []
    case .prepare(let symbol, let leverage):
      [
        .answer(
          prepareError.map { .notPrepared(symbol, $0) }
            ?? .prepared(symbol, leverage: leverage, mode: positionMode))
      ]
    case .readAccount(let ticket):
      [
        .answer(
          readError.map { .accountNotRead(ticket, $0) } ?? .accountRead(ticket, reading(at: now)))
      ]
    case .readFills(let start):
      if failsFills > 0 {
        failFills()
      } else {
        [.answer(.fillsRead(found(since: start), since: start))]
      }
    case .readLedger(let start):
      [
        .answer(
          transfersError.map { .ledgerNotRead($0) }
            ?? .ledgerRead(
              AccountLedger(
                transfers: transfers.filter { $0.time >= start },
                funding: funding.filter { $0.time >= start })))
      ]
    case .readCandles(let request):
      [
        .answer(
          candles[request.symbol].map {
            .candlesRead(request, Array($0.filter { $0.closeTime <= now }.suffix(request.count)))
          } ?? .candlesNotRead(request, .unreachable("no route")))
      ]
    case .mark(let mark): [.answer(.reached(mark))]
    case .record, .alert, .progress, .writeStateFile, .callBack: []
    }
  }

  private mutating func failFills() -> [EngineEvent.Body] {
    failsFills -= 1
    return [.answer(.fillsNotRead(.unreachable("timed out")))]
  }

  private mutating func found(since start: Timestamp) -> [Fill] {
    defer {
      fills += lateFills
      lateFills = []
    }
    return fills.filter { $0.time >= start }
  }

  private mutating func place(_ request: OrderRequest, _ now: Timestamp) -> [EngineEvent.Body] {
    placed.append(request)
    if hangsEntries { return [] }
    if !entryErrors.isEmpty {
      return [.answer(.notPlaced(request, entryErrors.removeFirst()))]
    }
    if entryError == .outcomeUnknown { return [.answer(.placementUnknown(request))] }
    if let entryError { return [.answer(.notPlaced(request, entryError))] }
    let price = entryPrice ?? prices[request.symbol] ?? "1"
    let key = PositionKey(request.symbol, request.slot)
    open(
      request.symbol, request.side == .buy ? .long : .short, request.quantity, at: price,
      slot: request.slot, stop: dropsStops ? nil : request.stop, now: now)
    positions[key]?.target = dropsStops ? nil : request.target
    let fill = execute(request, request.quantity, at: price, closes: .zero, now)
    return [.answer(.placed(request, venueID: "v-\(request.id)"))]
      + told([.fill(fill), .position(key, positions[key], at: now)])
  }

  private mutating func reduce(_ request: OrderRequest, _ now: Timestamp) -> [EngineEvent.Body] {
    placed.append(request)
    if let error = closeErrors[request.symbol]?.first {
      if !isStubborn { closeErrors[request.symbol]?.removeFirst() }
      return [
        .answer(
          error == .outcomeUnknown
            ? .placementUnknown(request)
            : .notPlaced(request, error))
      ]
    }
    let key = PositionKey(request.symbol, request.slot)
    if foreign.removeValue(forKey: key) != nil {
      return [.answer(.placed(request, venueID: "v-\(request.id)"))]
    }
    guard var position = positions[key] else {
      return [.answer(.notPlaced(request, .reduceOnly))]
    }
    if case .limit = request.kind { return rest(request, now) }
    let quantity = min(request.quantity, position.quantity, closesAtMost ?? request.quantity)
    let price = prices[request.symbol] ?? "1"
    do { position.quantity = try position.quantity - quantity } catch { return [] }
    do {
      var part = position
      part.quantity = quantity
      balance += part.profit(at: price)
    }
    positions[key] = position.quantity.isZero ? nil : position
    mark(now)
    let fill = execute(request, quantity, at: price, closes: quantity, now)
    var order = Order(
      id: request.id, venueID: "v-\(request.id)", symbol: request.symbol, slot: request.slot,
      side: request.side, quantity: request.quantity, filled: quantity, kind: .market,
      reduceOnly: true, status: .filled, createdAt: now, updatedAt: now)
    if quantity < request.quantity { order.status = .cancelled }
    return [.answer(.placed(request, venueID: order.venueID))]
      + told([.fill(fill), .position(key, positions[key], at: now), .order(order)])
  }

  private mutating func rest(_ request: OrderRequest, _ now: Timestamp) -> [EngineEvent.Body] {
    let order = Order(
      id: request.id, venueID: "v-\(request.id)", symbol: request.symbol, slot: request.slot,
      side: request.side, quantity: request.quantity, kind: request.kind, reduceOnly: true,
      status: .new, createdAt: now, updatedAt: now)
    orders.append(order)
    return [.answer(.placed(request, venueID: order.venueID))] + told([.order(order)])
  }

  /// The market takes a limit that rests, or the first `part` of it. What the stream tells of it.
  mutating func take(
    _ id: ClientOrderID, part: Quantity? = nil, now: Timestamp
  ) -> [EngineEvent.Body] {
    guard let place = orders.firstIndex(where: { $0.id == id }) else { return [] }
    var order = orders[place]
    let key = PositionKey(order.symbol, order.slot)
    guard case .limit(let price, _) = order.kind, var position = positions[key] else { return [] }
    let quantity = part ?? order.quantity
    do {
      order.filled = try order.filled + quantity
      position.quantity = try position.quantity - quantity
    } catch {
      return []
    }
    order.status = order.filled == order.quantity ? .filled : .partiallyFilled
    order.updatedAt = now
    orders[place] = order
    if !order.status.isOpen { orders.remove(at: place) }
    positions[key] = position.quantity.isZero ? nil : position
    mark(now)
    let request = OrderRequest(
      id: order.id, symbol: order.symbol, slot: order.slot, side: order.side,
      quantity: order.quantity, kind: order.kind, reduceOnly: true)
    let fill = execute(request, quantity, at: price, closes: quantity, now)
    return told([.order(order), .fill(fill), .position(key, positions[key], at: now)])
  }

  private mutating func execute(
    _ request: OrderRequest, _ quantity: Quantity, at price: Price, closes: Quantity,
    _ now: Timestamp
  ) -> Fill {
    executions += 1
    let fill = Fill(
      executionID: "x\(executions)", orderID: request.id, venueOrderID: "v-\(request.id)",
      symbol: request.symbol, slot: hidesSlots ? .oneWay : request.slot, side: request.side,
      price: price, quantity: quantity, fee: "0.1", closedQuantity: closes, time: now)
    fills.append(fill)
    return fill
  }

  private func told(_ events: [AccountEvent]) -> [EngineEvent.Body] {
    isStreamSilent ? [] : events.map { .account($0) }
  }

  private mutating func protect(_ change: ProtectionChange) -> [EngineEvent.Body] {
    protections.append(change)
    if hangsProtections { return [] }
    if !protectErrors.isEmpty {
      return [.answer(.notProtected(change, protectErrors.removeFirst()))]
    }
    if let protectError { return [.answer(.notProtected(change, protectError))] }
    if hidesStops { return [.answer(.protected(change))] }
    if let stop = change.stop { positions[change.key]?.stop = stop }
    if let target = change.target { positions[change.key]?.target = target }
    return [.answer(.protected(change))]
  }

  private mutating func cancel(_ reference: OrderReference) -> [EngineEvent.Body] {
    orders.removeAll { $0.venueID == reference.venueID || $0.id == reference.id }
    return [.answer(.cancelled(reference))]
  }

  private mutating func cancelAll(
    _ symbol: Symbol?, keepingProtection: Bool
  ) -> [EngineEvent.Body] {
    let before = orders.count
    orders.removeAll {
      (symbol == nil || $0.symbol == symbol) && !($0.isProtective && keepingProtection)
    }
    return [.answer(.cancelledAll(symbol: symbol, count: before - orders.count))]
  }
}

extension VenueError {
  static func rejected(_ meaning: Rejection.Meaning, code: Int = 110_000) -> VenueError {
    .rejected(Rejection(code: code, reason: "\(meaning)", meaning: meaning))
  }

  static let reduceOnly = rejected(.reduceOnlyRefused, code: 110_017)
}

extension Order {
  static func resting(
    _ symbol: Symbol, id: String = "", venueID: String, side: Side = .buy,
    role: Order.Role = .placed, trigger: Price? = nil, at now: Timestamp = .noon
  ) -> Order {
    Order(
      id: ClientOrderID(id), venueID: venueID, symbol: symbol, side: side, quantity: "0.1",
      kind: .limit("100", .goodTillCancelled), reduceOnly: role != .placed, triggerPrice: trigger,
      role: role, status: role == .placed ? .new : .untriggered, createdAt: now, updatedAt: now)
  }
}

extension PositionKey: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(Symbol(venueName: name)) }
}
