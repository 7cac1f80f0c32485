/// One look of an engine at a symbol: each condition with what it saw, and the intent if all held.
/// `/why` shows the last one; the reports count the "no" by its first failed condition.
public struct Look: Sendable, Hashable {
  public struct Condition: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable { case passed, failed, notReached }

    /// A stable key: `liquidation-size`, `vwap-distance`.
    public var name: String
    public var state: State
    /// What was seen against what was asked: `412.30 > 25 USDT`.
    public var detail: String

    public init(_ name: String, _ state: State, _ detail: String = "") {
      self.name = name
      self.state = state
      self.detail = detail
    }
  }

  public var engine: EngineName
  public var symbol: Symbol
  public var time: Timestamp
  public var conditions: [Condition]
  public var intent: Intent?

  public init(
    engine: EngineName, symbol: Symbol, time: Timestamp, conditions: [Condition], intent: Intent?
  ) {
    self.engine = engine
    self.symbol = symbol
    self.time = time
    self.conditions = conditions
    self.intent = intent
  }

  /// The first condition that failed; nil for a signal.
  public var refusal: Condition? { conditions.first { $0.state == .failed } }
}
