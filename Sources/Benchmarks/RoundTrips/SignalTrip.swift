import TradingModel
import Transport

/// A liquidation's frame in memory → the order with the venue: decoded, judged, sized, signed, written,
/// and whole on the other side. By REST, and over the trade connection.
struct SignalTrip {
  let orders: Int
  let seed: UInt64

  func figures() async throws -> [Figure] {
    let rest = Tape()
    let restServer = try PlainServer { HTTPTalk.serve($0, tape: rest) }
    let setup = try BybitSetup(port: restServer.port)
    let byREST = try await figure(
      "signal/rest", SignalDesk(setup, rule: try rule()), rest,
      PingPong(port: restServer.port, exchange: Tape.Exchange()))
    await setup.shutdown()

    let trade = Tape()
    let tradeServer = try PlainServer { WebSocketTalk.serve($0, tape: trade) }
    let other = try BybitSetup(port: tradeServer.port)
    guard let socket = other.tradeSocket() else { return [byREST] }
    let running = Task { await socket.run { _ in } }
    try await TradeSocketRoundTrip.waitUntilUp(socket)
    let bySocket = try await figure(
      "signal/trade-socket", SignalDesk(other, rule: try rule(), socket: socket), trade,
      PingPong(
        port: tradeServer.port, exchange: Tape.Exchange(), opening: WebSocketTalk.opening))
    running.cancel()
    await running.value
    await other.shutdown()
    return [byREST, bySocket]
  }

  private func figure(
    _ name: String, _ desk: SignalDesk, _ tape: Tape, _ floor: PingPong
  ) async throws -> Figure {
    var maker = FrameMaker(seed: seed)
    // The first tenth is not measured. Every second frame is of a short, and none of them trades.
    let frames = (0..<(orders * 11 / 5)).map { _ in Array(maker.binanceLiquidation().utf8) }
    _ = tape.takeArrivals()
    let starts = try await desk.run(frames)
    let ours = Self.samples(starts, tape.takeArrivals(), skipping: starts.count / 11)
    var floor = floor
    floor.exchange = tape.last
    var floorStarts: [Int64] = []
    _ = try floor.measure(orders) { floorStarts.append($0) }
    let least = Self.samples(floorStarts, tape.takeArrivals(), skipping: orders / 10)
    return Figure(
      name: name, unit: "µs", median: ours.percentile(0.5), percentile99: ours.percentile(0.99),
      floor: least.percentile(0.5), floorName: "same bytes one way over a plain socket",
      facts: [("orders", Int64(ours.count)), ("frames", Int64(frames.count))])
  }

  private static func samples(
    _ starts: [Int64], _ arrivals: [Int64], skipping count: Int
  ) -> Samples {
    var samples = Samples(capacity: starts.count)
    guard starts.count == arrivals.count else { return samples }
    for (start, arrival) in zip(starts, arrivals).dropFirst(count) { samples.note(arrival - start) }
    return samples
  }

  /// Every liquidated long is bought: the price is far under this VWAP.
  private func rule() throws -> SignalRule {
    let settings: JSONObject = [
      "BTCUSDT": [
        "vwap": "80000", "long_offset_pct": "1", "short_offset_pct": "1", "min_value": "0.01",
        "order_usdt": "100", "leverage": "3", "qty_step": "0.001", "min_qty": "0.001",
        "cooldown_ms": 0,
      ]
    ]
    return try SignalRule(settings, ids: ClientOrderIDs(boot: 1))
  }
}
