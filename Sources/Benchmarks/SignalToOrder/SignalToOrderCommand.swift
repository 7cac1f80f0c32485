import ArgumentParser
import Binance
import TradingModel
import Transport

/// A liquidation on one venue becomes a signed order on another, measured by the kit's exchange.
struct SignalToOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "w3",
    abstract: "Liquidation frames in, signed orders out, against the kit's exchange.",
    discussion: """
      inproc: frames come from DIR/liq.jsonl; prints one JSON object. ws: frames come over a \
      WebSocket from the same server, which measures; runs until it is ended.
      """)

  enum Mode: String, ExpressibleByArgument { case inproc, ws }

  @Argument(help: "inproc or ws.")
  var mode: Mode

  @Argument(help: "The exchange's port on this machine.")
  var port: Int

  @Argument(help: "Where liq.jsonl, liq_config.json and liq.expected are.")
  var folder: String

  func validate() throws {
    guard (1...65_535).contains(port) else { throw ValidationError("PORT must be 1 to 65535") }
  }

  func run() async throws {
    let kit = SignalKit(folder: folder, port: port)
    let setup = try BybitSetup(port: port)
    let rule = try SignalRule(try kit.settings(), ids: ClientOrderIDs(boot: 1))
    let desk = SignalDesk(setup, rule: rule)
    switch mode {
    case .inproc: try await measure(kit, desk)
    case .ws: await trade(setup, desk)
    }
    await setup.shutdown()
  }

  private func measure(_ kit: SignalKit, _ desk: SignalDesk) async throws {
    let frames = try kit.frames()
    let begin = Stopwatch.wall
    let starts = try await desk.run(frames)
    let duration = Double(Stopwatch.wall - begin) / 1e9
    let placed = try await kit.placed()
    let isRight = try placed.map(\.order) == kit.expected() && placed.count == starts.count
    var samples = Samples(capacity: placed.count)
    // The kit leaves out the first fifty.
    for (start, order) in zip(starts, placed).dropFirst(50) { samples.note(order.time - start) }
    let result: JSONObject = [
      "peer": "quarterdeck", "mode": "inproc", "orders": .integer(placed.count),
      "match": .bool(isRight), "sign_bad": .integer(try await kit.badSignatures()),
      "p50_us": .rounded(samples.percentile(0.5)), "p90_us": .rounded(samples.percentile(0.9)),
      "p99_us": .rounded(samples.percentile(0.99)), "min_us": .rounded(samples.least),
      "max_us": .rounded(samples.most),
      "frames_per_s": .rounded(Double(frames.count) / duration),
    ]
    print(JSONValue.object(result).text)
  }

  /// The program's own stream of liquidations, on the loop that sends the orders.
  private func trade(_ setup: BybitSetup, _ desk: SignalDesk) async {
    let streams = BinanceStreams(
      settings: BinanceSettings(webSocketURL: "ws://127.0.0.1:\(port)"), roles: [.liquidations],
      connector: WebSocketConnector(chance: setup.chance), loop: setup.thread.loop,
      clock: setup.clock, chance: setup.chance, log: setup.log)
    await streams.run { event in
      // Those come on the loop; how a connection stands is told from elsewhere.
      guard case .market(.liquidation(let liquidation)) = event else { return }
      desk.assumeIsolated { $0.take(liquidation) }
    }
  }
}
