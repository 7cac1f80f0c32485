import Strategies
import TestSupport
import TradingModel

/// One liquidation with the market around it: by default a signal to buy, 520 USDT of longs
/// liquidated at 0.52 under a VWAP of 0.5312.
struct LiquidationScene {
  static let symbol: Symbol = "ADAUSDT"

  var settings = LiquidationSettings()
  var closed = PositionSide.long
  var venue = Venue.binance
  var price: Price = "0.52"
  var quantity: Quantity = "1000"
  var liquidatedAt = Timestamp.noon
  var last: Price? = "0.52"
  var lastAt = Timestamp.noon
  var vwap: Price? = "0.5312"
  var vwapAt = Timestamp.noon
  var tapeVWAP: Price?
  var tapeAt = Timestamp.noon
  var executingLast: Price?
  var executingAt = Timestamp.noon
  var instrument: Instrument? = .example(symbol, tick: "0.0001", step: "0.1", minimum: "0.1")
  var range: Price?
  var now = Timestamp.noon

  var liquidation: Liquidation {
    .example(
      Self.symbol, closed: closed, price: price, quantity: quantity, venue: venue,
      at: liquidatedAt)
  }

  var signal: SymbolMarket {
    var market = SymbolMarket()
    market.last = last.map { TimedPrice($0, at: lastAt) }
    market.vwap24h = vwap.map { TimedPrice($0, at: vwapAt) }
    market.tapeVWAP = tapeVWAP.map { TimedPrice($0, at: tapeAt) }
    return market
  }

  var executing: SymbolMarket {
    var market = SymbolMarket()
    market.last = executingLast.map { TimedPrice($0, at: executingAt) }
    return market
  }

  func look() -> Look {
    var engine = LiquidationEngine(settings: settings)
    return look(of: &engine)
  }

  func look(of engine: inout LiquidationEngine) -> Look {
    engine.look(
      at: liquidation, signal: signal, executing: executing, instrument: instrument,
      range: range, now: now)
  }

  func basis(of intent: Intent) -> SignalBasis {
    LiquidationEngine(settings: settings)
      .basis(of: intent, signal: signal, executing: executing, now: now)
  }
}

extension LiquidationScene {
  static func with(_ change: (inout LiquidationScene) -> Void) -> LiquidationScene {
    var scene = LiquidationScene()
    change(&scene)
    return scene
  }
}
