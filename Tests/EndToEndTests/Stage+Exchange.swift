import Loopback
import Simulation
import TradingModel
import Transport

// What stands on the exchange, and what a hand does there.
extension Stage {
  /// Every open position, as the exchange has it.
  var positions: [PaperPosition] {
    get async { await world.exchange.read { venue, _ in venue.openPositions() } }
  }

  /// What is open of that symbol, on whichever side.
  func quantity(of symbol: Symbol) async -> Quantity {
    await positions.first { $0.key.symbol == symbol }?.quantity ?? .zero
  }

  /// Closing orders that the bot ever sent: the venue's own stops and targets are none.
  var closingOrders: [PaperOrder] {
    get async {
      await world.exchange.read { venue, _ in
        (venue.orderHistory + venue.openOrders()).filter {
          $0.reduceOnly && $0.origin == .user && $0.link != nil
        }
      }
    }
  }

  /// The position of that symbol, once it is there.
  func waitForPosition(
    of symbol: Symbol, within limit: Duration = .seconds(15)
  ) async throws -> PaperPosition {
    try await eventually("a position of \(symbol)", on: account.changes, within: limit) {
      await positions.first { $0.key.symbol == symbol }
    }
  }

  /// Nothing open, and no order left.
  func waitUntilFlat(within limit: Duration = .seconds(15)) async throws {
    try await eventually("flat on the exchange", on: account.changes, within: limit) {
      await world.exchange.read { venue, _ in
        venue.openPositions().isEmpty && venue.openOrders().isEmpty
      } ? () : nil
    }
  }

  /// Uses the control interface, as a person with `curl` does.
  @discardableResult
  func control(_ path: String, _ body: JSONValue) async throws -> JSONValue {
    let url = try RequestURL("\(world.addresses.control)/control/\(path)")
    return try await http.send(.json(body, to: url)).checked().json()
  }

  /// Asks the bot's control server, as a person with `curl` does.
  func press(
    _ method: Transport.HTTPRequest.Method, _ path: String, headers: HeaderFields = [:],
    _ body: JSONValue? = nil
  ) async throws -> (status: Int, json: JSONValue) {
    let url = try RequestURL("http://127.0.0.1:\(folder.controlPort)").appending(path: path)
    var headers = headers
    if body != nil { headers.add("Content-Type", "application/json") }
    let answer = try await http.send(
      HTTPRequest(method, url, headers: headers, body: body?.bytes, totalTimeout: .seconds(30)))
    return (answer.status, try answer.json())
  }
}
