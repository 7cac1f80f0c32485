import Simulation
import TradingModel
import Transport

/// What people do to the loopback venues: move the market, trade by hand, make calls fail.
public struct VenueControl: Sendable {
  private let exchange: LoopbackExchange
  private let faults: FaultPlan
  private let streams: BybitStreamServer

  public init(_ exchange: LoopbackExchange, faults: FaultPlan, streams: BybitStreamServer) {
    self.exchange = exchange
    self.faults = faults
    self.streams = streams
  }

  public var routes: [ControlRoute] {
    [
      route("GET", "market", "prices, pause and speed", showMarket),
      route("POST", "market", "paused (true or false), speed", setMarket),
      route("POST", "jump", "moves a price at once: symbol (all without one), percent", jump),
      route(
        "GET", "account", "wallet, positions and open orders, as Bybit shows them", showAccount),
      route("POST", "open", "opens by hand: symbol, side, quantity or notional, leverage", open),
      route("POST", "close", "closes by hand: symbol (all without one)", close),
      route("POST", "deposit", "pays in, or out below zero: amount", deposit),
      route("POST", "instrument", "stops a contract or lets it go on: symbol, trading", setTrading),
      route("POST", "cancel", "cancels orders by hand: symbol (all without one)", cancel),
    ] + BybitControl(streams, faults: faults).routes
  }

  @Sendable private func cancel(_ request: ControlRequest) async throws -> JSONValue {
    let symbol = try symbol(request)
    let orders = try await exchange.carryOut { (venue, now) throws(PaperRejection) in
      venue.cancelAll(symbol: symbol, at: now)
    }
    return ["cancelled": .array(orders.map(Self.json))]
  }

  private func route(
    _ method: String, _ path: String, _ summary: String,
    _ deed: @escaping @Sendable (ControlRequest) async throws -> JSONValue
  ) -> ControlRoute {
    ControlRoute(method, path, summary) { (request) throws(ControlError) in
      do {
        return .json(try await deed(request))
      } catch let error as ControlError {
        throw error
      } catch let rejection as PaperRejection {
        throw ControlError("\(rejection.bybit.code): \(rejection.bybit.reason)")
      } catch {
        throw ControlError("\(error)", status: 500)
      }
    }
  }

  // MARK: The market

  @Sendable private func showMarket(_ request: ControlRequest) async throws -> JSONValue {
    let boards = await exchange.bybit.symbols
    return [
      "paused": .bool(await exchange.isPaused), "speed": JSONValue(await exchange.speed),
      "symbols": .array(
        boards.map { board in
          [
            "symbol": .string(board.symbol.name), "last": JSONValue(board.last),
            "mark": JSONValue(board.mark),
          ]
        }),
    ]
  }

  @Sendable private func setMarket(_ request: ControlRequest) async throws -> JSONValue {
    if let speed = try request.optionalAmount("speed", as: Ratio.self) {
      guard await exchange.setSpeed(speed) else { throw ControlError("speed must be above 0") }
    }
    if let isPaused = try request.optionalBool("paused") { await exchange.setPaused(isPaused) }
    return try await showMarket(request)
  }

  @Sendable private func jump(_ request: ControlRequest) async throws -> JSONValue {
    guard let percent = try request.optionalAmount("percent", as: Notional.self) else {
      throw ControlError("percent is missing")
    }
    let share: Ratio
    do {
      share = try Ratio(percent: percent.description)
    } catch {
      throw ControlError("percent: \(error)")
    }
    let symbols = try symbol(request).map { [$0] } ?? exchange.instruments.map(\.symbol)
    let before = await exchange.bybit
    let moved = await exchange.jump(symbols, by: share)
    guard !moved.isEmpty else {
      throw ControlError("nothing here has a price that can move by \(percent)%")
    }
    let after = await exchange.bybit
    let rows = moved.map { symbol -> JSONValue in
      [
        "symbol": .string(symbol.name), "before": JSONValue(before[symbol]?.last),
        "last": JSONValue(after[symbol]?.last),
      ]
    }
    return ["moved": .array(rows)]
  }

