import Simulation
import TestSupport
import Testing
import TradingModel

/// Every mistake that our own code could make, with the code that each venue has for it. The same table
/// stands in `docs/paper.md`.
struct MistakeTableTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Nil where the venue takes it.
    var bybit: Int?
    var binance: Int?
    var meaning: Rejection.Meaning
    var mode = PaperPositionMode.oneWay
    var make: @Sendable (inout PaperVenue) throws(PaperRejection) -> Void
  }

  private static func order(
    _ name: String, _ bybit: Int?, _ binance: Int?, _ meaning: Rejection.Meaning,
    _ change: @escaping @Sendable (inout PaperOrderRequest) -> Void
  ) -> Mistake {
    Mistake(testDescription: name, bybit: bybit, binance: binance, meaning: meaning) {
      (venue) throws(PaperRejection) in
      var request = PaperOrderRequest(symbol: btc, side: .buy, quantity: "0.01")
      change(&request)
      try venue.place(request, at: .noon)
    }
  }

  private static func deed(
    _ name: String, _ bybit: Int?, _ binance: Int?, _ meaning: Rejection.Meaning,
    mode: PaperPositionMode = .oneWay,
    _ make: @escaping @Sendable (inout PaperVenue) throws(PaperRejection) -> Void
  ) -> Mistake {
    Mistake(
      testDescription: name, bybit: bybit, binance: binance, meaning: meaning, mode: mode,
      make: make)
  }

  static let orders: [Mistake] = [
    order("quantity off the step", 10001, -4023, .badQuantity) { $0.quantity = "0.0105" },
    order("quantity zero", 10001, -4003, .badQuantity) { $0.quantity = "0" },
    order("quantity above the maximum", 10001, -4005, .badQuantity) { $0.quantity = "2000" },
    order("price off the tick", 110003, -4014, .badPrice) {
      $0.kind = .limit("63000.05", .goodTillCancelled)
    },
    order("price zero", 110003, -4001, .badPrice) { $0.kind = .limit("0", .goodTillCancelled) },
    order("price under the least", 110003, -4013, .badPrice) {
      $0.kind = .limit("0.05", .goodTillCancelled)
    },
    order("price above the most", 110003, -4002, .badPrice) {
      $0.kind = .limit("1000000.1", .goodTillCancelled)
    },
    order("a buy far above mark", 110121, -4016, .badPrice) {
      $0.kind = .limit("67200.1", .goodTillCancelled)
    },
    order("a sale far below mark", 110120, -4024, .badPrice) {
      $0.side = .sell
      $0.kind = .limit("60799.9", .goodTillCancelled)
    },
    order("under the least value", 110094, -4164, .notionalTooSmall) {
      $0.quantity = "0.001"
      $0.kind = .limit("4000", .goodTillCancelled)
    },
    order("unknown symbol", 10001, -1121, .unknownSymbol) { $0.symbol = "NOSUCHUSDT" },
    order("client id too long", 10001, -4015, .other) {
      $0.link = ClientOrderID(String(repeating: "x", count: 37))
    },
    order("slot against the mode", 10001, -4061, .wrongPositionMode) { $0.slot = .hedgeLong },
    order("reduce-only while flat", 110017, -2022, .reduceOnlyRefused) { $0.reduceOnly = true },
    order("stop above the market of a long", 10001, -2021, .triggerPassed) { $0.stop = "64000" },
    order("target below the market of a long", 10001, -2021, .triggerPassed) {
      $0.target = "63000"
    },
    order("trigger passed", 110092, -2021, .triggerPassed) {
      $0.trigger = PaperTrigger(price: "64000", direction: .rising)
    },
    order("post-only that would take", nil, -5022, .other) {
      $0.kind = .limit("64001", .postOnly)
    },
    order("more than the balance bears", 110007, -2019, .insufficientBalance) {
      $0.quantity = "1.6"
    },
  ]

  static let deeds: [Mistake] = [
    deed("closed for trading", 110074, -4141, .notTrading) { (venue) throws(PaperRejection) in
      var closed = Instrument.example()
      closed.isTrading = false
      venue.list([closed])
      try venue.buy("0.01")
    },
    deed("reduce-only on the same side", 110017, -2022, .reduceOnlyRefused) {
      (venue) throws(PaperRejection) in
      try venue.buy("0.01")
      try venue.place(
        PaperOrderRequest(symbol: btc, side: .buy, quantity: "0.01", reduceOnly: true), at: .noon)
    },
    deed("a close above the largest order", nil, -4005, .badQuantity) {
      (venue) throws(PaperRejection) in
      try venue.buy("0.01")
      try venue.sell("2000", reduceOnly: true)
    },
    deed(
      "more than the hedge slot holds", nil, -2022, .reduceOnlyRefused, mode: .hedge
    ) { (venue) throws(PaperRejection) in
      try venue.place(
        PaperOrderRequest(symbol: btc, slot: .hedgeLong, side: .buy, quantity: "0.01"), at: .noon)
      try venue.place(
        PaperOrderRequest(
          symbol: btc, slot: .hedgeLong, side: .sell, quantity: "0.02", reduceOnly: true),
        at: .noon)
    },
    deed("the same client id while its order rests", 110072, -4116, .duplicateID) {
      (venue) throws(PaperRejection) in
      for _ in 0..<2 {
        try venue.place(
          PaperOrderRequest(
            link: ClientOrderID("twice"), symbol: btc, side: .buy, quantity: "0.01",
            kind: .limit("60000", .goodTillCancelled)), at: .noon)
      }
    },
    deed("the same client id after its order ended", 110072, nil, .duplicateID) {
      (venue) throws(PaperRejection) in
      for _ in 0..<2 { try venue.buy("0.01", link: "twice") }
    },
    deed("cancelling what is gone", 110001, -2011, .orderNotFound) {
      (venue) throws(PaperRejection) in
      try venue.cancel(OrderReference(symbol: btc, venueID: "none"), at: .noon)
    },
    deed("amending what is gone", 110001, -2013, .orderNotFound) {
      (venue) throws(PaperRejection) in
      try venue.amend(
        OrderReference(symbol: btc, venueID: "none"), PaperAmendment(quantity: "1"), at: .noon)
    },
    deed("amending far above mark", 110121, -4016, .badPrice) {
      (venue) throws(PaperRejection) in
      let order = try venue.place(
        PaperOrderRequest(
          symbol: btc, side: .buy, quantity: "0.01", kind: .limit("60000", .goodTillCancelled)),
        at: .noon)
      try venue.amend(
        OrderReference(symbol: btc, venueID: order.id), PaperAmendment(price: "68000"), at: .noon)
    },
    deed("more orders than may rest", 110020, -2025, .tooManyOrders) {
      (venue) throws(PaperRejection) in
      for _ in 0..<501 {
        try venue.place(
          PaperOrderRequest(
            symbol: btc, side: .buy, quantity: "0.001",
            kind: .limit("6000", .goodTillCancelled)), at: .noon)
      }
    },
    deed("more conditional orders than may wait", 110009, -4045, .tooManyOrders) {
      (venue) throws(PaperRejection) in
      for _ in 0..<201 {
        try venue.place(
          PaperOrderRequest(
            symbol: btc, side: .buy, quantity: "0.001",
            trigger: PaperTrigger(price: "70000", direction: .rising)), at: .noon)
      }
    },
    deed("leverage above the most", 110013, -4028, .leverage) { (venue) throws(PaperRejection) in
      try venue.setLeverage(btc, long: .times(500), short: .times(500), at: .noon)
    },
    deed("less leverage with an isolated position", nil, -4161, .leverage) {
      (venue) throws(PaperRejection) in
      try venue.buy("0.01")
      try venue.setLeverage(btc, long: .times(5), short: .times(5), at: .noon)
    },
    deed("a stop on a flat slot", 10001, nil, .reduceOnlyRefused) {
      (venue) throws(PaperRejection) in
      guard venue.settings.rules.marginScope == .account else { return }
      try venue.setTradingStop(PositionKey(btc), stop: .at("60000"), at: .noon)
    },
    deed("margin mode with a position", 3_400_045, -4048, .marginModeBlocked) {
      (venue) throws(PaperRejection) in
      try venue.buy("0.01")
      if venue.settings.rules.marginScope == .account {
        try venue.setMarginMode(.cross, at: .noon)
      } else {
        try venue.setMarginMode(.cross, of: btc)
      }
    },
    deed("margin mode with an order", 3_400_045, -4047, .marginModeBlocked) {
      (venue) throws(PaperRejection) in
      try venue.place(
        PaperOrderRequest(
          symbol: btc, side: .buy, quantity: "0.01", kind: .limit("60000", .goodTillCancelled)),
        at: .noon)
      if venue.settings.rules.marginScope == .account {
        try venue.setMarginMode(.cross, at: .noon)
      } else {
        try venue.setMarginMode(.cross, of: btc)
      }
    },
    deed("margin mode that stands", 110026, -4046, .notModified) {
      (venue) throws(PaperRejection) in
      if venue.settings.rules.marginScope == .account {
        try venue.setMarginMode(.isolated, at: .noon)
      } else {
        try venue.setMarginMode(.isolated, of: btc)
      }
    },
  ]

  private func venue(_ rules: PaperRules, _ mode: PaperPositionMode) -> PaperVenue {
    var contract = Instrument.example()
    contract.minPrice = "0.1"
    contract.maxPrice = "1000000"
    var venue = PaperVenue(
      settings: PaperSettings(balance: "10000", positionMode: mode, rules: rules),
      instruments: [contract])
    venue.goTo("64000")
    return venue
  }

  @Test(arguments: orders + deeds)
  func `a mistake has the code that each venue has for it`(mistake: Mistake) {
    for (rules, wanted) in [(PaperRules.bybit, mistake.bybit), (.binance, mistake.binance)] {
      var venue = venue(rules, mistake.mode)
      let found = cause { () throws(PaperRejection) in try mistake.make(&venue) }
      let rejection = rules == .bybit ? found?.bybit : found?.binance
      #expect(rejection?.code == wanted)
      if wanted != nil { #expect(rejection?.meaning == mistake.meaning) }
    }
  }

  @Test func `the band lets through what is at its edge, and what rests on its own side`() throws {
    for rules in [PaperRules.bybit, .binance] {
      var venue = venue(rules, .oneWay)
      for (side, price) in [
        (Side.buy, "67200"), (.sell, "60800"), (.buy, "10000"), (.sell, "90000"),
      ] as [(Side, Price)] {
        try venue.place(
          PaperOrderRequest(
            symbol: btc, side: side, quantity: "0.001", kind: .limit(price, .goodTillCancelled)),
          at: .noon)
      }
    }
  }
}
