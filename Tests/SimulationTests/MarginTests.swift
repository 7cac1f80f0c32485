import Simulation
import TestSupport
import Testing
import TradingModel

/// What positions hold, keep, and lose.
struct MarginTests {
  private let eth: Symbol = "ETHUSDT"

  /// Binance's rules: margin mode by symbol, no fees set aside.
  private func binance(_ balance: Notional = "10000") -> PaperVenue {
    var venue = PaperVenue(
      settings: PaperSettings(balance: balance, marginMode: .cross, rules: .binance),
      instruments: [
        .example(), .example("ETHUSDT", tick: "0.01", step: "0.01", minimum: "0.01"),
      ])
    venue.goTo("64000")
    venue.move(eth, last: "3000", mark: "3000", bid: "3000", ask: "3000", at: .noon)
    return venue
  }

  private func long(
    _ symbol: Symbol, _ quantity: Quantity, _ venue: inout PaperVenue
  ) throws(PaperRejection) {
    try venue.place(
      PaperOrderRequest(symbol: symbol, side: .buy, quantity: quantity), at: .noon)
  }

  @Test func `in cross margin profit can be used, in isolated margin it can not`() throws {
    for (mode, available) in [(MarginMode.cross, "10261.4045"), (.isolated, "9251.4045")]
      as [(MarginMode, Notional)]
    {
      var venue = venue(margin: mode)
      venue.goTo("64000")
      try venue.buy("0.1")
      venue.goTo("74100")
      // 9996.48 left, less 741 of margin and 4.0755 to close; the profit is 1010.
      #expect(venue.wallet(at: .noon).available == available)
    }
  }

  @Test func `the worst position of a cross account goes first, and the rest stays if it can`()
    throws
  {
    var venue = PaperVenue(
      settings: PaperSettings(balance: "1000", marginMode: .cross, leverage: .times(50)),
      instruments: [
        .example(), .example("ETHUSDT", tick: "0.01", step: "0.01", minimum: "0.01"),
      ])
    venue.goTo("64000")
    venue.move(eth, last: "3000", mark: "3000", bid: "3000", ask: "3000", at: .noon)
    try long(btc, "0.5", &venue)
    try long(eth, "0.1", &venue)
    let position = try #require(venue.openPositions().first)
    let price = try #require(venue.liquidationPrice(of: position))
    venue.goTo(price)  // Rounded towards earlier: it is just not there yet.
    #expect(venue.openPositions().count == 2)
    let next = try price - "0.1"
    venue.goTo(next)
    #expect(venue.openPositions().map(\.key.symbol) == [eth])
    #expect(venue.executionHistory.last?.kind == .bust)
    #expect(venue.executionHistory.last?.price == next)
  }

  @Test func `a jump beyond the whole cross account leaves nothing, and no debt`() throws {
    var venue = venue(balance: "1000", margin: .cross)
    try venue.setLeverage(btc, long: "50", short: "50", at: .noon)
    try venue.buy("0.5")
    venue.goTo("50000")
    #expect(venue.openPositions().isEmpty)
    #expect(venue.wallet(at: .noon).balance == .zero)
  }

  @Test func `forced closes cost their own fee, in both modes`() throws {
    for mode in [MarginMode.isolated, .cross] {
      var venue = PaperVenue(
        settings: PaperSettings(
          marginMode: mode, leverage: .times(100), liquidationFee: .percent(1)),
        instruments: [.example()])
      venue.goTo("64000")
      try venue.buy(mode == .cross ? "10" : "1")
      venue.goTo("50000")
      let bust = try #require(venue.executionHistory.last)
      #expect(bust.kind == .bust && bust.feeRate == "0.01")
    }
  }

