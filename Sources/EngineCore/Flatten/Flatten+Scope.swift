import TradingModel

// Which positions and orders a flatten is about.

extension Flatten {
  /// Losers and winners: known only when the account was read.
  var isSelective: Bool {
    switch order.scope {
    case .close(.losers, _), .close(.winners, _): true
    case .account, .close: false
    }
  }

  func isInScope(_ symbol: Symbol) -> Bool {
    !order.longterm.contains(symbol) && order.symbols.map { $0.contains(symbol) } ?? true
  }

  // MARK: Orders

  /// What can be cancelled before anything was read: everything at once where nothing is to be
  /// spared, else symbol by symbol.
  mutating func cancelKnownScope(_ scene: Scene) -> [Step] {
    if isPartial {
      let entries = isSelective ? [] : strayOrders(scene.account)
      let sent = isSelective ? [] : scene.entries.open.filter { isInScope($0.request.symbol) }
      return cancel(entries, and: sent, at: scene.now)
    }
    if let symbols = order.symbols {
      return cancel(symbols.filter { isInScope($0) }.sorted(), at: scene.now)
    }
    guard !isSelective else { return [] }
    if order.longterm.isEmpty { return cancel([nil], at: scene.now) }
    let known =
      strayOrders(scene.account).map(\.symbol)
      + scene.entries.open.map(\.request.symbol).filter(isInScope)
    return known.isEmpty ? [] : cancel(Set(known).sorted().map(Optional.some), at: scene.now)
  }

  mutating func cancel(_ scopes: [Symbol?], at now: Timestamp) -> [Step] {
    cancelsOpen = scopes
    cancelAskedAt = now
    nextCancelAt = now + .seconds(1)
    return scopes.map { .cancelAll($0) }
  }

  /// What a reading shows that must go.
  mutating func cancelStrays(_ strays: [Order], at now: Timestamp) -> [Step] {
    isPartial
      ? cancel(strays, and: [], at: now)
      : cancel(Set(strays.map(\.symbol)).sorted().map(Optional.some), at: now)
  }

  /// One by one: what else rests there stays.
  private mutating func cancel(
    _ orders: [Order], and sent: [EntryOrders.Entry], at now: Timestamp
  ) -> [Step] {
    let known = Set(orders.map(\.id))
    singlesOpen =
      orders.map(\.reference) + sent.filter { !known.contains($0.request.id) }.map(\.reference)
    guard !singlesOpen.isEmpty else { return [] }
    cancelAskedAt = now
    nextCancelAt = now + .seconds(1)
    return singlesOpen.map { .cancel($0) }
  }

  /// A part of each position is closed: what guards or reduces the rest stays.
  var isPartial: Bool { order.share < .one }

  /// Open orders that could open something or stand in the way.
  func strayOrders(_ account: AccountView) -> [Order] {
    account.sortedOrders.filter { order in
      guard !order.isProtective, isPartial ? order.mayOpen || isInTheWay(order) : true else {
        return false
      }
      return isSelective
        ? targets.contains { $0.key.symbol == order.symbol } : isInScope(order.symbol)
    }
  }

  /// A limit that reduces the position whose close was refused: together they may be more than it
  /// holds. An engine's own are made smaller by the engine.
  private func isInTheWay(_ order: Order) -> Bool {
    !TargetOrders.isTarget(order)
      && targets.contains {
        $0.key == PositionKey(order.symbol, order.slot) && !$0.item.left.isZero
          && $0.item.side.closing == order.side && $0.item.failure?.isReduceOnlyRefusal == true
      }
  }

  /// Entries of ours that may still open what is to be closed: without an answer, of unknown fate,
  /// or ended later than that reading knows.
  func entriesUnderWay(_ scene: Scene, after reading: UInt64) -> [EntryOrders.Entry] {
    scene.entries.unsettled(after: reading).filter { entry in
      isSelective
        ? targets.contains { $0.key.symbol == entry.request.symbol }
        : isInScope(entry.request.symbol)
    }
  }

  /// Stops and targets of positions that are closed.
  func leftoverProtection(_ account: AccountView) -> [Order] {
    account.sortedOrders.filter { protection in
      let key = PositionKey(protection.symbol, protection.slot)
      guard protection.isProtective, account.positions[key] == nil else { return false }
      return order.isAccountWide
        ? isInScope(protection.symbol) : targets.contains { $0.key == key }
    }
  }

