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
