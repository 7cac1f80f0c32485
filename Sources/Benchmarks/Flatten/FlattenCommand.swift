import ArgumentParser
import Bybit
import TradingModel
import Transport

/// The red button, measured by the kit's exchange.
struct FlattenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "w4",
    abstract: "A panic closes every position of the kit's exchange.",
    discussion: """
      Prints one JSON object: from the button to the last close received, and to the first empty list \
      of positions read back; confirmed is when the program itself calls it flat, after two readings \
      half a second apart.
      """)

  @Argument(help: "The exchange's port on this machine.")
  var port: Int

  func validate() throws {
    guard (1...65_535).contains(port) else { throw ValidationError("PORT must be 1 to 65535") }
  }

  func run() async throws {
    let kit = SignalKit(folder: "", port: port)
    let bot = try FlattenBot(port: port, ordersPerSecond: try await ordersPerSecond())
    let (pressed, confirmed, phases) = try await bot.running { bus in
      while bot.account.positions ?? 0 == 0 { try await Task.sleep(for: .milliseconds(10)) }
      let pressed = Stopwatch.wall
      await bus.submit(
        OperatorCommand(id: CommandID(1), deed: .panic, by: "bench", at: SpacedClock().now))
      for await progress in bus.progress {
        guard case .finished(.flattened(let report)) = progress.stage else { continue }
        return (pressed, Stopwatch.wall, Self.durations(report))
      }
      throw SignalKitError(text: "the panic has no outcome")
    }
    try await report(
      kit, pressed: pressed, empty: bot.account.emptyAt, confirmed: confirmed, phases: phases)
  }

  /// How long the phases took that take any time, by the program's own report.
  private static func durations(_ report: FlattenReport) -> JSONObject {
    var durations: JSONObject = [:]
    for phase in report.phases {
      guard let endedAt = phase.endedAt, endedAt > phase.startedAt else { continue }
      durations["\(phase.phase)"] = .integer((endedAt - phase.startedAt).wholeMilliseconds)
    }
    return durations
  }

  /// What the account may, known before the button is pressed as in a bot that has traded: an entry's
  /// answer tells it. Where none is told there is no limit: then as many as the highest tier may.
  private func ordersPerSecond() async throws -> Int {
    let setup = try BybitSetup(port: port)
    let watch = LimitWatch(setup.loopClient)
    let rest = try BybitREST(
      http: watch, settings: setup.settings, keys: setup.keys, clock: setup.clock, log: setup.log)
    _ = try await rest.place(
      OrderRequest(
        id: ClientOrderID("liq-1-1"), symbol: Symbol(venueName: "XRPUSDT"),
        side: .buy, quantity: try Quantity("1")))
    await setup.shutdown()
    guard watch.hasSeenLimit else { return 300 }
    // The entry leaves the window.
    try await Task.sleep(for: .milliseconds(1100))
    return 10
  }

  private func report(
    _ kit: SignalKit, pressed: Int64, empty: Int64?, confirmed: Int64, phases: JSONObject
  ) async throws {
    let state = try await kit.state()
    let closes = try await kit.placed().dropFirst().map(\.order.quantity)
    func milliseconds(_ time: Int64?) -> JSONValue {
      .rounded(time.map { Double($0 - pressed) / 1e6 } ?? .nan)
    }
    var result: JSONObject = [
      "peer": "quarterdeck", "flat_ms": milliseconds(try state.integer("last_close_ns")),
      "verified_ms": milliseconds(empty), "confirmed_ms": milliseconds(confirmed),
      "largest_first": .bool(closes == closes.sorted(by: >)), "phases_ms": .object(phases),
    ]
    for field in try state.object().fields { result[field.key] = field.value }
    print(JSONValue.object(result).text)
  }
}
