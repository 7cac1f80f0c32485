import Foundation
import Loopback
import Simulation
import TestSupport
import TradingModel
import Transport

@testable import Quarterdeck

extension Stage {
  /// What the engine trades, moved all the time, and what only persons do.
  static let traded: [Symbol] = [
    "ETHUSDT", "SOLUSDT", "DOGEUSDT", "BNBUSDT", "ADAUSDT", "LINKUSDT",
  ]
  static let handled: [Symbol] = ["XRPUSDT", "BTCUSDT"]
}

/// One folder and one exchange, on which bot after bot dies. The truth is asked from the exchange.
final class CrashRig {
  /// How much of a handled symbol is open before each round.
  private static let whole: [(symbol: Symbol, quantity: Quantity)] = [
    ("XRPUSDT", "200"), ("BTCUSDT", "0.03"),
  ]

  let stage: Stage
  let clock = SystemClock()
  private var bot: BotProcess
  /// As they were first recorded, by day.
  var baselines: [String: String] = [:]
  /// As the journal of the dead had them.
  var locksLeft: Set<String> = []
  /// When the bot that lives was started.
  var startedAt: Timestamp
  private(set) var kills = 0
  /// In which stages deaths found commands.
  private var cut: [String: Int] = [:]

  /// With the bot that dies first, paired and running.
  init(_ stage: Stage) async throws {
    self.stage = stage
    try stage.folder.write("allowlist.json", Self.list(Stage.traded))
    try stage.folder.write("coins.yaml", Self.coins)
    try stage.folder.write(
      "settings.yaml", StageFolder.settings(Doors(stage.world.addresses)) + Self.settings)
    // It is not to run dry, however often it is stopped out.
    try await stage.control("deposit", ["amount": 90_000])
    startedAt = clock.now
    bot = try stage.startBot()
    try await stage.pair(with: bot)
    try await tidy()
  }

  /// One death, and what the next bot makes of it.
  func play(_ moment: CrashMoment) async throws {
    let deed = CrashDeed(
      moment, before: await stage.quantity(of: moment.symbol), on: stage)
    let delay = Fault("delay", ["ms": .integer(moment.latency.wholeMilliseconds)])
    let slowness = stage.world.faults.add(
      FaultRule(service: "bybit", endpoint: "order/create", delay, times: nil))
    defer { stage.world.faults.clear(number: slowness) }
    if moment.scene == .starting {
      try await die()
      bot = try stage.startBot()
      try await clock.sleep(for: moment.delay)
      try await die()
    } else {
      let person = Task { try? await deed.run() }
      if moment.countsFromTap { await deed.waitForTap() }
      try await clock.sleep(for: moment.delay)
      try await die()
      // She does not know that it is dead, and stops only now.
      person.cancel()
      await person.value
    }
    let left = try CrashJournal(in: stage.folder).look()
    locksLeft = left.locks
    for command in left.unfinished {
      cut[String(command.split(separator: " ").last ?? ""), default: 0] += 1
    }
    if left.unhandled > 0 { cut["an update unhandled", default: 0] += 1 }
    startedAt = clock.now
    bot = try stage.startBot()
    try await verify(deed)
    try await tidy()
  }

  /// The last bot stops as it should.
  func end() async throws {
    bot.terminate()
    guard try await bot.end(within: .seconds(15)) == .exited(0) else {
      throw Unseen(what: "a clean stop", limit: .seconds(15))
    }
  }

  /// What all of it was, in figures.
  func summary() async -> String {
    let truth = await ExchangeTruth(of: stage)
    let own = truth.executions.filter { $0.order.link?.owner != nil }.count
    let stages = cut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return
      "\(truth.executions.count) executions, \(own) of the bot's own orders; commands cut off: "
      + stages.joined(separator: ", ")
  }

  private func die() async throws {
    bot.kill()
    kills += 1
    try await bot.death(within: .seconds(5))
  }

  // MARK: Between the rounds

  /// Locks are lifted, what was denied is allowed, and the handled positions are whole again.
  private func tidy() async throws {
    let look = try CrashJournal(in: stage.folder).look()
    if look.locks.contains("panic") {
      try await stage.waitForText(
        "nlocked", in: try await stage.ask("/unlock", thenTap: "Unlock"))
    }
    if look.locks.contains("paused") || look.locks.contains("halted") {
      try await stage.waitForText(
        "resumed", in: try await stage.ask("/resume", thenTap: "Resume"))
    }
    for (symbol, quantity) in Self.whole where await stage.quantity(of: symbol) != quantity {
      try await stage.control("close", ["symbol": .string(symbol.name)])
      try await stage.control(
        "open",
        [
          "symbol": .string(symbol.name), "side": "long",
          "quantity": .string(quantity.description), "leverage": "5",
        ])
    }
    try await stage.waitForState("RUNNING")
  }

  /// The market liquidates somebody about every second, until cancelled.
  static func moveMarket(of stage: Stage, seed: UInt64) async throws {
    let chance = SeededRandom(seed: seed)
    var isHigh: Set<Symbol> = []
    while true {
      try await SystemClock().sleep(for: .milliseconds(100 + Int64(chance.next(below: 200))))
      let symbol = Stage.traded[Int(chance.next(below: UInt64(Stage.traded.count)))]
      let share = Ratio.basisPoints(Int32(60 + chance.next(below: 140)))
      // There and back, so that it stays where it began.
      let isUp = !isHigh.contains(symbol)
      if isUp { isHigh.insert(symbol) } else { isHigh.remove(symbol) }
      await stage.world.exchange.jump([symbol], by: isUp ? share : -share)
    }
  }

  // MARK: Its files

  private static func list(_ symbols: [Symbol]) -> String {
    "[" + symbols.map { "\"\($0.name)\"" }.joined(separator: ", ") + "]"
  }

  /// So wide that no limit of the day or of the account ends the trading.
  private static let settings = """
    protect_manual: true
    risk:
      daily_stop_pct: -99
      daily_target_pct: 999
      max_exposure_pct: 900
      max_position_pct: 100
      max_positions: 50
      max_positions_per_engine: 50
      margin_warn_pct: 99
      margin_block_pct: 190
      entries_per_symbol: 1000
      entries_per_account: 1000
      cooldown_s: 0
      loss_cooldown_s: 0
      max_price_deviation_pct: 10

    """

  private static let coins = """
    defaults:
      leverage: 5
      take_profit_percent: 1
      stop_loss_percent: 1
      order_size_percent_balance: 1
      long_vwap_offset: 0.1
      short_vwap_offset: 0.1
      lick_value: 1

    """
}
