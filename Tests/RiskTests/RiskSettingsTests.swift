import Risk
import TestSupport
import Testing
import TradingModel

struct RiskSettingsTests {
  @Test
  func `the defaults have no problems`() {
    #expect(RiskSettings().problems.isEmpty)
    #expect(RiskSettings().maxPositionShare(of: .liquidation) == .percent(15))
    #expect(RiskSettings().maxPositionShare(of: .momentum) == .percent(5))
  }

  /// Each setting just beyond its bound, with the key that is told.
  private static let faults: [(String, @Sendable (inout RiskSettings) -> Void)] = [
    ("daily_target_pct", { $0.limits.dayTarget = .zero }),
    ("daily_target_pct", { $0.limits.dayTarget = "10.00000001" }),
    ("daily_stop_pct", { $0.limits.dayStop = "-1.00000001" }),
    ("daily_near_pct", { $0.dayNear = .percent(-5) }),
    ("daily_near_pct", { $0.dayNearClear = .percent(-4) }),
    ("margin_warn_pct", { $0.limits.marginWarn = .one }),
    ("margin.hysteresis_pct", { $0.margin.hysteresis = .percent(80) }),
    ("margin.reduce_pct", { $0.margin.reduceShare = .zero }),
    ("margin.reduce_pct", { $0.margin.reduceShare = .one }),
    ("margin.cooldown_s", { $0.margin.cooldown = .zero }),
    ("margin.max_auto_reduce", { $0.margin.maxReductions = 0 }),
    ("min_balance_usdt", { $0.minimumBalance = "-0.01" }),
    ("start_loss_pct", { $0.startLoss = .zero }),
    ("start_loss_pct", { $0.startLoss = "1.00000001" }),
    ("equity_usdt", { $0.equityCap = .zero }),
    ("max_exposure_pct", { $0.maxExposure = .zero }),
    ("max_position_pct", { $0.maxPositionShare[.hunt] = .zero }),
    ("max_positions", { $0.maxPositions = 0 }),
    ("max_positions_per_engine", { $0.maxPositionsPerEngine = 0 }),
    ("max_stop_pct", { $0.maxStopDistance = $0.minStopDistance }),
    ("max_stop_pct", { $0.minStopDistance = .zero }),
    ("max_price_deviation_pct", { $0.maxPriceDeviation = .zero }),
    ("stop_slippage_pct", { $0.stopSlippage = .percent(50) }),
    ("taker_fee_pct", { $0.takerFee = .percent(5) }),
    ("min_edge_bps", { $0.minimumEdge = "-0.00000001" }),
    ("entries_per_symbol", { $0.throttlePerSymbol.count = 0 }),
    ("entries_per_account", { $0.throttlePerAccount.window = .zero }),
    ("entries_per_account", { $0.throttlePerAccount.count = 1001 }),
    ("failures_in_a_row", { $0.failuresInARow = 0 }),
    ("signal_max_age_s", { $0.signalMaxAge = .zero }),
    ("account_max_age_s", { $0.accountMaxAge = .zero }),
    ("max_clock_skew_ms", { $0.maxClockSkew = .zero }),
    ("cooldown_s", { $0.entryCooldown = .seconds(-1) }),
    ("loss_cooldown_s", { $0.lossCooldown = .seconds(-1) }),
  ]

  @Test(arguments: faults.indices)
  func `each limit out of its range is told by its key`(index: Int) {
    let (key, fault) = Self.faults[index]
    var settings = RiskSettings()
    fault(&settings)
    #expect(settings.problems.map { String($0.prefix { $0 != ":" }) } == [key])
  }

  @Test
  func `everything wrong is told at once`() {
    var settings = RiskSettings()
    for (_, fault) in Self.faults { fault(&settings) }
    #expect(settings.problems.count > 20)
  }
}
