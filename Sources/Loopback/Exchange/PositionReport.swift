import Simulation
import TradingModel

/// A slot of the account with what only the venue can work out.
public struct PositionReport: Sendable, Hashable {
  public let position: PaperPosition
  /// Nil while the market is unknown.
  public let mark: Price?
  public let value: Notional
  public let unrealised: Notional
  public let initialMargin: Notional
  public let maintenanceMargin: Notional
  public let liquidationPrice: Price?
  public let bankruptcyPrice: Price?
  /// The step of the risk limits that it lies in.
  public let tier: PaperTier
  /// The price at which closing brings back fees and losses; nil when flat.
  public let breakEvenPrice: Price?

  init(_ position: PaperPosition, on venue: PaperVenue) {
    self.position = position
    mark = venue.market(position.key.symbol)?.valuation
    value = position.isFlat ? .zero : venue.value(of: position)
    unrealised = venue.unrealised(of: position)
    initialMargin = venue.initialMargin(of: position)
    maintenanceMargin = venue.maintenanceMargin(of: position)
    liquidationPrice = venue.liquidationPrice(of: position)
    bankruptcyPrice = venue.bankruptcyPrice(of: position)
    tier = venue.tier(of: position.key.symbol, at: value)
    breakEvenPrice = Self.breakEven(of: position, takerFee: venue.settings.takerFee)
  }

  /// (entry × quantity − realised) ÷ (quantity − |quantity| × fee), a short's quantity below zero.
  /// Source: Bybit V5 `GET /v5/position/list`, `breakEvenPrice`.
  private static func breakEven(of position: PaperPosition, takerFee: Ratio) -> Price? {
    guard let side = position.side else { return nil }
    let fee = max(takerFee, Ratio(uncheckedCount: 55_000))
    do {
      switch side {
      case .long:
        return try (position.cost - position.realised)
          .price(per: position.quantity.scaled(by: .one - fee))
      case .short:
        return try (position.cost + position.realised)
          .price(per: position.quantity.scaled(by: .one + fee))
      }
    } catch {
      return nil
    }
  }
}
