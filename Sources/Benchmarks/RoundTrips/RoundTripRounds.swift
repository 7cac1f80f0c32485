/// Ours and the floor by turns, so that both meet the same moods of the machine.
struct RoundTripRounds {
  private static let rounds = 4

  let name: String
  let hand: OrderHand
  let tape: Tape
  let port: Int
  var opening: [UInt8]?

  func figure(orders: Int) async throws -> Figure {
    _ = try await hand.place(max(10, orders / 10))
    let floor = PingPong(port: port, exchange: tape.last, opening: opening)
    var ours = Samples(capacity: orders)
    var least = Samples(capacity: orders)
    for _ in 0..<Self.rounds {
      ours.take(try await hand.place(max(1, orders / Self.rounds)))
      least.take(try floor.measure(max(1, orders / Self.rounds)))
    }
    return Figure(
      name: name, unit: "µs", median: ours.percentile(0.5), percentile99: ours.percentile(0.99),
      floor: least.percentile(0.5), floorName: "same bytes over a plain socket",
      facts: [
        ("orders", Int64(ours.count)), ("request_bytes", Int64(floor.exchange.request.count)),
        ("answer_bytes", Int64(floor.exchange.response.count)),
      ])
  }
}
