/// `POST /v5/order/create` by our client and back, on a kept connection.
struct RESTRoundTrip {
  let orders: Int

  func figures() async throws -> [Figure] {
    let tape = Tape()
    let server = try PlainServer { HTTPTalk.serve($0, tape: tape) }
    let setup = try BybitSetup(port: server.port)
    let rounds = RoundTripRounds(
      name: "order/rest", hand: OrderHand(setup, socket: nil), tape: tape, port: server.port)
    let figure = try await rounds.figure(orders: orders)
    await setup.shutdown()
    return [figure]
  }
}
