import Simulation
import TradingModel

/// An order as Binance knows it: the paper venue's, with what only Binance calls it by.
struct BinanceOrder: Sendable, Hashable {
  enum Status: String, Sendable, Hashable {
    case new = "NEW"
    case partiallyFilled = "PARTIALLY_FILLED"
    case filled = "FILLED"
    case cancelled = "CANCELED"
    case expired = "EXPIRED"

    var isOpen: Bool { self == .new || self == .partiallyFilled }
  }

  /// What a client asked for.
  struct Request: Sendable, Hashable {
    var symbol: Symbol
    var slot: PositionSlot
    var side: Side
    /// Nil is a market order.
    var price: Price?
    var timeInForce: BinanceTimeInForce
    var quantity: Quantity
    var reduceOnly: Bool
    var closePosition = false
    var clientID: String
    var priceMatch = "NONE"
    var selfTradePrevention = "EXPIRE_MAKER"
    /// In ms; 0 for none.
    var goodTillDate: Int64 = 0
    var workingType = BinanceWorkingType.contract
    var priceProtect = false
  }

  /// `orderId`, increasing.
  let number: Int64
  let paperID: String
  var request: Request
  var status = Status.new
  var filled = Quantity.zero
  var filledValue = Notional.zero
  /// `CALCULATED` instead of `TRADE`: closed by force.
  var isForced = false
  /// `er`: why it expired.
  var expiryReason = 0
  /// Its date has come: it ends as expired, not as cancelled.
  var isOutdated = false
  var modifications = 0
  /// The conditional order that it was made by.
  var algoNumber: Int64?
  /// Whether the streams told of it as new.
  var isTold = false
  let createdAt: Timestamp
  var updatedAt: Timestamp

  init(
    number: Int64, paperID: String, _ request: Request, at now: Timestamp
  ) {
    self.number = number
    self.paperID = paperID
    self.request = request
    createdAt = now
    updatedAt = now
  }

  var symbol: Symbol { request.symbol }

  var unfilled: Quantity {
    Quantity(uncheckedCount: max(0, request.quantity.wideCount - filled.wideCount))
  }

  /// Nil while unfilled.
  var averagePrice: Price? {
    do { return try filledValue.price(per: filled) } catch { return nil }
  }

  var type: String { request.price == nil ? "MARKET" : "LIMIT" }

  /// Orders that ended without a fill are gone after 3 days, all others after 90.
  func isRemembered(at now: Timestamp) -> Bool {
    if status.isOpen { return true }
    let age = now - updatedAt
    return filled.isZero ? age < .hours(72) : age < .hours(90 * 24)
  }

  /// As the order was before the venue looked at it: what an ACK tells.
  var acknowledged: BinanceOrder {
    var order = self
    order.status = .new
    order.filled = .zero
    order.filledValue = .zero
    order.updatedAt = createdAt
    return order
  }
}

/// When an order rests and when it goes.
enum BinanceTimeInForce: String, Sendable, Hashable {
  case goodTillCancelled = "GTC"
  case immediateOrCancel = "IOC"
  case fillOrKill = "FOK"
  case postOnly = "GTX"
  case goodTillDate = "GTD"
  case retailPriceImprovement = "RPI"

  var paper: TimeInForce {
    switch self {
    case .goodTillCancelled, .goodTillDate: .goodTillCancelled
    case .immediateOrCancel: .immediateOrCancel
    case .fillOrKill: .fillOrKill
    case .postOnly, .retailPriceImprovement: .postOnly
    }
  }

  /// Neither may take.
  var isPostOnly: Bool { paper == .postOnly }
}

/// What moves a trigger.
enum BinanceWorkingType: String, Sendable, Hashable {
  case contract = "CONTRACT_PRICE"
  case mark = "MARK_PRICE"
}

extension Side {
  var binance: String { self == .buy ? "BUY" : "SELL" }

  init?(binance text: String) {
    switch text.uppercased() {
    case "BUY": self = .buy
    case "SELL": self = .sell
    default: return nil
    }
  }
}

extension PositionSlot {
  var binance: String {
    switch self {
    case .oneWay: "BOTH"
    case .hedgeLong: "LONG"
    case .hedgeShort: "SHORT"
    }
  }

  init?(binance text: String) {
    switch text.uppercased() {
    case "BOTH": self = .oneWay
    case "LONG": self = .hedgeLong
    case "SHORT": self = .hedgeShort
    default: return nil
    }
  }

  /// In hedge mode an order against the side of its slot can only close.
  func isOnlyClosed(by side: Side) -> Bool {
    switch self {
    case .oneWay: false
    case .hedgeLong: side == .sell
    case .hedgeShort: side == .buy
    }
  }
}
