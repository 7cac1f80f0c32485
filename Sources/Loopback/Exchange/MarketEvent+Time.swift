import TradingModel

extension MarketEvent {
  var time: Timestamp {
    switch self {
    case .liquidation(let event): event.time
    case .trade(let event): event.time
    case .ticker(let event): event.time
    }
  }

  /// The same at another time.
  func stamped(_ time: Timestamp) -> MarketEvent {
    switch self {
    case .liquidation(var event):
      event.time = time
      return .liquidation(event)
    case .trade(var event):
      event.time = time
      return .trade(event)
    case .ticker(var event):
      event.time = time
      return .ticker(event)
    }
  }
}
