import TradingModel

/// A reason with how often it was given.
public struct ReasonCount: Sendable, Hashable {
  public var reason: String
  public var count: Int

  public init(reason: String, count: Int) {
    self.reason = reason
    self.count = count
  }
}

/// What the engines saw and what became of it, for `/why`, `/modules` and the reports.
struct SignalCounters: Sendable {
  /// Symbols that a last look is kept of.
  static let capacity = 4000

  private(set) var looks: [Symbol: Look] = [:]
  private(set) var signals: [EngineName: Int] = [:]
  private(set) var refused: [EngineName: Int] = [:]
  private(set) var lastSignalAt: [EngineName: Timestamp] = [:]
  private var noes: [String: Int] = [:]
  private var refusals: [String: Int] = [:]

  mutating func note(_ look: Look) {
    if looks.count < Self.capacity || looks[look.symbol] != nil { looks[look.symbol] = look }
    if let refusal = look.refusal {
      noes[refusal.name, default: 0] += 1
    } else {
      signals[look.engine, default: 0] += 1
      lastSignalAt[look.engine] = look.time
    }
  }

  mutating func noteRefusal(of engine: EngineName, checks: [String]) {
    refused[engine, default: 0] += 1
    for check in checks { refusals[check, default: 0] += 1 }
  }

  var noesByReason: [ReasonCount] { Self.sorted(noes) }
  var refusalsByReason: [ReasonCount] { Self.sorted(refusals) }

  /// The most frequent first, then by name.
  private static func sorted(_ counts: [String: Int]) -> [ReasonCount] {
    counts.map { ReasonCount(reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
}
