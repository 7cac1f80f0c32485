/// How a symbol is set up on the account, as the venue reads it back.
public struct SymbolSettings: Sendable, Hashable, Codable {
  public var marginMode: MarginMode
  public var leverage: Ratio

  public init(marginMode: MarginMode, leverage: Ratio) {
    self.marginMode = marginMode
    self.leverage = leverage
  }
}
