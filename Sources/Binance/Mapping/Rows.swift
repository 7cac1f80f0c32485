import TradingModel
import Transport

// How Binance writes things in rows: amounts as text, "0" or "" for what is not set, ids as numbers
// here and as text there.
extension JSONValue {
  var rowSymbol: Symbol {
    get throws(JSONError) { Symbol(venueName: try string("symbol")) }
  }

  /// The side under that name.
  func side(_ name: String) throws(JSONError) -> Side {
    switch try string(.field(name)) {
    case "BUY": return .buy
    case "SELL": return .sell
    default: throw .wrongKind(path: name, expected: "BUY or SELL", found: .string)
    }
  }

  /// The slot under that name; accounts in one-way mode may leave it out.
  func slot(_ name: String) throws(JSONError) -> PositionSlot {
    switch try optionalString(.field(name)) ?? "BOTH" {
    case "BOTH": return .oneWay
    case "LONG": return .hedgeLong
    case "SHORT": return .hedgeShort
    default: throw .wrongKind(path: name, expected: "BOTH, LONG or SHORT", found: .string)
    }
  }

  func time(_ name: String) throws(JSONError) -> Timestamp {
    Timestamp(milliseconds: try integer(.field(name)))
  }

  /// Nil where no time is told: 0, null, or nothing.
  func timeIfSet(_ name: String) throws(JSONError) -> Timestamp? {
    let milliseconds = try optionalInteger(.field(name)) ?? 0
    return milliseconds > 0 ? Timestamp(milliseconds: milliseconds) : nil
  }

  /// Whether the flag is there and set.
  func isSet(_ name: String) throws(JSONError) -> Bool {
    try optionalBool(.field(name)) ?? false
  }

  /// Nil for a price that is not set, in any of its spellings.
  func priceIfSet(_ name: String) throws(JSONError) -> Price? {
    let price = try optionalAmount(.field(name), as: Price.self)
    return price?.isZero == true ? nil : price
  }

  /// An id, be it written as a number or as text.
  func id(_ name: String) throws(JSONError) -> String {
    let value = try at(.field(name))
    switch value {
    case .number(let digits): return digits
    case .string(let text) where !text.isEmpty: return text
    default: throw .wrongKind(path: name, expected: "an id", found: value.kind)
    }
  }

  /// As `id`, but nil where there is none.
  func idIfSet(_ name: String) throws(JSONError) -> String? {
    switch self[name] {
    case nil, .null?, .string("")?: return nil
    default: return try id(name)
    }
  }

  /// The elements of an answer that is an array.
  func rows<Row>(_ read: (JSONValue) throws(JSONError) -> Row) throws(JSONError) -> [Row] {
    try map(read: read)
  }

  /// As `rows`, without those that are none of ours.
  func someRows<Row>(
    _ read: (JSONValue) throws(JSONError) -> Row?
  ) throws(JSONError) -> [Row] {
    try map(read: read).compactMap(\.self)
  }
}

extension Side {
  var binance: String { self == .buy ? "BUY" : "SELL" }
}

extension PositionSlot {
  /// Nil in one-way mode, where the parameter is left out.
  var binance: String? {
    switch self {
    case .oneWay: nil
    case .hedgeLong: "LONG"
    case .hedgeShort: "SHORT"
    }
  }

  /// Orders of a hedge slot on this side can only close.
  func closes(_ side: Side) -> Bool {
    switch self {
    case .oneWay: false
    case .hedgeLong: side == .sell
    case .hedgeShort: side == .buy
    }
  }
}

extension TriggerSource {
  /// Nil for what Binance does not know.
  var binance: String? {
    switch self {
    case .last: "CONTRACT_PRICE"
    case .mark: "MARK_PRICE"
    case .index: nil
    }
  }

  init(binance text: String?) { self = text == "MARK_PRICE" ? .mark : .last }
}

extension TimeInForce {
  init(binance text: String?) {
    switch text {
    case "IOC": self = .immediateOrCancel
    case "FOK": self = .fillOrKill
    case "GTX", "RPI": self = .postOnly
    default: self = .goodTillCancelled  // GTC, GTD, GTE_GTC.
    }
  }

  var binance: String {
    switch self {
    case .goodTillCancelled: "GTC"
    case .immediateOrCancel: "IOC"
    case .fillOrKill: "FOK"
    case .postOnly: "GTX"
    }
  }
}

extension MarginMode {
  /// REST writes ISOLATED and CROSSED, streams and older rows isolated and cross.
  init(binance text: String) throws(JSONError) {
    switch text.lowercased() {
    case "isolated": self = .isolated
    case "cross", "crossed": self = .cross
    default: throw .wrongKind(path: "marginType", expected: "a known mode", found: .string)
    }
  }
}
