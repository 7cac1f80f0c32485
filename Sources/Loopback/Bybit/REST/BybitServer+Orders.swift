import Simulation
import TradingModel
import Transport

// Orders and executions.

extension BybitServer {
  /// Ended orders that `realtime` shows at most.
  private static let recentlyClosed = 500
  /// Orders that one `cancel-all` ends at most.
  private static let mostCancelledAtOnce = 500

  func createOrder(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let request = try BybitOrderReader(parameters: parameters).request()
    return Self.ids(
      of: try await carryOut { (venue, now) throws(PaperRejection) in
        try venue.place(request, at: now)
      })
  }

  /// Nothing that is not named changes. Source: Bybit V5 `POST /v5/order/amend`.
  func amendOrder(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let reference = try orderReference(parameters)
    let amendment = PaperAmendment(
      quantity: try parameters.amount("qty"), price: try parameters.price("price"),
      trigger: try parameters.price("triggerPrice"),
      stop: PaperLeg(try parameters.amount("stopLoss")),
      target: PaperLeg(try parameters.amount("takeProfit")))
    return Self.ids(
      of: try await carryOut { (venue, now) throws(PaperRejection) in
        try venue.amend(reference, amendment, at: now)
      })
  }

  private func orderReference(
    _ parameters: BybitParameters
  ) throws(BybitRefusal) -> OrderReference {
    try parameters.requireLinear()
    let (venueID, link) = parameters.reference
    guard venueID != nil || link != nil else { throw .missingID }
    return OrderReference(symbol: try parameters.requiredSymbol(), id: link, venueID: venueID)
  }

  /// What margin would be used after an order, without placing it. Rates in ten-thousandths.
  /// Source: Bybit V5 `POST /v5/order/pre-check`.
  func preCheckOrder(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let request = try BybitOrderReader(parameters: parameters).request()
    let answer = await exchange.read {
      (venue, now) -> Result<(PaperOrder, PaperWallet, PaperWallet), PaperRejection> in
      var imagined = venue
      do throws(PaperRejection) {
        let order = try imagined.place(request, at: now)
        return .success((order, venue.wallet(at: now), imagined.wallet(at: now)))
      } catch {
        return .failure(error)
      }
    }
    switch answer {
    case .success((let order, let before, let after)):
      guard before.marginMode != .isolated, request.trigger == nil else {
        throw BybitRefusal(10001, "params error: pre-check needs cross margin and no trigger")
      }
      func rate(_ rate: Ratio?) -> JSONValue { .integer((rate?.count ?? 0) / 10_000) }
      var result = Self.ids(of: order)
      result["preImrE4"] = rate(before.initialMarginRate)
      result["preMmrE4"] = rate(before.maintenanceMarginRate)
      result["postImrE4"] = rate(after.initialMarginRate)
      result["postMmrE4"] = rate(after.maintenanceMarginRate)
      return result
    case .failure(let rejection):
      var refusal = BybitRefusal(rejection)
      refusal.extra = [
        "future_order_id": "", "future_order_link_id": .string(request.link?.text ?? ""),
      ]
      throw refusal
    }
  }

  func cancelOrder(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let reference = try orderReference(parameters)
    return Self.ids(
      of: try await carryOut { (venue, now) throws(PaperRejection) in
        try venue.cancel(reference, at: now)
      })
  }

  func cancelAllOrders(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    guard !scope.isWholeAccount else { throw .missingScope }
    let filter: PaperVenue.CancelFilter =
      switch (parameters.text("orderFilter"), parameters.text("stopOrderType")) {
      case (nil, _): .all
      case ("Order", _): .active
      case ("StopOrder", nil): .conditional
      case ("StopOrder", "Stop"): .placedConditional
      case ("OpenOrder", _): .all
      default: throw .parameter("orderFilter")
      }
    let cancelled = try await carryOut { (venue, now) throws(PaperRejection) in
      guard scope.isInUSDT else { return [PaperOrder]() }
      if let symbol = scope.symbol, venue.instrument(symbol) == nil {
        throw .unknownSymbol
      }
      return venue.cancelAll(
        symbol: scope.symbol, filter: filter, most: Self.mostCancelledAtOnce, at: now)
    }
    return ["list": .array(cancelled.map { .object(Self.ids(of: $0)) }), "success": "1"]
  }

