import TradingModel
import Transport

extension BinanceREST: OrderGateway {
  /// A client id is unique among open orders alone: one that has filled may be used again.
  public var refusesUsedIDs: Bool { false }

  /// The order, then its stop and target: Binance has no attached form. Once the order is accepted the
  /// answer is its id, whatever becomes of the rest: a position without a stop is protected or closed
  /// by whoever sees it.
  public nonisolated(nonsending) func place(
    _ order: OrderRequest
  ) async throws(VenueError) -> String {
    let accepted = try await newOrder(order)
    await protectEntry(order)
    return accepted.venueID
  }

  /// `DELETE /fapi/v1/order`, or of the algo service for the orders that live there.
  public func cancel(_ order: OrderReference) async throws(VenueError) {
    if let id = order.venueID.flatMap(AlgoOrder.id(in:)) {
      return try await cancelAlgoOrder(id: id, symbol: order.symbol)
    }
    if order.venueID == nil, let id = order.id, ProtectionIDs.role(of: id.text) != nil {
      return try await cancelAlgoOrder(clientID: id.text, symbol: order.symbol)
    }
    do throws(VenueError) {
      _ = try await cancelOrder(order)
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
  }

  /// Binance cancels by symbol: what is open is listed first. Listing costs little where the symbol is
  /// known, and the cancellation goes out even when it fails.
  public func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    // Of one symbol only what is counted, and so not worth what changes need.
    let plainUrgency: BinanceCall.Urgency = symbol == nil ? .closing : .verifying
    let algoUrgency = keepingProtection ? .closing : plainUrgency
    async let askedPlain = outcome { () async throws(VenueError) in
      try await self.openOrders(symbol: symbol, urgency: plainUrgency)
    }
    async let askedAlgo = outcome { () async throws(VenueError) in
      try await self.openAlgoOrders(symbol: symbol, urgency: algoUrgency)
    }
    let plain = await askedPlain
    let algo = await askedAlgo
    guard let symbol else {
      return try await cancel(try plain.get(), try algo.get(), keepingProtection: keepingProtection)
    }
    let count = try await cancel(
      Self.orNone(plain), Self.orNone(algo), keepingProtection: keepingProtection,
      evenIfNone: symbol)
    // What could not be listed may still be there.
    if keepingProtection { _ = try algo.get() }
    return count
  }

  /// Nothing where it failed: for lists that only help.
  private static func orNone<Row>(_ list: Result<[Row], VenueError>) -> [Row] {
    if case .success(let rows) = list { rows } else { [] }
  }

  /// - Parameter certain: A symbol that is cancelled even if nothing of it was listed.
  private func cancel(
    _ plain: [Order], _ algo: [AlgoOrder], keepingProtection: Bool,
    evenIfNone certain: Symbol? = nil
  ) async throws(VenueError) -> Int {
    let extra = certain.map { [$0] } ?? []
    for symbol in Set(plain.map(\.symbol) + extra).sorted() {
      try await cancelAllOrders(of: symbol)
    }
    guard keepingProtection else {
      for symbol in Set(algo.map(\.order.symbol) + extra).sorted() {
        try await cancelAllAlgoOrders(of: symbol)
      }
      return plain.count + algo.count
    }
    let entries = algo.filter { !$0.order.isProtective }
    for entry in entries { try await cancelAlgoOrder(id: entry.id, symbol: entry.order.symbol) }
    return plain.count + entries.count
  }

  /// `POST /fapi/v1/leverage`: whole numbers from 1.
  public func setLeverage(_ leverage: Ratio, for symbol: Symbol) async throws(VenueError) {
    let whole = leverage.wideCount / Ratio.one.wideCount
    guard whole >= 1, whole * Ratio.one.wideCount == leverage.wideCount else {
      throw .rejected(
        Rejection(
          code: -4028, reason: "leverage must be a whole number from 1, is \(leverage)",
          meaning: .leverage))
    }
    try await settle(
      .change(.post, "/fapi/v1/leverage", [("symbol", symbol.name), ("leverage", "\(whole)")]))
    memory.setLeverage(leverage, of: symbol)
  }

  /// `POST /fapi/v1/marginType`: on Binance for each symbol.
  public func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {
    try await settle(
      .change(
        .post, "/fapi/v1/marginType", [("symbol", symbol.name), ("marginType", "ISOLATED")]))
    memory.forgetSettings()
  }

  /// A change that may stand already.
  func settle(_ call: BinanceCall) async throws(VenueError) {
    do throws(VenueError) {
      _ = try await send(call)
    } catch .rejected(let rejection) where rejection.meaning == .notModified {
      return
    }
  }
}
