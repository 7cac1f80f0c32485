import TradingModel

/// Buys what a cascade of liquidated longs pushed under its VWAP, sells what liquidated shorts
/// pushed over it.
///
/// A long was liquidated and price < VWAP × (1 − offset): long. A short was liquidated and
/// price > VWAP × (1 + offset): short. Both comparisons are strict and exact.
public struct LiquidationEngine: Strategy {
  public static let name = EngineName.liquidation
  public static let summary = "trades against liquidations away from the 24 h VWAP"
  public static let livesOn: [LinkName] = [.liquidations, .prices]

  public let settings: LiquidationSettings
  private var joined = JoinedSignals()

  public init(settings: LiquidationSettings) { self.settings = settings }

  /// Judges one liquidation: every condition in a fixed order, the cheap ones first, until one
  /// fails; the intent when none does.
  ///
  /// - Parameters:
  ///   - signal: The market of the venue that the liquidation happened on.
  ///   - executing: The market of the venue that orders go to: its last trade serves when the
  ///     signal venue's is not fresh.
  ///   - instrument: The executing venue's rules; nil when they are not known.
  ///   - range: The ATR that the symbol's exits are measured in; nil when it is not known.
  public mutating func look(
    at liquidation: Liquidation, signal: SymbolMarket, executing: SymbolMarket,
    instrument: Instrument?, range: Price? = nil, now: Timestamp
  ) -> Look {
    var examination = LiquidationExamination(
      liquidation, settings: settings, signal: signal, executing: executing,
      instrument: instrument, range: range, now: now)
    examination.run(joined: joined)
    if examination.look.intent != nil { joined.note(liquidation) }
    return examination.look
  }

  /// The venue that the liquidation behind `intent` happened on; nil for what is not of this
  /// engine's making.
  public static func venue(of intent: Intent) -> Venue? {
    intent.reasons.first { $0.name == venueReason }.flatMap { Venue(rawValue: $0.value) }
  }

  /// Under this name the intent says where the liquidation happened.
  static let venueReason = "venue"

  /// Whether the distance from the VWAP that `intent` rests on is still there.
  ///
  /// - Parameters:
  ///   - signal: The market of `venue(of: intent)`, which with two sources may be either.
  ///   - executing: The market of the venue that orders go to.
  public func basis(
    of intent: Intent, signal: SymbolMarket, executing: SymbolMarket, now: Timestamp
  ) -> SignalBasis {
    guard let price = settings.price(signal: signal, executing: executing, now: now) else {
      return .unknown("no trade within \(settings.priceMaxAge.wholeSeconds) s")
    }
    guard let vwap = settings.vwap(signal: signal, now: now) else {
      return .unknown("no VWAP")
    }
    let bound = VWAPBound(intent.side, parameters: settings.parameters(for: intent.symbol))
    let text = bound.text(price: price, vwap: vwap)
    return bound.isBeyond(price, vwap: vwap) ? .holds(text) : .gone(text)
  }
}
