import Simulation
import TradingModel

/// Reads the body of `order/create`. Source: Bybit V5 `POST /v5/order/create`.
struct BybitOrderReader {
  let parameters: BybitParameters

  func request() throws(BybitRefusal) -> PaperOrderRequest {
    try parameters.requireLinear()
    let symbol = try parameters.requiredSymbol()
    guard let side = Side(bybit: try parameters.required("side")) else { throw .parameter("side") }
    guard let quantity = try parameters.amount("qty", as: Quantity.self) else {
      throw BybitRefusal(10001, "Qty invalid")
    }
    guard try parameters.flag("reduceOnly") || quantity > .zero else {
      throw BybitRefusal(10001, "Qty invalid")
    }
    let mode = try parameters.protectionMode()
    return PaperOrderRequest(
      link: parameters.reference.link, symbol: symbol, slot: try parameters.slot(), side: side,
      quantity: quantity, kind: try kind(), reduceOnly: try parameters.flag("reduceOnly"),
      closeOnTrigger: try parameters.flag("closeOnTrigger"), trigger: try trigger(),
      stop: try parameters.price("stopLoss"), target: try parameters.price("takeProfit"),
      stopSource: try parameters.source("slTriggerBy"),
      targetSource: try parameters.source("tpTriggerBy"), protection: mode,
      stopLimit: try parameters.legLimit("sl", mode),
      targetLimit: try parameters.legLimit("tp", mode))
  }

  private func kind() throws(BybitRefusal) -> OrderKind {
    switch try parameters.required("orderType") {
    case "Market": return .market
    case "Limit":
      let timeInForce = parameters.text("timeInForce") ?? "GTC"
      guard let timeInForce = TimeInForce(bybit: timeInForce) else {
        throw .parameter("timeInForce")
      }
      guard let price = try parameters.amount("price", as: Price.self) else {
        throw .parameter("price")
      }
      return .limit(price, timeInForce)
    default: throw .parameter("orderType")
    }
  }

  private func trigger() throws(BybitRefusal) -> PaperTrigger? {
    guard let price = try parameters.price("triggerPrice") else { return nil }
    guard let direction = try parameters.integer("triggerDirection"),
      let direction = PaperTrigger.Direction(rawValue: Int(clamping: direction))
    else { throw .parameter("triggerDirection") }
    return PaperTrigger(
      price: price, direction: direction, source: try parameters.source("triggerBy"))
  }
}

extension BybitParameters {
  /// `positionIdx`; absent is the one-way slot.
  func slot() throws(BybitRefusal) -> PositionSlot {
    let index = try integer("positionIdx") ?? 0
    guard let slot = PositionSlot(rawValue: Int(clamping: index)) else {
      throw BybitRefusal(10001, "position idx not match position mode")
    }
    return slot
  }

  func source(_ name: String) throws(BybitRefusal) -> TriggerSource {
    guard let text = text(name) else { return .last }
    guard let source = TriggerSource(bybit: text) else { throw .parameter(name) }
    return source
  }

  /// `tpslMode`; absent is the whole position.
  func protectionMode() throws(BybitRefusal) -> PaperProtectionMode {
    guard let text = text("tpslMode") else { return .full }
    guard let mode = PaperProtectionMode(rawValue: text) else { throw .parameter("tpslMode") }
    return mode
  }

  /// At which limit a stop (`sl`) or a target (`tp`) is placed; nil is at market. Only partial ones
  /// have a limit.
  func legLimit(
    _ leg: String, _ mode: PaperProtectionMode
  ) throws(BybitRefusal) -> Price? {
    switch text("\(leg)OrderType") ?? "Market" {
    case "Market": return nil
    case "Limit":
      guard mode == .partial else { throw .parameter("\(leg)OrderType") }
      guard let price = try price("\(leg)LimitPrice") else { throw .parameter("\(leg)LimitPrice") }
      return price
    default: throw .parameter("\(leg)OrderType")
    }
  }
}
