import Testing
import TradingModel

extension VenuePromise {
  static let protecting = [
    VenuePromise("the stop and target of an entry rest as soon as it has filled") { venue in
      let ground = try await venue.ground()
      let stop = try ground.price(.percent(95))
      let target = try ground.price(.percent(110))
      try await venue.enter("in-1", stop: stop, target: target)
      let reading = try await venue.account.readAccount()
      #expect(reading.stop(of: VenueUnderTest.symbol) == stop)
      #expect(reading.target(of: VenueUnderTest.symbol) == target)
      #expect(reading.orders.filter { !$0.isProtective }.isEmpty)
    },
    VenuePromise("a stop is moved; the same again is success; what is not named stays") { venue in
      let ground = try await venue.ground()
      try await venue.enter(
        "in-1", stop: try ground.price(.percent(90)), target: try ground.price(.percent(110)))
      let position = try await venue.position()
      let stop = try ground.price(.percent(95))
      let change = ProtectionChange(
        key: position.key, side: position.side, stop: stop, target: nil)
      try await venue.gateway.protect(change)
      try await venue.gateway.protect(change)
      let reading = try await venue.account.readAccount()
      #expect(reading.stop(of: VenueUnderTest.symbol) == stop)
      let target = try ground.price(.percent(110))
      #expect(reading.target(of: VenueUnderTest.symbol) == target)
      #expect(reading.orders.count { $0.role == .stop } <= 1)
    },
    VenuePromise("a stop beyond the market is refused, and the old one stays") { venue in
      let ground = try await venue.ground()
      try await venue.enter("in-1", stop: try ground.price(.percent(90)))
      let position = try await venue.position()
      let beyond = try ground.price(.percent(120))
      let found = try await venue.refusal { () async throws(VenueError) in
        try await venue.gateway.protect(
          ProtectionChange(key: position.key, side: position.side, stop: beyond, target: nil))
      }
      #expect(found == .triggerPassed)
      let reading = try await venue.account.readAccount()
      let stop = try ground.price(.percent(90))
      #expect(reading.stop(of: VenueUnderTest.symbol) == stop)
    },
    VenuePromise("a stop that is passed closes the position, and its execution says so") { venue in
      let ground = try await venue.ground()
      try await venue.enter(
        "in-1", stop: try ground.price(.percent(95)), target: try ground.price(.percent(120)))
      try await venue.move(VenueUnderTest.symbol, .percent(-6))
      #expect(try await venue.positionIfOpen() == nil)
      let fills = try await venue.account.fills(since: venue.clock.now - .minutes(1))
      let stopped = fills.filter { $0.role == .stop }
      #expect(stopped.map(\.side) == [.sell], "\(fills.map(\.role))")
      #expect(stopped.map(\.closedQuantity) == ["0.01"])
      // The target guards nothing any more.
      #expect(try await venue.account.readAccount().orders.isEmpty)
    },
    VenuePromise("a target that is reached closes the position") { venue in
      let ground = try await venue.ground()
      try await venue.enter(
        "in-1", stop: try ground.price(.percent(90)), target: try ground.price(.percent(105)))
      try await venue.move(VenueUnderTest.symbol, .percent(8))
      #expect(try await venue.positionIfOpen() == nil)
      let fills = try await venue.account.fills(since: venue.clock.now - .minutes(1))
      #expect(fills.filter { $0.role == .target }.map(\.closedQuantity) == ["0.01"])
    },
  ]

  static let reading = [
    VenuePromise("the contracts are USDT perpetuals, sorted, with rules above zero") { venue in
      let instruments = try await venue.market.instruments()
      #expect(!instruments.isEmpty)
      #expect(instruments.map(\.symbol) == instruments.map(\.symbol).sorted())
      for instrument in instruments {
        #expect(instrument.symbol.isUSDTPerpetual)
        #expect(instrument.tickSize > .zero && instrument.quantityStep > .zero)
        #expect(instrument.minQuantity > .zero && instrument.minNotional > .zero)
        #expect(instrument.maxLeverage >= .one)
      }
    },
    VenuePromise("its clock can be read") { venue in
      let difference = try await venue.market.serverTime() - venue.clock.now
      #expect(difference.magnitude < .seconds(2))
    },
    VenuePromise("the wallet is equity, balance and what is free, and margin is tied up") { venue in
      let flat = try #require(try await venue.account.readAccount().wallet)
      #expect(flat.balance == "10000" && flat.equity == "10000" && flat.available == "10000")
      #expect(flat.marginMode == .isolated)
      try await venue.enter("in-1", quantity: "0.1")
      let reading = try await venue.account.readAccount()
      let used = try #require(reading.wallet)
      #expect(used.balance < "10000" && used.available ?? "10000" < "10000")
      #expect(used.initialMargin ?? .zero > .zero)
      #expect(reading.startedAt <= reading.time)
    },
    VenuePromise("leverage and isolated margin are set, read back, and set again") { venue in
      let symbol = VenueUnderTest.symbol
      for leverage in [Ratio.times(7), .times(7), .times(3)] {
        try await venue.gateway.setIsolatedMargin(for: symbol)
        try await venue.gateway.setLeverage(leverage, for: symbol)
        let found = try await venue.account.symbolSettings(of: symbol)
        #expect(
          found
            == SymbolSettings(
              marginMode: .isolated, leverage: leverage, positionMode: .oneWay))
      }
    },
    VenuePromise("money paid in and out is told with its sign, and is no execution") { venue in
      let start = venue.clock.now
      try await venue.pay("500")
      try await venue.pay("-200")
      let moved = try await venue.account.transfers(since: start - .seconds(1))
      #expect(moved.map(\.amount) == ["500", "-200"])
      #expect(Set(moved.map(\.id)).count == 2)
      let reading = try await venue.account.readAccount()
      #expect(reading.wallet?.balance == "10300")
      #expect(try await venue.account.fills(since: start - .seconds(1)).isEmpty)
    },
  ]

  static let telling = [
    VenuePromise("the streams tell an order, its execution, the position and the wallet") { venue in
      let symbol = VenueUnderTest.symbol
      try await venue.enter("in-1")
      try await venue.hear {
        if case .account(.fill(let fill)) = $0 {
          fill.orderID == ClientOrderID("in-1")
        } else {
          false
        }
      }
      try await venue.hear {
        if case .account(.order(let order)) = $0 {
          order.id == ClientOrderID("in-1") && order.status == .filled
        } else {
          false
        }
      }
      try await venue.hear {
        if case .account(.position(let key, let position?, _)) = $0 {
          key.symbol == symbol && position.quantity == "0.01" && position.side == .long
        } else {
          false
        }
      }
      try await venue.hear { if case .account(.wallet) = $0 { true } else { false } }
      let position = try await venue.position()
      try await venue.close(position, id: "out-1")
      try await venue.hear {
        if case .account(.position(let key, nil, _)) = $0 { key.symbol == symbol } else { false }
      }
    },
    VenuePromise("what the streams tell and what is read are the same execution") { venue in
      let start = venue.clock.now
      try await venue.enter("in-1")
      try await venue.hear { if case .account(.fill) = $0 { true } else { false } }
      let told = venue.told.account.compactMap { event -> Fill? in
        if case .fill(let fill) = event { fill } else { nil }
      }
      let read = try await venue.account.fills(since: start - .seconds(1))
      #expect(told.first?.executionID == read.first?.executionID)
      #expect(told.first?.price == read.first?.price && told.first?.fee == read.first?.fee)
    },
  ]
}