  /// Open orders, or an order by either id in any state, or those that ended lately.
  func openOrders(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    let (venueID, link) = parameters.reference
    let isByID = venueID != nil || link != nil
    guard isByID || !scope.isWholeAccount else { throw .missingScope }
    let wantsClosed = try parameters.integer("openOnly") == 1
    let orders = await exchange.read { (venue, _) in
      if isByID {
        return venue.openOrders() + venue.orderHistory
      }
      return wantsClosed
        ? Array(venue.orderHistory.suffix(Self.recentlyClosed)) : venue.openOrders()
    }
    return try page(of: orders, parameters, scope)
  }

  func orderHistory(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    let span = try BybitSpan(parameters)
    let status = parameters.text("orderStatus")
    let orders = await exchange.read { (venue, _) in venue.orderHistory }
      .filter { span.contains($0.createdAt) && (status == nil || status == $0.status.rawValue) }
    return try page(of: orders, parameters, scope)
  }

  func executions(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    let span = try BybitSpan(parameters)
    let (venueID, link) = parameters.reference
    let kind = parameters.text("execType")
    let (executions, entries) = await exchange.read { (venue, _) in
      (venue.executionHistory, venue.ledger.filter { $0.kind == .funding })
    }
    var items = executions.filter { execution in
      scope.contains(execution.order.symbol) && span.contains(execution.time)
        && (kind == nil || kind == execution.kind.rawValue)
        && (venueID.map { $0 == execution.order.id }
          ?? link.map { $0 == execution.order.link } ?? true)
    }.map(BybitExecutionItem.execution)
    if venueID == nil, link == nil, kind == nil || kind == "Funding" {
      items += entries.filter { entry in
        span.contains(entry.time) && entry.key.map { scope.contains($0.symbol) } ?? false
      }.map(BybitExecutionItem.funding)
    }
    let page = try BybitPage(
      items.sorted { $0.key > $1.key }, .descending,
      limit: try parameters.limit(standard: 50, most: 100), after: parameters.text("cursor"),
      key: \.key)
    return page.result { item in
      switch item {
      case .execution(let execution):
        row(of: execution.order.symbol) { BybitExecutionRow(execution, $0).rest }
      case .funding(let entry):
        BybitLedgerRow(entry, entry.key.flatMap { exchange.instrument($0.symbol) }).execution
      }
    }
  }

  /// Newest first. The venue's id wins over the client's, an id over a symbol.
  private func page(
    of orders: [PaperOrder], _ parameters: BybitParameters, _ scope: BybitScope
  ) throws(BybitRefusal) -> JSONObject {
    let (venueID, link) = parameters.reference
    let filter = parameters.text("orderFilter")
    let wanted = orders.filter { order in
      if let venueID { return order.id == venueID }
      guard scope.contains(order.symbol) else { return false }
      if let link { return order.link == link }
      switch filter {
      case "Order": return order.stopKind == .none
      case "StopOrder": return order.stopKind != .none
      default: return true
      }
    }
    let page = try BybitPage(
      wanted.sorted { $0.id > $1.id }, .descending,
      limit: try parameters.limit(standard: 20, most: 50), after: parameters.text("cursor"),
      key: \.id)
    return page.result { order in row(of: order.symbol) { BybitOrderRow(order, $0).rest } }
  }

  /// A row needs the rules of its contract, which is always listed.
  func row(of symbol: Symbol, _ make: (Instrument) -> JSONObject) -> JSONObject {
    exchange.instrument(symbol).map(make) ?? [:]
  }

  private static func ids(of order: PaperOrder) -> JSONObject {
    ["orderId": .string(order.id), "orderLinkId": .string(order.link?.text ?? "")]
  }
}

/// What `execution/list` lists.
private enum BybitExecutionItem {
  case execution(PaperExecution)
  case funding(PaperLedgerEntry)

  /// Sorts by time, and of one time by the order of the account.
  var key: String {
    switch self {
    case .execution(let execution): Self.key(execution.time, execution.number)
    case .funding(let entry): Self.key(entry.time, entry.number)
    }
  }

  private static func key(_ time: Timestamp, _ number: UInt64) -> String {
    BybitPage<Never>.name(of: UInt64(clamping: time.milliseconds))
      + BybitPage<Never>.name(of: number)
  }
}
