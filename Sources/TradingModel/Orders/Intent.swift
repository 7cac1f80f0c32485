/// What an engine wants: it names no venue, size or account, and sends nothing.
public struct Intent: Sendable, Hashable, Codable {
  /// Unique per signal, so that one signal is acted on once.
  public var id: SignalID
  public var engine: EngineName
  public var symbol: Symbol
  public var side: PositionSide
  /// The price that the engine saw.
  public var price: Price
  /// Where the stop goes; every entry has one.
  public var stop: Price
  public var target: Price?
  /// Which price moves them.
  public var trigger: TriggerSource
  public var size: IntendedSize
  public var leverage: Ratio
  /// The condition values behind the signal, in order, for `/why` and the journal.
  public var reasons: [NamedValue]
  public var time: Timestamp

  public init(
    id: SignalID, engine: EngineName, symbol: Symbol, side: PositionSide, price: Price,
    stop: Price, target: Price?, trigger: TriggerSource = .last, size: IntendedSize,
    leverage: Ratio, reasons: [NamedValue],
    time: Timestamp
  ) {
    self.id = id
    self.engine = engine
    self.symbol = symbol
    self.side = side
    self.price = price
    self.stop = stop
    self.target = target
    self.trigger = trigger
    self.size = size
    self.leverage = leverage
    self.reasons = reasons
    self.time = time
  }
}

/// How large an entry is meant to be; the gate turns it into a quantity.
public enum IntendedSize: Sendable, Hashable, Codable {
  /// That share of the balance as margin, times the leverage, raised to the venue's minimum where
  /// that is at most `raiseLimit` times the intended size.
  case shareOfBalance(Ratio, raiseLimit: Ratio)
}

/// A value with its name, as in `liquidation 512.30 USDT`.
public struct NamedValue: Sendable, Hashable, Codable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Names one signal: the engine, the symbol, the time and the kind of what caused it.
public struct SignalID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let text: String
  public init(_ text: String) { self.text = text }
  public static func < (left: SignalID, right: SignalID) -> Bool { left.text < right.text }
  public var description: String { text }

  public init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
