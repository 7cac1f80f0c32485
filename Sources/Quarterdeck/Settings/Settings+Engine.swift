import Engine
import EngineCore
import Risk
import Strategies
import TradingModel

extension Settings {
  /// What the order desk is told.
  var deskSettings: DeskSettings {
    var desk = DeskSettings()
    desk.setsLeverage = setsLeverage
    return desk
  }

  /// What the deciding value is told.
  ///
  /// - Parameters:
  ///   - isReplay: Prices come from a recording of the signal venue.
  ///   - isStandIn: It is the guard's: nothing is entered.
  func engineSettings(isReplay: Bool = false, isStandIn: Bool = false) -> EngineSettings {
    let source = liquidation?.source ?? .binance
    var engine = EngineSettings(
      venue: isReplay || mode == .paper ? .paper : venue,
      signalVenue: source == .bybit ? .bybit : .binance,
      environment: environment, isLive: mode == .live, risk: risk, liquidation: liquidation)
    // What is told to be asked is what break-even, edges and open risk must bear.
    if isReplay || mode == .paper { engine.risk.takerFee = paper.takerFee ?? risk.takerFee }
    engine.version = Version.text
    engine.isStandIn = isStandIn
    if !isReplay { engine.priceVenue = venue }
    engine.timings = timings
    engine.protectManual = protectsManual
    engine.longterm = Set(longTerm)
    engine.allowlist = allowlist
    engine.minimumSizes = minimumSizes
    return engine
  }
}