  // MARK: Positions

  /// The positions of the first reading: whatever prices do afterwards, these are meant.
  mutating func fixScope(_ scene: Scene) -> [Step] {
    isScopeFixed = true
    nameWhatIsLeftAlone(scene)
    for position in scene.account.sortedPositions
    where isMeant(position) && !targets.contains(where: { $0.key == position.key }) {
      add(position, scene: scene)
    }
    for key in doneBefore where !targets.contains(where: { $0.key == key }) {
      addFlat(key, scene: scene)
    }
    for symbol in (order.symbols ?? []).sorted()
    where isInScope(symbol) && !targets.contains(where: { $0.key.symbol == symbol }) {
      addFlat(PositionKey(symbol), scene: scene)
    }
    report.items = targets.map(\.item)
    guard cancelAskedAt == nil else { return [] }
    let strays = strayOrders(scene.account)
    report.ordersToCancel = strays.count
    return cancelStrays(strays, at: scene.now)
  }

  /// Flat does not mean these: the report must not read as if it did.
  private mutating func nameWhatIsLeftAlone(_ scene: Scene) {
    let spared = scene.account.sortedPositions.map(\.symbol).filter {
      order.longterm.contains($0) && order.symbols?.contains($0) ?? true
    }
    guard !spared.isEmpty else { return }
    warn("left alone as longterm: \(Set(spared).sorted().map(\.name).joined(separator: ", "))")
  }

  /// What appears meanwhile in a whole scope has to go, too: an entry that filled late.
  mutating func addLateArrivals(_ scene: Scene) {
    guard order.share == .one, !isSelective else { return }
    for position in scene.account.sortedPositions
    where isInScope(position.symbol) && !targets.contains(where: { $0.key == position.key }) {
      add(position, scene: scene)
    }
  }

  private mutating func isMeant(_ position: Position) -> Bool {
    guard isInScope(position.symbol) else { return false }
    guard case .close(let scope, _) = order.scope, isSelective else { return true }
    guard
      let profit = position.unrealised ?? position.markPrice.map({ position.profit(at: $0) })
    else {
      warn("\(position.key): whether it wins or loses is not known, left alone")
      return false
    }
    return scope == .losers ? profit < .zero : profit > .zero
  }

  private mutating func add(_ position: Position, scene: Scene) {
    let closed = closedBefore(position.key)
    let keep = kept(
      of: sum(position.quantity, closed), instrument: scene.instruments[position.symbol])
    insert(FlattenTarget(position, keep: keep, closedBefore: closed, at: scene.now))
  }

  private mutating func addFlat(_ key: PositionKey, scene: Scene) {
    let fill = ownFills.first { PositionKey($0.symbol, $0.slot) == key }
    let side: PositionSide = fill?.side == .buy ? .short : .long
    let trip = scene.book.latestTrip(of: key, side: side)
    insert(
      FlattenTarget(
        flat: key, side: side, entry: trip?.averageEntry ?? fill?.price ?? .zero,
        closed: closedBefore(key), at: scene.now))
  }

  private mutating func insert(_ target: FlattenTarget) {
    // A share of what is there is for the positions of the first reading only.
    var target = target
    for fill in ownFills where PositionKey(fill.symbol, fill.slot) == target.key {
      book(fill, in: &target)
    }
    targets.append(target)
    targets.sort { $0.key < $1.key }
  }

  /// What stays open of `whole`.
  private func kept(of whole: Quantity, instrument: Instrument?) -> Quantity {
    difference(whole, whole.closing(order.share, under: instrument)) ?? .zero
  }

  // MARK: What was done before a restart

  /// Slots that this very command has closed already, in whole or in part.
  private var doneBefore: [PositionKey] {
    guard order.isResumed else { return [] }
    return Set(fills.values.map { PositionKey($0.symbol, $0.slot) }).sorted()
  }

  private func closedBefore(_ key: PositionKey) -> Quantity {
    guard order.isResumed else { return .zero }
    return ownFills.filter { PositionKey($0.symbol, $0.slot) == key }
      .reduce(.zero) { sum($0, $1.closedQuantity) }
  }

  /// In the order of their ids.
  private var ownFills: [Fill] { fills.keys.sorted().compactMap { fills[$0] } }
}
