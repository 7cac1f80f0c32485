import Simulation
import TradingModel

// Bybit's words for what the trading model names.

extension Side {
  var bybit: String { self == .buy ? "Buy" : "Sell" }

  init?(bybit text: String) {
    switch text {
    case "Buy": self = .buy
    case "Sell": self = .sell
    default: return nil
    }
  }
}

extension PositionSide {
  var bybit: String { opening.bybit }
}

extension TimeInForce {
  var bybit: String {
    switch self {
    case .goodTillCancelled: "GTC"
    case .immediateOrCancel: "IOC"
    case .fillOrKill: "FOK"
    case .postOnly: "PostOnly"
    }
  }

  init?(bybit text: String) {
    switch text {
    case "GTC": self = .goodTillCancelled
    case "IOC": self = .immediateOrCancel
    case "FOK": self = .fillOrKill
    case "PostOnly": self = .postOnly
    default: return nil
    }
  }
}

extension TriggerSource {
  var bybit: String {
    switch self {
    case .last: "LastPrice"
    case .mark: "MarkPrice"
    case .index: "IndexPrice"
    }
  }

  init?(bybit text: String) {
    switch text {
    case "LastPrice": self = .last
    case "MarkPrice": self = .mark
    case "IndexPrice": self = .index
    default: return nil
    }
  }
}

extension MarginMode {
  var bybit: String {
    switch self {
    case .isolated: "ISOLATED_MARGIN"
    case .cross: "REGULAR_MARGIN"
    case .portfolio: "PORTFOLIO_MARGIN"
    }
  }

  init?(bybit text: String) {
    switch text {
    case "ISOLATED_MARGIN": self = .isolated
    case "REGULAR_MARGIN": self = .cross
    case "PORTFOLIO_MARGIN": self = .portfolio
    default: return nil
    }
  }
}
