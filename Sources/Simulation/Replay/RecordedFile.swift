import TradingModel

/// A recording as it was read from disk, unpacked.
public struct RecordedFile: Sendable {
  /// For reports.
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// What happened on the market, with the time at which it would have reached us.
public struct RecordedEvent: Sendable, Hashable {
  public var arrival: Timestamp
  public var event: MarketEvent

  public init(_ event: MarketEvent, arrival: Timestamp) {
    self.event = event
    self.arrival = arrival
  }
}

/// A line that could not be used, and why.
public struct SkippedLine: Sendable, Hashable {
  public var file: String
  /// From 1.
  public var line: Int
  public var why: String
}
