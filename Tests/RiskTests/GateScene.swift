import Risk
import TestSupport
import TradingModel

/// An intent and a situation in which it is approved; a test changes what it is about.
///
/// 350 USDT, 1% of it as margin at 3x, price 0.52: 10.50 USDT, 20.1 coins of a step of 0.1.
struct GateScene {
  static let symbol: Symbol = "ADAUSDT"
  static let id = ClientOrderID("liq-1-1")

  var settings = RiskSettings()
  var intent = Intent(
    id: SignalID("s1"), engine: .liquidation, symbol: symbol, side: .long, price: "0.52",
    stop: "0.5044", target: "0.533", size: .shareOfBalance(.percent(1), raiseLimit: .times(2)),
    leverage: .times(3), reasons: [], time: .noon)
  var wallet = Wallet.example(equity: "350")
  var situation: Situation

  init(settings: RiskSettings = RiskSettings()) {
    self.settings = settings
    situation = Situation(
      now: .noon, wallet: .unknown(since: .noon, why: "not read"), isReconciled: true,
      positions: [], pendingEntries: [], positionMode: .oneWay,
      margin: MarginView(
        initialUse: .zero, maintenanceUse: .zero, source: .sum, exposure: .zero),
      marginState: .normal,
      openRisk: OpenRisk(
        baseline: DayBaseline(
          day: Timestamp.noon.day, equity: "350", takenAt: Timestamp.noon.day.start, isLate: false),
        equity: "350"),
      instrument: .example(
        Self.symbol, tick: "0.0001", step: "0.1", minimum: "0.1", minNotional: "5"),
      marketPrice: "0.52", spread: "0.0001", basis: .holds("far"), isSymbolEnabled: true,
      allowlist: [Self.symbol], handledSignals: HandledSignals(), locks: [],
      throttle: Throttle(settings: settings),
      links: [LinkState(.account, isHealthy: true), LinkState(.liquidations, isHealthy: true)],
      clockSkew: .milliseconds(12), isJournalWorking: true, isStopping: false)
    situation.wallet = .known(wallet, at: .noon)
  }

  static func with(_ change: (inout GateScene) -> Void) -> GateScene {
    var scene = GateScene()
    change(&scene)
    return scene
  }

  /// The account has that much, all of it free.
  mutating func has(_ equity: Notional) {
    situation.wallet = .known(.example(equity: equity), at: .noon)
  }

  func review() -> Verdict {
    EntryGate(settings: settings).review(intent, id: Self.id, in: situation)
  }

  var request: OrderRequest? {
    if case .approved(let order) = review() { order.request } else { nil }
  }

  var refusals: [Refusal] {
    if case .refused(let refusals) = review() { refusals } else { [] }
  }

  /// The keys of the checks that refuse, in order.
  var refusedBy: [String] { refusals.map(\.check) }
}

extension HeldPosition {
  static func example(
    _ symbol: Symbol, owner: Owner = .engine(.momentum), margin: Notional = "1",
    side: PositionSide = .long
  ) -> HeldPosition {
    HeldPosition(
      .example(symbol, side: side, quantity: "1", entry: "10", mark: "10", margin: margin),
      owner: owner)
  }
}

extension PendingEntry {
  static func example(
    _ symbol: Symbol, owner: Owner = .engine(.momentum), notional: Notional = "3",
    leverage: Ratio = .times(3)
  ) -> PendingEntry {
    PendingEntry(symbol: symbol, owner: owner, notional: notional, leverage: leverage)
  }
}
