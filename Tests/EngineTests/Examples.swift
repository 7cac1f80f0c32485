import EngineCore
import TestSupport
import TradingModel

@testable import Risk

extension OrderRequest {
  static func example(
    _ number: UInt64 = 1, symbol: Symbol = "BTCUSDT", quantity: Quantity = "0.01"
  ) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(owner: .engine(.liquidation), boot: 1, counter: number), symbol: symbol,
      side: .buy, quantity: quantity, stop: "63000")
  }
}

extension ApprovedOrder {
  static func example(_ number: UInt64 = 1, symbol: Symbol = "BTCUSDT") -> ApprovedOrder {
    let intent = Intent(
      id: SignalID("signal-\(number)"), engine: .liquidation, symbol: symbol, side: .long,
      price: "64000", stop: "63000", target: nil,
      size: .shareOfBalance(.percent(1), raiseLimit: .times(2)), leverage: .times(5),
      reasons: [], time: .noon)
    return ApprovedOrder(.example(number, symbol: symbol), for: intent)
  }
}

extension ReducingOrder {
  static func example(_ number: UInt64 = 1) -> ReducingOrder {
    ReducingOrder(
      id: ClientOrderID(owner: .risk, boot: 1, counter: number), closing: .example(),
      quantity: "0.12")
  }
}

extension Order {
  /// The order that a request became.
  static func example(
    _ request: OrderRequest, status: Status = .new, filled: Quantity = .zero,
    quantity: Quantity? = nil, reason: String = ""
  ) -> Order {
    Order(
      id: request.id, venueID: "v7", symbol: request.symbol, side: request.side,
      quantity: quantity ?? request.quantity, filled: filled, kind: request.kind, status: status,
      reason: reason, createdAt: .noon, updatedAt: .noon)
  }
}

extension VenueError {
  static func refusal(_ meaning: Rejection.Meaning) -> VenueError {
    .rejected(Rejection(code: 7, reason: "no", meaning: meaning))
  }
}

extension Timestamp {
  static func noon(plus milliseconds: Int64) -> Timestamp { .noon + .milliseconds(milliseconds) }
}
