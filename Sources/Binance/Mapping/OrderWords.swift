import TradingModel
import Transport

// What REST, the algo service and the streams say of orders in the same words.

extension OrderKind {
  /// - Throws: For a type that Binance does not document: guessing would be worse.
  init(
    binanceType type: String, price: Price?, timeInForce: String?
  ) throws(JSONError) {
    switch type {
    case "MARKET", "STOP_MARKET", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET": self = .market
    case "LIMIT", "STOP", "TAKE_PROFIT":
      self = .limit(price ?? .zero, TimeInForce(binance: timeInForce))
    case "LIQUIDATION": self = .market
    default: throw .wrongKind(path: "type", expected: "a known order type", found: .string)
    }
  }
}

extension Order.Role {
  /// Client ids that begin so are the venue's own: liquidation, auto-deleveraging, settlement.
  private static let forced = [
    "autoclose-", "adl_autoclose", "settlement_autoclose-", "delivery_autoclose-",
  ]

  /// - Parameters:
  ///   - types: The order's type and the one it was placed with.
  ///   - isClosing: Reduce-only, closing the whole position, or on the closing side of a hedge slot.
  init(clientID: String, types: [String], isClosing: Bool) {
    if Self.forced.contains(where: clientID.hasPrefix) {
      self = .liquidation
    } else if types.contains("LIQUIDATION") {
      self = .liquidation
    } else if let role = ProtectionIDs.role(of: clientID) {
      self = role
    } else if !isClosing {
      self = .placed
    } else if types.contains("TRAILING_STOP_MARKET") {
      self = .trailing
    } else if types.contains(where: { $0 == "STOP_MARKET" || $0 == "STOP" }) {
      self = .stop
    } else if types.contains(where: { $0.hasPrefix("TAKE_PROFIT") }) {
      self = .target
    } else {
      self = .placed
    }
  }
}

extension Order.Status {
  /// - Parameter isWhole: As much was filled as was asked for.
  /// - Throws: For a state that Binance does not document.
  init(binance status: String, isWhole: Bool) throws(JSONError) {
    switch status {
    case "NEW", "PENDING_CANCEL": self = .new
    case "PARTIALLY_FILLED": self = .partiallyFilled
    case "FILLED": self = .filled
    case "CANCELED": self = .cancelled
    case "REJECTED": self = .rejected
    case "EXPIRED", "EXPIRED_IN_MATCH": self = .expired
    // Of liquidations: taken by the insurance fund, or by auto-deleveraging.
    case "NEW_INSURANCE", "NEW_ADL": self = isWhole ? .filled : .new
    default: throw .wrongKind(path: "status", expected: "a known state", found: .string)
    }
  }

  /// The state of an order of the algo service.
  /// - Parameter hasTraded: The order that it set off was executed, at least in part.
  init(binanceAlgo status: String, hasTraded: Bool) throws(JSONError) {
    switch status {
    case "NEW": self = .untriggered
    // From here on the order that it set off speaks for itself.
    case "TRIGGERING", "TRIGGERED": self = .new
    case "FINISHED": self = hasTraded ? .filled : .cancelled
    case "CANCELED": self = .cancelled
    case "REJECTED": self = .rejected
    case "EXPIRED": self = .expired
    default: throw .wrongKind(path: "algoStatus", expected: "a known state", found: .string)
    }
  }
}
