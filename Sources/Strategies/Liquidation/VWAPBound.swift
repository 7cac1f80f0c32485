import TradingModel

/// The distance from the VWAP that the price must have, on one side of it.
struct VWAPBound {
  let side: PositionSide
  let offset: Ratio

  init(_ side: PositionSide, parameters: LiquidationParameters) {
    self.side = side
    offset = side == .long ? parameters.longVWAPOffset : parameters.shortVWAPOffset
  }

  /// Strictly beyond the bound, which is never rounded: cheap coins have no digits to spare.
  func isBeyond(_ price: Price, vwap: Price) -> Bool {
    side == .long ? price.isBelow(vwap, by: offset) : price.isAbove(vwap, by: offset)
  }

  /// `0.52 is 2.1084% below VWAP 0.5312, asked more than 1.5%`.
  func text(price: Price, vwap: Price) -> String {
    let wanted = side == .long ? "below" : "above"
    let seen = "\(price) is \(distanceText(price: price, vwap: vwap)) VWAP \(vwap)"
    return "\(seen), asked more than \(offset.percentDescription)% \(wanted)"
  }

  /// `2.1084% below`.
  func distanceText(price: Price, vwap: Price) -> String {
    do {
      let distance = try price.distance(from: vwap)
      return "\(distance.percentText(decimals: 4))% \(price < vwap ? "below" : "above")"
    } catch {
      return "immeasurably far from"
    }
  }
}
