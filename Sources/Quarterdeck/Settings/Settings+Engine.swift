import EngineCore
import Risk
import Strategies
import TradingModel

extension Settings {
  /// What the deciding value is told.
  ///
  /// - Parameter isReplay: Prices come from a recording of the signal venue.
  func engineSettings(isReplay: Bool = false) -> EngineSettings {
    let source = liquidation?.source ?? .binance
    var engine = EngineSettings(
      venue: isReplay || mode == .paper ? .paper : venue,
      signalVenue: source == .bybit ? .bybit : .binance,
      environment: environment, isLive: mode == .live, risk: risk, liquidation: liquidation)
    engine.version = Version.text
    if !isReplay { engine.priceVenue = venue }
    engine.protectManual = protectsManual
    engine.longterm = Set(longTerm)
    engine.allowlist = allowlist
    engine.minimumSizes = minimumSizes
    return engine
  }
}
