import EngineCore
import TradingModel

/// Counts what happens in a replay, for the report.
struct ReplayTally: Sendable {
  private struct Counts: Sendable {
    var liquidations = 0
    var signals = 0
    var entries = 0
    var noes: [String: Int] = [:]
    var refusals: [String: Int] = [:]
  }

  private var bySymbol: [Symbol: Counts] = [:]
  private var noes: [String: Int] = [:]
  private var refusals: [String: Int] = [:]
  private var failures: [String: Int] = [:]
  private var trips: [String: RoundTrip] = [:]
  private(set) var signals: [ReplayReport.Signal] = []
  private(set) var signalCount = 0
  private(set) var entryCount = 0
  private(set) var verdictCount = 0
  private(set) var liquidations = 0
  private(set) var trades = 0
  private(set) var urgentAlerts = 0
  var gaps = 0

  mutating func note(_ event: MarketEvent) {
    switch event {
    case .liquidation(let liquidation):
      liquidations += 1
      bySymbol[liquidation.symbol, default: Counts()].liquidations += 1
    case .trade: trades += 1
    case .ticker: break
    }
  }

  mutating func note(_ look: Look) {
    if let refusal = look.refusal {
      noes[refusal.name, default: 0] += 1
      bySymbol[look.symbol, default: Counts()].noes[refusal.name, default: 0] += 1
    } else {
      signalCount += 1
      bySymbol[look.symbol, default: Counts()].signals += 1
    }
  }

  mutating func note(_ record: JournalRecord, at time: Timestamp) {
    switch record {
    case .signal(let intent, let reasons):
      if signals.count < ReplayReport.listed {
        signals.append(ReplayReport.Signal(intent: intent, time: time, refusals: reasons))
      }
      verdictCount += 1
      if reasons.isEmpty {
        entryCount += 1
        bySymbol[intent.symbol, default: Counts()].entries += 1
      }
      var checks: Set<String> = []
      for reason in reasons {
        let check = String(reason.prefix { $0 != ":" })
        guard checks.insert(check).inserted else { continue }
        refusals[check, default: 0] += 1
        bySymbol[intent.symbol, default: Counts()].refusals[check, default: 0] += 1
      }
    case .roundTrip(let trip): trips[trip.id] = trip
    case .orderFailed(_, let error, _): failures["\(error.words)", default: 0] += 1
    default: break
    }
  }

  mutating func note(_ alert: Alert) {
    if alert.severity <= .p1 { urgentAlerts += 1 }
  }

  /// Writes what was counted into the report.
  func fill(_ report: inout ReplayReport) {
    report.liquidationCount = liquidations
    report.tradeCount = trades
    report.gaps = gaps
    report.signalCount = signalCount
    report.entryCount = entryCount
    report.verdictCount = verdictCount
    report.signals = signals
    report.noes = Self.sorted(noes)
    report.refusals = Self.sorted(refusals)
    report.ordersFailed = Self.sorted(failures)
    report.urgentAlerts = urgentAlerts
    report.trades = trips.values.sorted { ($0.openedAt, $0.id) < ($1.openedAt, $1.id) }
    report.symbols = bySymbol.keys.sorted().compactMap { symbol in
      bySymbol[symbol].map { counts in
        ReplayReport.SymbolSummary(
          symbol: symbol, liquidations: counts.liquidations, signals: counts.signals,
          entries: counts.entries, noes: Self.sorted(counts.noes),
          refusals: Self.sorted(counts.refusals))
      }
    }
  }

  /// The most frequent first, then by name.
  private static func sorted(_ counts: [String: Int]) -> [ReasonCount] {
    counts.map { ReasonCount(reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
}

extension VenueError {
  fileprivate var words: String {
    switch self {
    case .rejected(let rejection): "\(rejection.code) \(rejection.reason)"
    case .rateLimited: "too many requests"
    case .unreachable(let text): "unreachable: \(text)"
    case .outcomeUnknown: "outcome unknown"
    case .clockSkew(let text): "clock: \(text)"
    case .unauthorised(let code, let text): "\(code) \(text)"
    case .malformed(let text): "malformed: \(text)"
    }
  }
}
