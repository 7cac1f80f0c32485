import Simulation
import TestSupport
import Testing
import TradingModel

/// Two positions of one symbol beside each other, and who may switch to that.
struct HedgeModeTests {
  private func order(
    _ slot: PositionSlot, _ side: Side, _ quantity: Quantity = "0.01", stop: Price? = nil
  ) -> PaperOrderRequest {
    PaperOrderRequest(symbol: btc, slot: slot, side: side, quantity: quantity, stop: stop)
  }

  @Test func `each slot keeps its own entry, stop and result`() throws {
    var venue = venue(mode: .hedge)
    try venue.place(order(.hedgeLong, .buy, "0.1", stop: "63000"), at: .noon)
    try venue.place(order(.hedgeShort, .sell, "0.05", stop: "65000"), at: .noon)
    #expect(venue.openPositions().map(\.key.slot) == [.hedgeLong, .hedgeShort])
    #expect(venue.openPositions().map(\.stop) == ["63000", "65000"])
    venue.goTo("65000")
    #expect(venue.openPositions().map(\.key.slot) == [.hedgeLong])
    #expect(venue.position(PositionKey(btc, .hedgeShort))?.realised.isZero == false)
    #expect(venue.long?.realised == "-3.5200055")
  }

  @Test func `leverage may differ by side, in hedge mode and isolated margin`() throws {
    var venue = venue(mode: .hedge)
    try venue.setLeverage(btc, long: "20", short: "5", at: .noon)
    try venue.place(order(.hedgeLong, .buy), at: .noon)
    try venue.place(order(.hedgeShort, .sell), at: .noon)
    #expect(venue.openPositions().map(\.leverage) == ["20", "5"])
    var cross = PaperVenue(
      settings: PaperSettings(marginMode: .cross, positionMode: .hedge),
      instruments: [.example()])
    let refused = code { () throws(PaperRejection) in
      try cross.setLeverage(btc, long: "20", short: "5", at: .noon)
    }
    #expect(refused == 10001)
  }

  @Test func `the switch is refused with positions, then with orders, then as unchanged`() throws {
    var venue = venue()
    try venue.buy("0.01")
    #expect(
      code { () throws(PaperRejection) in try venue.setPositionMode(.hedge, symbol: btc) }
        == 110024)
    try venue.sell("0.01", reduceOnly: true)
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.01", kind: .limit("60000", .goodTillCancelled)),
      at: .noon)
    #expect(
      code { () throws(PaperRejection) in try venue.setPositionMode(.hedge, symbol: btc) }
        == 110028)
    venue.cancelAll(at: .noon)
    try venue.setPositionMode(.hedge, symbol: btc)
    #expect(
      code { () throws(PaperRejection) in try venue.setPositionMode(.hedge, symbol: btc) }
        == 110025)
  }

  @Test func `a switch by coin leaves busy symbols as they are`() throws {
    var venue = PaperVenue(instruments: [.example(), .example("ETHUSDT")])
    venue.move(btc, last: "64000", at: .noon)
    try venue.buy("0.01")
    try venue.setPositionMode(.hedge, symbol: nil)
    #expect(venue.mode(of: btc) == .oneWay)
    #expect(venue.mode(of: "ETHUSDT") == .hedge)
  }

  @Test func `the whole account switches only while nothing is open anywhere`() throws {
    var venue = venue()
    func cause(_ mode: PaperPositionMode) -> PaperRejection? {
      do throws(PaperRejection) {
        try venue.setPositionMode(ofAccount: mode)
        return nil
      } catch {
        return error
      }
    }
    #expect(cause(.oneWay) == .positionModeUnchanged)
    try venue.buy("0.01")
    #expect(cause(.hedge) == .positionModeBlockedByPosition)
    try venue.sell("0.01", reduceOnly: true)
    #expect(cause(.hedge) == nil)
    #expect(venue.mode(of: btc) == .hedge)
  }
}