  @Test func `margin put to an isolated position moves its liquidation away, and comes back`()
    throws
  {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    let key = PositionKey(btc)
    #expect(venue.long.flatMap(venue.liquidationPrice) == "57920")
    let before = venue.wallet(at: .noon).available
    try venue.moveMargin("100", to: key, at: .noon)
    #expect(venue.long.flatMap(venue.liquidationPrice) == "56920")
    #expect(venue.wallet(at: .noon).available == before - "100")
    try venue.sell("0.05", reduceOnly: true)
    #expect(venue.long?.extraMargin == "50")
    #expect(
      cause { () throws(PaperRejection) in try venue.moveMargin("-50.01", to: key, at: .noon) }
        == .badMargin)
    try venue.moveMargin("-50", to: key, at: .noon)
    #expect(venue.long?.extraMargin == .zero)
    #expect(
      cause { () throws(PaperRejection) in try venue.moveMargin("999999", to: key, at: .noon) }
        == .insufficientBalance)
  }

  @Test func `margin that a position needs can not be taken back, nor margin of a cross one`()
    throws
  {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    try venue.moveMargin("200", to: PositionKey(btc), at: .noon)
    venue.goTo("56500")
    #expect(
      cause { () throws(PaperRejection) in
        try venue.moveMargin("-200", to: PositionKey(btc), at: .noon)
      } == .badMargin)
    var cross = self.binance()
    try long(btc, "0.1", &cross)
    #expect(
      cause { () throws(PaperRejection) in
        try cross.moveMargin("1", to: PositionKey(btc), at: .noon)
      } == .notIsolated)
  }

  @Test func `by symbol, one is isolated while the others share`() throws {
    var venue = binance("1000")
    try venue.setMarginMode(.isolated, of: btc)
    #expect(venue.marginMode(of: btc) == .isolated && venue.marginMode(of: eth) == .cross)
    try long(btc, "0.05", &venue)
    try long(eth, "1", &venue)
    #expect(venue.wallet(at: .noon).isolatedMargin == "320")
    // 1000 less 320 and fees bear ETH's loss: nothing of it comes from BTC's margin.
    venue.move(eth, last: "2400", mark: "2400", bid: "2400", ask: "2400", at: .noon)
    #expect(venue.openPositions().count == 2)
    venue.move(eth, last: "2300", mark: "2300", bid: "2300", ask: "2300", at: .noon)
    #expect(venue.openPositions().map(\.key.symbol) == [btc])
  }

  @Test func `the mode of a symbol is refused as unchanged, with orders and with a position`()
    throws
  {
    var venue = binance()
    func set(_ mode: MarginMode) -> PaperRejection? {
      cause { () throws(PaperRejection) in try venue.setMarginMode(mode, of: btc) }
    }
    #expect(set(.cross) == .marginModeUnchanged)
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.1", kind: .limit("60000", .goodTillCancelled)),
      at: .noon)
    #expect(set(.isolated) == .marginModeBlockedByOrders)
    venue.cancelAll(at: .noon)
    try long(btc, "0.1", &venue)
    #expect(set(.isolated) == .marginModeBlockedByPosition)
    #expect(
      cause { () throws(PaperRejection) in try venue.setMarginMode(.isolated, at: .noon) }
        == .marginModeScope)
    var account = self.venueOfAccount()
    #expect(
      cause { () throws(PaperRejection) in try account.setMarginMode(.cross, of: btc) }
        == .marginModeScope)
  }

  private func venueOfAccount() -> PaperVenue { venue() }

  @Test func `by the rules of Binance an isolated position is judged at mark`() throws {
    var venue = binance()
    try venue.setMarginMode(.isolated, of: btc)
    try long(btc, "0.1", &venue)
    // (6400 − 640) ÷ (0.1 × 0.995) = 57 889.447…
    #expect(venue.long.flatMap(venue.liquidationPrice) == "57889.5")
    venue.goTo("57889.5")
    #expect(venue.long != nil)
    venue.goTo("57889.4")
    #expect(venue.long == nil)
  }

  @Test func `leverage of an isolated position goes up only, where the rules say so`() throws {
    var venue = binance()
    try venue.setMarginMode(.isolated, of: btc)
    try long(btc, "0.1", &venue)
    #expect(
      cause { () throws(PaperRejection) in
        try venue.setLeverage(btc, long: "5", short: "5", at: .noon)
      } == .leverageReductionBlocked)
    try venue.setLeverage(btc, long: "20", short: "20", at: .noon)
    #expect(venue.long?.leverage == "20")
  }

  @Test func `larger positions keep more, and bear less leverage`() throws {
    var venue = binance("1000000")
    venue.setTiers(
      [
        PaperTier(cap: nil, maintenanceRate: "0.02", deduction: "150", maxLeverage: "10"),
        PaperTier(cap: "10000", maintenanceRate: "0.005", maxLeverage: "100"),
      ], of: btc)
    try long(btc, "0.1", &venue)
    #expect(venue.wallet(at: .noon).maintenanceMargin == "32")
    try long(btc, "0.9", &venue)
    #expect(venue.wallet(at: .noon).maintenanceMargin == "1130")
    #expect(
      cause { () throws(PaperRejection) in
        try venue.setLeverage(btc, long: "20", short: "20", at: .noon)
      } == .leverageTooHigh("20", maximum: "10"))
    var other = binance("1000000")
    other.setTiers(
      [
        PaperTier(cap: "10000", maintenanceRate: "0.005", maxLeverage: "100"),
        PaperTier(cap: nil, maintenanceRate: "0.02", maxLeverage: "5"),
      ], of: btc)
    #expect(cause { () throws(PaperRejection) in try long(btc, "1", &other) } == .positionLimit)
  }
}
