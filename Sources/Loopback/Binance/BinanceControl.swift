import Simulation
import TradingModel
import Transport

/// What people do to the loopback Binance: trade by hand, pay in, add keys, end keys and connections.
public struct BinanceControl: Sendable {
  private let venue: BinanceVenue
  private let streams: BinanceStreamServer

  public init(_ venue: BinanceVenue, streams: BinanceStreamServer) {
    self.venue = venue
    self.streams = streams
  }

  public var routes: [ControlRoute] {
    [
      route("GET", "account", "wallet, positions, orders and conditional orders", showAccount),
      route("POST", "open", "opens by hand: symbol, side, quantity or notional", open),
      route("POST", "close", "closes by hand: symbol (all without one)", close),
      route("POST", "deposit", "pays in, or out below zero: amount", deposit),
      route("POST", "keys", "opens the account to an RSA or Ed25519 key: public_key (PEM)", addKey),
      route("POST", "expire", "ends the listen key, and says so on its streams") { _ in
        try venue.carryOut { (state, now) throws(BinanceRefusal) in
          state.account.expireListenKey(at: now)
        }
        return ["done": true]
      },
      route("POST", "cut", "cuts the user data streams without a word") { _ in
        streams.cutAccount()
        return ["done": true]
      },
      route("POST", "end", "closes every stream as after 24 hours") { _ in
        streams.endLives()
        return ["done": true]
      },
      route("POST", "ban", "bans the address: ms (120000); 0 forgives", ban),
    ]
  }

  private func route(
    _ method: String, _ path: String, _ summary: String,
    _ deed: @escaping @Sendable (ControlRequest) throws -> JSONValue
  ) -> ControlRoute {
    ControlRoute(method, "binance/\(path)", "Binance: \(summary)") {
      (request) throws(ControlError) in
      do {
        return .json(try deed(request))
      } catch let error as ControlError {
        throw error
      } catch let refusal as BinanceRefusal {
        throw ControlError("\(refusal.code): \(refusal.reason)")
      } catch {
        throw ControlError("\(error)", status: 500)
      }
    }
  }

  @Sendable private func showAccount(_ request: ControlRequest) throws -> JSONValue {
    try venue.read { (state, now) throws(BinanceRefusal) in
      let account = state.account
      let rows = BinanceAccountRows(account, at: now)
      return [
        "wallet": rows.balances[0] ?? .null,
        "positions": .array(
          account.reports(at: now, onlyUsed: true).compactMap { report in
            rows.row(report) { $0.risk }
          }),
        "orders": .array(
          account.openOrders().compactMap { order in
            account.instruments[order.symbol].map { .object(BinanceOrderRow(order, $0).query) }
          }),
        "algo_orders": .array(
          account.openAlgos().compactMap { algo in
            account.instruments[algo.symbol].map {
              .object(BinanceAlgoRow(algo, placed: nil, $0).query)
            }
          }),
      ]
    }
  }

  @Sendable private func open(_ request: ControlRequest) throws -> JSONValue {
    guard let symbol = try symbol(request) else { throw ControlError("symbol is missing") }
    guard let side = PositionSide(rawValue: try request.string("side").lowercased()) else {
      throw ControlError("side must be long or short")
    }
    let quantity = try request.optionalAmount("quantity", as: Quantity.self)
    let notional = try request.optionalAmount("notional", as: Notional.self)
    guard (quantity == nil) != (notional == nil) else {
      throw ControlError("give quantity or notional, one of them")
    }
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      let size: Quantity
      if let quantity {
        size = quantity
      } else {
        size = try Self.quantity(of: notional ?? .zero, symbol, state.account)
      }
      let order = try state.account.carryOut { (venue) throws(PaperRejection) in
        try venue.openByHand(symbol, side: side, quantity: size, at: now)
      }
      state.account.settle(at: now)
      return [
        "order": .integer(state.account.order(paperID: order.id)?.number ?? 0),
        "quantity": JSONValue(order.filled), "price": JSONValue(order.averagePrice),
      ]
    }
  }

  private static func quantity(
    of notional: Notional, _ symbol: Symbol, _ account: BinanceAccount
  ) throws(BinanceRefusal) -> Quantity {
    guard let price = account.venue.market(symbol)?.last,
      let step = account.instruments[symbol]?.quantityStep
    else { throw .emptyBook }
    do {
      return try notional.quantity(at: price).roundedDown(toMultipleOf: step)
    } catch {
      throw .quantityTooLarge
    }
  }

  @Sendable private func close(_ request: ControlRequest) throws -> JSONValue {
    let symbol = try symbol(request)
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      var closed: [JSONValue] = []
      for position in state.account.venue.openPositions(of: symbol) {
        guard let side = position.side else { continue }
        let order = try state.account.carryOut { (venue) throws(PaperRejection) in
          try venue.place(
            PaperOrderRequest(
              symbol: position.key.symbol, slot: position.key.slot, side: side.closing,
              quantity: position.quantity, reduceOnly: true), at: now)
        }
        closed.append(
          ["symbol": .string(order.symbol.name), "quantity": JSONValue(order.filled)])
      }
      state.account.settle(at: now)
      return ["closed": .array(closed)]
    }
  }

  @Sendable private func deposit(_ request: ControlRequest) throws -> JSONValue {
    guard let amount = try request.optionalAmount("amount", as: Notional.self) else {
      throw ControlError("amount is missing")
    }
    return try venue.carryOut { (state, now) throws(BinanceRefusal) in
      try state.account.transfer(amount, at: now)
      return ["balance": JSONValue(state.account.money(at: now).balance)]
    }
  }

  @Sendable private func addKey(_ request: ControlRequest) throws -> JSONValue {
    let text = try request.string("public_key")
    let key: VerifyingKey
    do throws(SigningKeyError) {
      key = try VerifyingKey(pem: text)
    } catch {
      throw ControlError("public_key: \(error)")
    }
    return try venue.carryOut { (state, _) throws(BinanceRefusal) in
      let name = state.account.makeID(length: 64)
      venue.authority.add(name, key)
      return ["api_key": .string(name), "kind": .string(key.kind.rawValue)]
    }
  }

  @Sendable private func ban(_ request: ControlRequest) throws -> JSONValue {
    let length = try request.optionalInteger("ms") ?? 120_000
    if length > 0 {
      venue.gate.ban(for: .milliseconds(length), at: venue.clock.now)
    } else {
      venue.gate.forgive()
    }
    return ["done": true]
  }

  private func symbol(_ request: ControlRequest) throws(ControlError) -> Symbol? {
    guard let text = try request.optionalString("symbol") else { return nil }
    guard let symbol = Symbol(text), venue.instrument(symbol) != nil else {
      throw ControlError("there is no \(text) on this market: GET /control/market lists it")
    }
    return symbol
  }
}
