import Risk
import Strategies
import TradingModel

// The settings' leverage, as the venue's rules have it.

extension TradingEngine {
  /// What is set and sized by. A venue that takes whole leverage alone refuses 2.5, and with it every
  /// entry; the next one down ties up no more margin, and trades less.
  func leverage(for symbol: Symbol, wanted: Ratio) -> Ratio {
    instruments[symbol]?.leverage(upTo: wanted) ?? wanted
  }

  /// Told as soon as the rules are known, of what may be entered, and once.
  mutating func judgeLeverages() {
    guard !standing.areLeveragesJudged, !instruments.isEmpty, let liquidation = settings.liquidation
    else { return }
    standing.areLeveragesJudged = true
    guard !settings.isStandIn else { return }
    let lowered = allowlist.symbols.compactMap { symbol -> LoweredLeverage? in
      let parameters = liquidation.parameters(for: symbol)
      guard parameters.isEnabled, !settings.longterm.contains(symbol) else { return nil }
      let used = leverage(for: symbol, wanted: parameters.leverage)
      guard used != parameters.leverage else { return nil }
      return LoweredLeverage(symbol: symbol, wanted: parameters.leverage, used: used)
    }
    let news = lowered.filter { standing.leveragesTold[$0.symbol] != $0 }
    guard !news.isEmpty else { return }
    for one in news { standing.leveragesTold[one.symbol] = one }
    tell(.p1, .leverageLowered(news))
  }
}
