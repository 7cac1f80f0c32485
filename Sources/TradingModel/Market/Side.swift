/// The side of an order.
public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
  case buy, sell
  public var opposite: Side { self == .buy ? .sell : .buy }
}

/// The side of a position.
public enum PositionSide: String, Sendable, Hashable, Codable, CaseIterable {
  case long, short
  public var opposite: PositionSide { self == .long ? .short : .long }
  /// The order side that opens or adds.
  public var opening: Side { self == .long ? .buy : .sell }
  /// The order side that closes or reduces.
  public var closing: Side { opening.opposite }
}

/// Which slot of the account a position sits in: Bybit's `positionIdx`, Binance's `positionSide`.
public enum PositionSlot: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  /// One-way mode.
  case oneWay = 0
  /// Hedge mode, long side.
  case hedgeLong = 1
  /// Hedge mode, short side.
  case hedgeShort = 2

  public static func < (left: PositionSlot, right: PositionSlot) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// One position: a symbol and its slot.
public struct PositionKey: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  public let symbol: Symbol
  public let slot: PositionSlot

  public init(_ symbol: Symbol, _ slot: PositionSlot = .oneWay) {
    self.symbol = symbol
    self.slot = slot
  }

  public static func < (left: PositionKey, right: PositionKey) -> Bool {
    (left.symbol, left.slot) < (right.symbol, right.slot)
  }

  public var description: String {
    switch slot {
    case .oneWay: symbol.name
    case .hedgeLong: "\(symbol) long"
    case .hedgeShort: "\(symbol) short"
    }
  }
}
