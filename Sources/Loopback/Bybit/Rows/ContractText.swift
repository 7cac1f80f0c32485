import TradingModel
import Transport

/// Writes amounts as venues do: prices and quantities with the places of the contract's tick and
/// step, everything else exact.
struct ContractText: Sendable {
  let priceDecimals: Int
  let quantityDecimals: Int

  init(_ instrument: Instrument) {
    // Bybit and Binance show two places at least: `0.10`.
    priceDecimals = max(2, Self.decimals(of: instrument.tickSize))
    quantityDecimals = Self.decimals(of: instrument.quantityStep)
  }

  /// A price on the tick.
  func price(_ price: Price) -> JSONValue { .string(price.text(decimals: priceDecimals)) }

  /// A price on the tick, or what the field holds without one.
  func price(_ price: Price?, none: JSONValue) -> JSONValue { price.map(self.price) ?? none }

  /// A quantity on the step.
  func quantity(_ quantity: Quantity) -> JSONValue {
    .string(quantity.text(decimals: quantityDecimals))
  }

  func quantity(_ quantity: Quantity?, none: JSONValue) -> JSONValue {
    quantity.map(self.quantity) ?? none
  }

  /// What was traded.
  func volume(_ volume: Volume?) -> JSONValue {
    .string(volume?.text(decimals: quantityDecimals) ?? "")
  }

  private static func decimals(of amount: some ExactAmount) -> Int {
    let parts = amount.description.split(separator: ".")
    return parts.count == 2 ? parts[1].count : 0
  }
}

extension JSONValue {
  /// An exact amount, or an empty text where there is none.
  init(_ amount: (some ExactAmount)?) { self = .string(amount?.description ?? "") }

  /// A moment in ms, as text.
  init(milliseconds time: Timestamp?) { self = .string(time.map { "\($0.milliseconds)" } ?? "") }
}
