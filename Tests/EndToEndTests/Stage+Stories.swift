import Loopback
import Testing
import TradingModel
import Transport

// How stories begin and end.
extension Stage {
  /// A bot that is paired with Ana and trades.
  func runningBot(environment: [String: String] = [:]) async throws -> BotProcess {
    let bot = try startBot(environment: environment)
    try await pair(with: bot)
    try await waitForState("RUNNING")
    return bot
  }

  /// The same, with 0.031 BTC long opened by hand.
  func runningBotWithPosition() async throws -> BotProcess {
    let bot = try await runningBot()
    try await open("BTCUSDT")
    return bot
  }

  /// Opens a position by hand on the exchange, and waits until the phone shows it.
  func open(
    _ symbol: Symbol, _ side: PositionSide = .long, quantity: String = "0.031",
    notional: String? = nil
  ) async throws {
    let last = await messages().map(\.id).max() ?? 0
    try await openUnseen(symbol, side, quantity: quantity, notional: notional)
    try await waitForText("Opened \(symbol)", after: last)
  }

  /// The same at 5x, whether or not a bot is there to tell.
  ///
  /// - Parameters:
  ///   - quantity: Units of base, where no notional is given.
  ///   - notional: USDT.
  func openUnseen(
    _ symbol: Symbol, _ side: PositionSide = .long, quantity: String = "0.031",
    notional: String? = nil
  ) async throws {
    let size = notional.map { ("notional", $0) } ?? ("quantity", quantity)
    try await control(
      "open",
      .object(
        JSONObject([
          ("symbol", .string(symbol.name)), ("side", .string(side.rawValue)), ("leverage", "5"),
          (size.0, .string(size.1)),
        ])))
  }
}

extension BotProcess {
  /// Stops it as a person does, in order.
  func stop() async throws {
    terminate()
    #expect(try await end(within: .seconds(12)) == .exited(0))
  }
}
