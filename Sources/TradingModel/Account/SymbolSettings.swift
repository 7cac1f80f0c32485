/// How a symbol is set up on the account, as the venue reads it back.
public struct SymbolSettings: Sendable, Hashable, Codable {
  public var marginMode: MarginMode
  public var leverage: Ratio
  /// Nil where the venue does not say.
  public var positionMode: PositionMode?

  public init(marginMode: MarginMode, leverage: Ratio, positionMode: PositionMode? = nil) {
    self.marginMode = marginMode
    self.leverage = leverage
    self.positionMode = positionMode
  }
}
