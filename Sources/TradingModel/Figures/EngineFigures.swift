/// What the engine has counted since the start.
public struct EngineFigures: Sendable, Hashable {
  /// A count with what it is of.
  public struct Count: Sendable, Hashable {
    public var name: String
    public var count: UInt64

    public init(_ name: String, _ count: UInt64) {
      self.name = name
      self.count = count
    }
  }

  /// From the arrival of a market event, decoded, to what the engine made of it.
  public var frameToDecision = LatencyHistogram()
  /// From a decision to the moment its order is handed to the venue's connection.
  public var decisionToWire = LatencyHistogram()
  /// From a command to its last answer.
  public var commandToReply = LatencyHistogram()
  /// Market events, by link: `prices`, `liquidations`.
  public var marketEvents: [Count] = []
  /// Market events that had to go because they came too fast.
  public var droppedEvents: UInt64 = 0
  /// How often each link came up again, after the first time.
  public var reconnects: [Count] = []
  /// Orders that the venue refused, by its code.
  public var rejects: [Count] = []
  /// Signals that the gate refused, by check.
  public var refusals: [Count] = []
  /// What waits for the engine, and what it has decided that waits to be carried out.
  public var inboxDepth = 0
  public var effectsWaiting = 0
  public var ordersUnderWay = 0

  public init() {}
}
