import Simulation
import TestSupport
import TradingModel

let btc: Symbol = "BTCUSDT"

/// A venue with one instrument at 64 000 USDT and round numbers: 10 000 USDT, 10x.
func venue(
  balance: Notional = "10000", mode: PaperPositionMode = .oneWay, margin: MarginMode = .isolated
) -> PaperVenue {
  var venue = PaperVenue(
    settings: PaperSettings(balance: balance, marginMode: margin, positionMode: mode),
    instruments: [.example()])
  venue.move(btc, last: "64000", mark: "64000", bid: "63999.9", ask: "64000.1", at: .noon)
  return venue
}

extension PaperVenue {
  /// The whole touch moves to one price.
  mutating func goTo(_ price: Price, at time: Timestamp = .noon) {
    move(btc, last: price, mark: price, bid: price, ask: price, at: time)
  }

  @discardableResult
  mutating func buy(
    _ quantity: Quantity, stop: Price? = nil, target: Price? = nil, link: String? = nil
  ) throws(PaperRejection) -> PaperOrder {
    try place(
      PaperOrderRequest(
        link: link.map { ClientOrderID($0) }, symbol: btc, side: .buy, quantity: quantity,
        stop: stop, target: target), at: .noon)
  }

  @discardableResult
  mutating func sell(_ quantity: Quantity, reduceOnly: Bool = false) throws(PaperRejection)
    -> PaperOrder
  {
    try place(
      PaperOrderRequest(
        symbol: btc, side: .sell, quantity: quantity, reduceOnly: reduceOnly), at: .noon)
  }

  var long: PaperPosition? { openPositions().first { $0.side == .long } }
}

/// The code of the refusal; nil when there was none.
func code(_ body: () throws(PaperRejection) -> Void) -> Int? {
  do {
    try body()
    return nil
  } catch {
    return error.bybit.code
  }
}

/// The cause of the refusal; nil when there was none.
func cause(_ body: () throws(PaperRejection) -> Void) -> PaperRejection? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}