  @Sendable private func setTrading(_ request: ControlRequest) async throws -> JSONValue {
    guard let symbol = try symbol(request) else { throw ControlError("symbol is missing") }
    guard let isTrading = try request.optionalBool("trading") else {
      throw ControlError("trading must be true or false")
    }
    _ = await exchange.setTrading(isTrading, of: symbol)
    return ["symbol": .string(symbol.name), "trading": .bool(isTrading)]
  }

  // MARK: The account

  @Sendable private func showAccount(_ request: ControlRequest) async throws -> JSONValue {
    let (wallet, reports, orders) = await exchange.read { (venue, now) in
      (
        venue.wallet(at: now), venue.openPositions().map { PositionReport($0, on: venue) },
        venue.openOrders()
      )
    }
    func rows<Item>(_ items: [Item], _ row: (Item) -> JSONObject?) -> JSONValue {
      .array(items.compactMap(row).map { .object($0) })
    }
    return [
      "wallet": .object(BybitWalletRow(wallet).row),
      "positions": rows(reports) { report in
        exchange.instrument(report.position.key.symbol).map { BybitPositionRow(report, $0).rest }
      },
      "orders": rows(orders) { order in
        exchange.instrument(order.symbol).map { BybitOrderRow(order, $0).rest }
      },
    ]
  }

  @Sendable private func open(_ request: ControlRequest) async throws -> JSONValue {
    guard let symbol = try symbol(request) else { throw ControlError("symbol is missing") }
    guard let side = PositionSide(rawValue: try request.string("side").lowercased()) else {
      throw ControlError("side must be long or short")
    }
    let quantity = try request.optionalAmount("quantity", as: Quantity.self)
    let notional = try request.optionalAmount("notional", as: Notional.self)
    let size: HandSize
    switch (quantity, notional) {
    case (let quantity?, nil): size = .quantity(quantity)
    case (nil, let notional?): size = .notional(notional)
    default: throw ControlError("give quantity or notional, one of them")
    }
    let order = try await exchange.open(
      symbol, side: side, size: size,
      leverage: try request.optionalAmount("leverage", as: Ratio.self))
    return Self.json(of: order)
  }

  @Sendable private func close(_ request: ControlRequest) async throws -> JSONValue {
    let orders = try await exchange.close(try symbol(request))
    return ["closed": .array(orders.map(Self.json))]
  }

  @Sendable private func deposit(_ request: ControlRequest) async throws -> JSONValue {
    guard let amount = try request.optionalAmount("amount", as: Notional.self) else {
      throw ControlError("amount is missing")
    }
    try await exchange.transfer(amount)
    let wallet = await exchange.read { (venue, now) in venue.wallet(at: now) }
    return ["balance": JSONValue(wallet.balance)]
  }

  private static func json(of order: PaperOrder) -> JSONValue {
    [
      "order": .string(order.id), "symbol": .string(order.symbol.name),
      "side": .string(order.side.rawValue), "quantity": JSONValue(order.quantity),
      "price": JSONValue(order.averagePrice), "status": .string(order.status.rawValue),
    ]
  }

  private func symbol(_ request: ControlRequest) throws(ControlError) -> Symbol? {
    guard let text = try request.optionalString("symbol") else { return nil }
    guard let symbol = Symbol(text), exchange.instrument(symbol) != nil else {
      throw ControlError("there is no \(text) on this market: GET /control/market lists it")
    }
    return symbol
  }
}

extension ControlRequest {
  /// An exact amount, written as a number or as a text; nil when it is missing or empty.
  func optionalAmount<Amount: ExactAmount>(
    _ key: String, as type: Amount.Type = Amount.self
  ) throws(ControlError) -> Amount? {
    guard let value = self[key] else { return nil }
    do throws(JSONError) {
      return try value.optionalAmount()
    } catch {
      throw ControlError("\(key): \(error)")
    }
  }
}
