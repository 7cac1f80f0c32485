import Simulation
import TradingModel

/// Gives isolated positions margin when they come near their liquidation, for those that want it.
struct AutoMargin: Sendable {
  /// As near as this to the mark price.
  private static let nearness = Ratio.percent(1)

  private var wanted: Set<PositionKey> = []

  func isWanted(for key: PositionKey) -> Bool { wanted.contains(key) }

  mutating func set(_ isWanted: Bool, for key: PositionKey) {
    if isWanted { wanted.insert(key) } else { wanted.remove(key) }
  }

  func apply(to venue: inout PaperVenue, at time: Timestamp) {
    for key in wanted.sorted() {
      guard let position = venue.position(key), let side = position.side,
        let liquidation = venue.liquidationPrice(of: position),
        let mark = venue.market(key.symbol)?.valuation
      else { continue }
      let isNear =
        side == .long
        ? !mark.isAbove(liquidation, by: Self.nearness)
        : !mark.isBelow(liquidation, by: Self.nearness)
      let wish = position.isolatedMargin - position.extraMargin
      let margin = min(wish, venue.wallet(at: time).available)
      guard isNear, margin > .zero else { continue }
      do throws(PaperRejection) {
        try venue.moveMargin(margin, to: key, at: time)
      } catch {
        continue  // There is nothing to give.
      }
    }
  }
}
