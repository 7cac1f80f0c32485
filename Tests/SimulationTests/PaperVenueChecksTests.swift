import Simulation
import TestSupport
import Testing
import TradingModel

/// Each mistake gets the venue's own code, and changes nothing.
struct PaperVenueChecksTests {
  struct Mistake: CustomTestStringConvertible {
    var testDescription: String
    var code: Int?
    var meaning: Rejection.Meaning?
    var order: PaperOrderRequest

    init(
      _ name: String, _ code: Int?, _ meaning: Rejection.Meaning?,
      _ change: (inout PaperOrderRequest) -> Void
    ) {
      testDescription = name
      self.code = code
      self.meaning = meaning
      order = PaperOrderRequest(symbol: btc, side: .buy, quantity: "0.01")
      change(&order)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("a good order", nil, nil) { _ in },
    Mistake("an unknown symbol", 10001, .unknownSymbol) { $0.symbol = "NOSUCHUSDT" },
    Mistake("a quantity off the step", 10001, .badQuantity) { $0.quantity = "0.0105" },
    Mistake("no quantity", 10001, .badQuantity) { $0.quantity = "0" },
    Mistake("a quantity above the maximum", 10001, .badQuantity) { $0.quantity = "1190.001" },
    Mistake("a price off the tick", 110003, .badPrice) {
      $0.kind = .limit("63000.05", .goodTillCancelled)
    },
    Mistake("a stop off the tick", 110003, .badPrice) { $0.stop = "63000.05" },
    Mistake("a hedge slot in one-way mode", 10001, .wrongPositionMode) { $0.slot = .hedgeLong },
    Mistake("an id with a blank", 10001, .other) { $0.link = ClientOrderID("a b") },
    Mistake("an id of 36 characters", nil, nil) {
      $0.link = ClientOrderID(String(repeating: "x", count: 36))
    },
    Mistake("an id of 37 characters", 10001, .other) {
      $0.link = ClientOrderID(String(repeating: "x", count: 37))
    },
    Mistake("reducing nothing", 110017, .reduceOnlyRefused) { $0.reduceOnly = true },
    Mistake("5 USDT at the limit", nil, nil) {
      $0.quantity = "0.001"
      $0.kind = .limit("5000", .goodTillCancelled)
    },
    Mistake("just under 5 USDT", 110094, .notionalTooSmall) {
      $0.quantity = "0.001"
      $0.kind = .limit("4999.9", .goodTillCancelled)
    },
    Mistake("a rising trigger below the market", 110092, .triggerPassed) {
      $0.trigger = PaperTrigger(price: "64000", direction: .rising)
    },
    Mistake("a falling trigger above the market", 110093, .triggerPassed) {
      $0.trigger = PaperTrigger(price: "64000", direction: .falling)
    },
    Mistake("a stop above the market", 10001, .triggerPassed) { $0.stop = "64000" },
    Mistake("a target below the market", 10001, .triggerPassed) { $0.target = "63000" },
    Mistake("more than the balance bears", 110007, .insufficientBalance) { $0.quantity = "1.6" },
  ]

  @Test(arguments: mistakes)
  func `an order is refused with the venue's code`(_ mistake: Mistake) {
    var venue = venue()
    let before = venue.wallet(at: .noon)
    do throws(PaperRejection) {
      try venue.place(mistake.order, at: .noon)
      #expect(mistake.code == nil)
    } catch {
      #expect(error.bybit.code == mistake.code)
      #expect(error.meaning == mistake.meaning)
      #expect(venue.wallet(at: .noon) == before)
      #expect(venue.openOrders().isEmpty && venue.orderHistory.isEmpty)
      #expect(venue.drainEvents().isEmpty)
    }
  }

  @Test func `a client id is taken once, though its order has ended`() throws {
    var venue = venue()
    try venue.buy("0.01", link: "liq-1-1")
    #expect(code { () throws(PaperRejection) in try venue.buy("0.01", link: "liq-1-1") } == 110072)
    #expect(code { () throws(PaperRejection) in try venue.buy("0.01", link: "liq-1-2") } == nil)
  }

  @Test func `a refused order leaves its client id free`() throws {
    var venue = venue()
    #expect(code { () throws(PaperRejection) in try venue.buy("5", link: "liq-1-1") } == 110007)
    #expect(code { () throws(PaperRejection) in try venue.buy("0.01", link: "liq-1-1") } == nil)
  }

  @Test func `a symbol without a price takes no order`() throws {
    var venue = PaperVenue(instruments: [.example()])
    #expect(code { () throws(PaperRejection) in try venue.buy("0.01") } == 110118)
  }

  @Test func `reduce-only names why it can not apply`() throws {
    var venue = venue()
    try venue.buy("0.01")
    do throws(PaperRejection) {
      try venue.place(
        PaperOrderRequest(symbol: btc, side: .buy, quantity: "0.01", reduceOnly: true), at: .noon)
      Issue.record("taken")
    } catch {
      #expect(error.bybit.reason == "reduce-only order has same side with current position")
    }
    try venue.sell("0.01", reduceOnly: true)
    do throws(PaperRejection) {
      try venue.sell("0.01", reduceOnly: true)
      Issue.record("taken")
    } catch {
      #expect(error.bybit.reason == "current position is zero, cannot fix reduce-only order qty")
    }
  }

  @Test func `account settings that stand already are refused as unchanged`() throws {
    var venue = venue()
    let codes = [
      code { () throws(PaperRejection) in
        try venue.setLeverage(btc, long: "10", short: "10", at: .noon)
      },
      code { () throws(PaperRejection) in
        try venue.setLeverage(btc, long: "101", short: "101", at: .noon)
      },
      code { () throws(PaperRejection) in try venue.setPositionMode(.oneWay, symbol: btc) },
      code { () throws(PaperRejection) in try venue.setMarginMode(.isolated, at: .noon) },
      code { () throws(PaperRejection) in
        try venue.setTradingStop(PositionKey(btc), stop: .at("63000"), at: .noon)
      },
      code { () throws(PaperRejection) in
        try venue.cancel(OrderReference(symbol: btc, venueID: "none"), at: .noon)
      },
    ]
    #expect(codes == [110043, 110013, 110025, 110026, 10001, 110001])

    try venue.buy("0.01", stop: "63000")
    let unchanged = code { () throws(PaperRejection) in
      try venue.setTradingStop(PositionKey(btc), stop: .at("63000"), at: .noon)
    }
    let blocked = code { () throws(PaperRejection) in try venue.setPositionMode(.hedge, symbol: btc)
    }
    #expect(unchanged == 34040)
    #expect(blocked == 110024)
  }
}
