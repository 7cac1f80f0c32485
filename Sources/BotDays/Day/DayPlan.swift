import EngineCore
import Risk
import Simulation
import Strategies
import TradingModel

/// Everything that decides how a simulated day goes. The same plan gives the same day.
public struct DayPlan: Sendable {
  public var seed: UInt64
  public var start: Timestamp
  public var length: Duration
  public var symbols: [SyntheticSymbol]
  public var temper: SyntheticTemper
  /// How often the market tells something.
  public var marketPace: Duration
  /// How often the engine is told the time.
  public var tick: Duration
  public var engine: EngineSettings
  public var paper: PaperSettings
  /// Of another kind than those the engines trade: held by hand, and never to be touched.
  public var longterm: Symbol?
  public var faults: FaultPlan
  /// What persons say in 24 hours.
  public var commandsPerDay: Int

  /// A day with everything on, its temper drawn from the seed.
  public init(seed: UInt64, length: Duration = .hours(24)) {
    let chance = Chance(seed: seed, for: "plan")
    self.seed = seed
    self.length = length
    // Midnight falls into the day, at another hour each time.
    let noon = UTCDay(year: 2026, month: 11, day: 20).start + .hours(12)
    start = noon + .hours(Int64(chance.whole(0...10))) + chance.duration(.zero, .hours(1))
    if length < .hours(14) {
      start = UTCDay(year: 2026, month: 11, day: 21).start - length / 2
    }
    let all = SyntheticSymbol.defaults
    let first = chance.whole(0...5)
    symbols = Array(all[first..<first + 3])
    temper = SyntheticTemper()
    temper.crashEverySeconds = Double(chance.whole(600...3000))
    temper.marketCrashEverySeconds = Double(chance.whole(2000...9000))
    temper.crashDepth = 0.015...0.05
    temper.crashSeconds = 20...90
    temper.reboundSeconds = 30...300
    temper.returnSeconds = 900
    temper.calmLiquidationEverySeconds = 300
    marketPace = .seconds(4)
    tick = chance.pick([.seconds(1), .seconds(2), .seconds(2), .seconds(3)]) ?? .seconds(1)
    commandsPerDay = chance.whole(24...60)
    faults = FaultPlan(chance)

    let isHedged = chance.happens(0.3)
    paper = PaperSettings(
      balance: .usdt(Int64(chance.whole(500...20_000))),
      positionMode: isHedged ? .hedge : .oneWay, series: seed,
      rules: chance.happens(0.3) ? .binance : .bybit, marketStopsAtBook: true)
    engine = EngineSettings(
      venue: .bybit, signalVenue: .bybit, environment: .loopback, isLive: true)
    engine.version = "simulated"
    engine.protectManual = chance.happens(0.3)
    longterm = chance.happens(0.5) ? symbols.last?.instrument.symbol : nil
    engine.longterm = Set([longterm].compactMap { $0 })
    engine.allowlist = symbols.map(\.instrument.symbol).filter { $0 != longterm }
    engine.liquidation = LiquidationSettings(source: .bybit)
    engine.liquidation?.defaults.orderSize = .percent(Int32(chance.whole(1...12)))
    engine.liquidation?.defaults.longVWAPOffset = .basisPoints(Int32(chance.whole(60...150)))
    engine.liquidation?.defaults.shortVWAPOffset = .basisPoints(Int32(chance.whole(60...150)))
    engine.liquidation?.defaults.leverage = .times(Int32(chance.whole(2...10)))
    engine.risk.limits.dayStop = .percent(-Int32(chance.whole(2...6)))
    engine.risk.limits.dayTarget = .percent(Int32(chance.whole(2...10)))
    engine.risk.dayNear = engine.risk.limits.dayStop + .percent(1)
    engine.risk.dayNearClear = engine.risk.dayNear + .basisPoints(50)
    if chance.happens(0.2) { engine.risk.equityCap = .usdt(Int64(chance.whole(200...2000))) }
    drawEngine()
  }

  /// A day on which nothing goes wrong and nobody speaks: what happens is what a scenario plays.
  public static func calm(seed: UInt64 = 1, length: Duration = .hours(1)) -> DayPlan {
    var plan = DayPlan(seed: seed, length: length)
    plan.start = UTCDay(year: 2026, month: 11, day: 20).start + .hours(12)
    plan.faults = .none
    plan.commandsPerDay = 0
    plan.tick = .seconds(1)
    plan.marketPace = .seconds(1)
    plan.temper.crashEverySeconds = 1e12
    plan.temper.marketCrashEverySeconds = 1e12
    plan.temper.calmLiquidationEverySeconds = 1e12
    plan.longterm = nil
    plan.engine.longterm = []
    plan.engine.allowlist = plan.symbols.map(\.instrument.symbol)
    plan.engine.protectManual = false
    plan.engine.risk = RiskSettings()
    plan.engine.liquidation?.defaults.orderSize = .percent(2)
    plan.engine.liquidation?.defaults.leverage = .times(3)
    plan.engine.liquidation?.defaults.exits = LiquidationParameters().exits
    plan.engine.liquidation?.symbols = [:]
    plan.engine.liquidation?.source = .bybit
    plan.paper = PaperSettings(balance: .usdt(10_000), series: seed, marketStopsAtBook: true)
    return plan
  }
}
