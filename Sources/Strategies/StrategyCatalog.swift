import TradingModel

/// Every engine there is. Adding one is its folder and a line here.
public enum StrategyCatalog {
  public static let all: [any Strategy.Type] = [
    LiquidationEngine.self
  ]

  /// The connections that `engine` lives on; empty for an engine that does not exist yet.
  public static func links(of engine: EngineName) -> [LinkName] {
    all.first { $0.name == engine }?.livesOn ?? []
  }
}
