import TradingModel
import Transport

extension BybitREST {
  /// `POST /v5/position/trading-stop`, for the whole position. Values that stand already are success.
  public nonisolated(nonsending) func protect(
    _ change: ProtectionChange
  ) async throws(VenueError) {
    let source = BybitTrigger(change.trigger)
    try await protect(
      TradingStop(
        change.key, stop: change.stop.map { .set($0) }, target: change.target.map { .set($0) },
        stopSource: source, targetSource: source))
  }

  /// `POST /v5/position/trading-stop`, with all it can do. Values that stand already are success.
  public nonisolated(nonsending) func protect(_ change: TradingStop) async throws(VenueError) {
    try await apply(change.body, at: "/v5/position/trading-stop")
  }
}

/// Stop, target and trailing stop of a position; nil leaves that leg as it is.
///
/// Source: https://bybit-exchange.github.io/docs/v5/position/trading-stop
public struct TradingStop: Sendable, Hashable {
  public enum Scope: Sendable, Hashable {
    /// Replaces the one pair of the whole position, which follows its size. At market.
    case full
    /// Adds a pair for a part of it, at a limit price where one is given.
    case partial(Quantity, stopLimit: Price? = nil, targetLimit: Price? = nil)
  }

  /// Follows the best price at a distance in USDT.
  public enum Trailing: Sendable, Hashable {
    /// - Parameter activation: Where it begins to follow; nil for at once.
    case follow(distance: Price, activation: Price? = nil)
    case remove
  }

  public var key: PositionKey
  public var scope: Scope
  public var stop: OrderChange.Level?
  public var target: OrderChange.Level?
  public var trailing: Trailing?
  public var stopSource: BybitTrigger
  public var targetSource: BybitTrigger

  public init(
    _ key: PositionKey, scope: Scope = .full, stop: OrderChange.Level? = nil,
    target: OrderChange.Level? = nil, trailing: Trailing? = nil,
    stopSource: BybitTrigger = .last, targetSource: BybitTrigger = .last
  ) {
    self.key = key
    self.scope = scope
    self.stop = stop
    self.target = target
    self.trailing = trailing
    self.stopSource = stopSource
    self.targetSource = targetSource
  }

  var body: JSONObject {
    var body: JSONObject = [
      "category": "linear", "symbol": .string(key.symbol.name),
      "tpslMode": scope == .full ? "Full" : "Partial",
      "positionIdx": .integer(key.slot.rawValue),
    ]
    if let stop {
      body["stopLoss"] = .string(stop.text)
      body["slTriggerBy"] = .string(stopSource.rawValue)
    }
    if let target {
      body["takeProfit"] = .string(target.text)
      body["tpTriggerBy"] = .string(targetSource.rawValue)
    }
    switch trailing {
    case .follow(let distance, let activation):
      body["trailingStop"] = JSONValue(distance)
      if let activation { body["activePrice"] = JSONValue(activation) }
    case .remove: body["trailingStop"] = "0"
    case nil: break
    }
    guard case .partial(let quantity, let stopLimit, let targetLimit) = scope else { return body }
    if stop != nil { body["slSize"] = JSONValue(quantity) }
    if target != nil { body["tpSize"] = JSONValue(quantity) }
    if let stopLimit, stop != nil {
      body["slOrderType"] = "Limit"
      body["slLimitPrice"] = JSONValue(stopLimit)
    }
    if let targetLimit, target != nil {
      body["tpOrderType"] = "Limit"
      body["tpLimitPrice"] = JSONValue(targetLimit)
    }
    return body
  }
}
