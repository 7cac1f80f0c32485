import TradingModel

// Amounts as literals, for tests only: a literal that is no amount stops the test at once.

extension Price: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = amount(text) }
}

extension Quantity: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = amount(text) }
}

extension Notional: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = amount(text) }
}

extension Ratio: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = amount(text) }
}

extension Symbol: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(venueName: name) }
}

private func amount<Amount: ExactAmount>(_ text: String) -> Amount {
  do { return try Amount(text) } catch { preconditionFailure("\(error)") }
}
