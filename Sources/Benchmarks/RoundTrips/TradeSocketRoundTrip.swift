import Bybit

/// `order.create` on the trade connection and back.
struct TradeSocketRoundTrip {
  let orders: Int

  func figures() async throws -> [Figure] {
    let tape = Tape()
    let server = try PlainServer { WebSocketTalk.serve($0, tape: tape) }
    let setup = try BybitSetup(port: server.port)
    guard let socket = setup.tradeSocket() else { return [] }
    let running = Task { await socket.run { _ in } }
    try await Self.waitUntilUp(socket)
    let rounds = RoundTripRounds(
      name: "order/trade-socket", hand: OrderHand(setup, socket: socket), tape: tape,
      port: server.port, opening: WebSocketTalk.opening)
    let figure = try await rounds.figure(orders: orders)
    guard socket.isUp else { throw SocketFailure("the trade connection broke") }
    running.cancel()
    await running.value
    await setup.shutdown()
    return [figure]
  }

  static func waitUntilUp(_ socket: BybitTradeSocket) async throws {
    for _ in 0..<1000 where !socket.isUp { try await Task.sleep(for: .milliseconds(5)) }
    guard socket.isUp else { throw SocketFailure("the trade connection does not open") }
  }
}
