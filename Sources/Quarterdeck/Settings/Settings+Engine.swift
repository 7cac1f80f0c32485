import EngineCore
import Risk
import Strategies
import TradingModel

extension Settings {
  /// What the deciding value is told.
  ///
  /// - Parameter isReplay: Orders go to the paper venue and prices come from the recording.
  func engineSettings(isReplay: Bool = false) -> EngineSettings {
    let source = liquidation?.source ?? .binance
    var engine = EngineSettings(
      venue: isReplay ? .paper : venue, signalVenue: source == .bybit ? .bybit : .binance,
      environment: environment, isLive: mode == .live, risk: risk, liquidation: liquidation)
    engine.version = Version.text
    engine.protectManual = protectsManual
    engine.longterm = Set(longTerm)
    engine.allowlist = allowlist
    return engine
  }
}
