import TradingModel
import Transport

// How Bybit writes things in rows: numbers as text, "" or "0" for what is not set.
extension JSONValue {
  var rowSymbol: Symbol {
    get throws(JSONError) { Symbol(venueName: try string("symbol")) }
  }

  var rowSide: Side {
    get throws(JSONError) {
      switch try string("side") {
      case "Buy": return .buy
      case "Sell": return .sell
      default: throw .wrongKind(path: "side", expected: "Buy or Sell", found: .string)
      }
    }
  }

  var rowSlot: PositionSlot {
    get throws(JSONError) {
      let index = try optionalInteger("positionIdx") ?? 0
      guard let slot = PositionSlot(rawValue: Int(clamping: index)) else {
        throw .wrongKind(path: "positionIdx", expected: "0, 1 or 2", found: .number)
      }
      return slot
    }
  }

  func time(_ name: String) throws(JSONError) -> Timestamp {
    Timestamp(milliseconds: try integer(.field(name)))
  }

  /// Nil for a time that is not set: "" or 0.
  func timeIfSet(_ name: String) throws(JSONError) -> Timestamp? {
    guard let milliseconds = try optionalInteger(.field(name)), milliseconds != 0 else {
      return nil
    }
    return Timestamp(milliseconds: milliseconds)
  }

  /// Nil for a price that is not set, in any of its spellings.
  func priceIfSet(_ name: String) throws(JSONError) -> Price? {
    let price = try optionalAmount(.field(name), as: Price.self)
    return price?.isZero == true ? nil : price
  }
}
