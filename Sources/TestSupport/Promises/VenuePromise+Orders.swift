import Testing
import TradingModel

extension VenuePromise {
  static let entering = [
    VenuePromise("a market order leaves a position, an execution and an ended order") { venue in
      let start = venue.clock.now
      let venueID = try await venue.enter("in-1")
      let position = try await venue.position()
      #expect(position.side == .long && position.quantity == "0.01")
      #expect(position.entryPrice > .zero)
      let fills = try await venue.account.fills(since: start - .seconds(1))
        .filter { $0.orderID == ClientOrderID("in-1") }
      var filled = Quantity.zero
      for fill in fills { filled = try filled + fill.quantity }
      #expect(filled == "0.01")
      #expect(fills.allSatisfy { $0.venueOrderID == venueID && $0.side == .buy && $0.fee > .zero })
      #expect(fills.allSatisfy { $0.closedQuantity.isZero && $0.role == .placed })
      let order = try await venue.account.order(
        ClientOrderID("in-1"), symbol: VenueUnderTest.symbol)
      #expect(order?.status == .filled && order?.filled == "0.01")
      #expect(order?.averagePrice == position.entryPrice)
    },
    VenuePromise("a reduce-only order closes what it says, and at most the position") { venue in
      try await venue.enter("in-1", quantity: "0.03")
      var position = try await venue.position()
      try await venue.close(position, id: "out-1", quantity: "0.01")
      position = try await venue.position()
      #expect(position.quantity == "0.02")
      try await venue.close(position, id: "out-2")
      #expect(try await venue.positionIfOpen() == nil)
      let fills = try await venue.account.fills(since: venue.clock.now - .minutes(1))
      let closed = fills.filter { $0.side == .sell }
      #expect(closed.map(\.closedQuantity).sorted() == ["0.01", "0.02"])
    },
    VenuePromise("a short is a short") { venue in
      try await venue.enter("in-1", side: .sell)
      let position = try await venue.position()
      #expect(position.side == .short && position.quantity == "0.01")
      try await venue.close(position, id: "out-1")
      #expect(try await venue.positionIfOpen() == nil)
    },
  ]

  static let refusing = [
    VenuePromise("each mistake is refused for what it is, and changes nothing") { venue in
      let ground = try await venue.ground()
      let symbol = VenueUnderTest.symbol
      func request(
        _ id: String, _ symbol: Symbol = symbol, quantity: Quantity = "0.01",
        kind: OrderKind = .market
      ) -> OrderRequest {
        OrderRequest(
          id: ClientOrderID(id), symbol: symbol, side: .buy, quantity: quantity, kind: kind)
      }
      let odd = try ground.price(.percent(50)) + Price("0.000001")
      let cases: [(OrderRequest, Rejection.Meaning)] = [
        (request("bad-1", quantity: "0.0100001"), .badQuantity),
        (request("bad-2", quantity: "30"), .insufficientBalance),
        (request("bad-3", "NONEUSDT"), .unknownSymbol),
        (request("bad-4", kind: .limit(odd, .goodTillCancelled)), .badPrice),
      ]
      for (request, meaning) in cases {
        let found = try await venue.refusal { () async throws(VenueError) in
          _ = try await venue.gateway.place(request)
        }
        #expect(found == meaning, "\(request.id)")
      }
      let reading = try await venue.account.readAccount()
      #expect(reading.positions.isEmpty && reading.orders.isEmpty)
    },
    VenuePromise("an id that is in use is refused as one, and nothing is sent twice") { venue in
      let ground = try await venue.ground()
      let request = OrderRequest(
        id: ClientOrderID("twice"), symbol: VenueUnderTest.symbol, side: .buy, quantity: "0.01",
        kind: .limit(try ground.price(.percent(80)), .goodTillCancelled))
      _ = try await venue.gateway.place(request)
      let found = try await venue.refusal { () async throws(VenueError) in
        _ = try await venue.gateway.place(request)
      }
      #expect(found == .duplicateID)
      #expect(try await venue.account.readAccount().orders.count == 1)
    },
    VenuePromise("reduce-only is refused while flat, and on the position's own side") { venue in
      let request = OrderRequest(
        id: ClientOrderID("out-1"), symbol: VenueUnderTest.symbol, side: .sell, quantity: "0.01",
        reduceOnly: true)
      let flat = try await venue.refusal { () async throws(VenueError) in
        _ = try await venue.gateway.place(request)
      }
      #expect(flat == .reduceOnlyRefused)
      try await venue.enter("in-1", side: .sell)
      let same = try await venue.refusal { () async throws(VenueError) in
        var same = request
        same.id = ClientOrderID("out-2")
        _ = try await venue.gateway.place(same)
      }
      #expect(same == .reduceOnlyRefused)
      #expect(try await venue.position().quantity == "0.01")
    },
  ]

  static let resting = [
    VenuePromise("a limit order rests, is found by its id, and goes when cancelled") { venue in
      let ground = try await venue.ground()
      let symbol = VenueUnderTest.symbol
      let price = try ground.price(.percent(80))
      let venueID = try await venue.gateway.place(
        OrderRequest(
          id: ClientOrderID("rest-1"), symbol: symbol, side: .buy, quantity: "0.01",
          kind: .limit(price, .goodTillCancelled)))
      let open = try await venue.account.readAccount().orders
      #expect(open.map(\.venueID) == [venueID])
      #expect(open.first?.kind == .limit(price, .goodTillCancelled))
      #expect(open.first?.id == ClientOrderID("rest-1") && open.first?.isProtective == false)
      #expect(
        try await venue.account.order(ClientOrderID("rest-1"), symbol: symbol)?.status == .new)
      try await venue.gateway.cancel(OrderReference(symbol: symbol, id: ClientOrderID("rest-1")))
      #expect(try await venue.account.readAccount().orders.isEmpty)
      #expect(
        try await venue.account.order(ClientOrderID("rest-1"), symbol: symbol)?.status == .cancelled
      )
      // Gone is gone, whoever did it.
      try await venue.gateway.cancel(OrderReference(symbol: symbol, id: ClientOrderID("rest-1")))
      #expect(try await venue.account.order(ClientOrderID("never-sent"), symbol: symbol) == nil)
    },
    VenuePromise("a resting order fills when the market comes to it") { venue in
      let ground = try await venue.ground()
      _ = try await venue.gateway.place(
        OrderRequest(
          id: ClientOrderID("rest-1"), symbol: VenueUnderTest.symbol, side: .buy, quantity: "0.01",
          kind: .limit(try ground.price(.percent(90)), .goodTillCancelled)))
      try await venue.move(VenueUnderTest.symbol, .percent(-15))
      #expect(try await venue.position().quantity == "0.01")
      #expect(try await venue.account.readAccount().orders.isEmpty)
    },
    VenuePromise("a post-only order that would take never fills") { venue in
      let ground = try await venue.ground()
      let request = OrderRequest(
        id: ClientOrderID("post-1"), symbol: VenueUnderTest.symbol, side: .buy, quantity: "0.01",
        kind: .limit(try ground.price(.percent(110)), .postOnly))
      _ = try await venue.refusal { () async throws(VenueError) in
        _ = try await venue.gateway.place(request)
      }
      #expect(try await venue.positionIfOpen() == nil)
      #expect(try await venue.account.readAccount().orders.isEmpty)
    },
    VenuePromise("cancelling all leaves the protection where it is when told so") { venue in
      let ground = try await venue.ground()
      try await venue.enter("in-1", stop: try ground.price(.percent(90)))
      _ = try await venue.gateway.place(
        OrderRequest(
          id: ClientOrderID("rest-1"), symbol: VenueUnderTest.symbol, side: .buy, quantity: "0.01",
          kind: .limit(try ground.price(.percent(80)), .goodTillCancelled)))
      let cancelled = try await venue.gateway.cancelAll(symbol: nil, keepingProtection: true)
      #expect(cancelled == 1)
      let reading = try await venue.account.readAccount()
      #expect(reading.orders.filter { !$0.isProtective }.isEmpty)
      let stop = try ground.price(.percent(90))
      #expect(reading.stop(of: VenueUnderTest.symbol) == stop)
      _ = try await venue.gateway.cancelAll(
        symbol: VenueUnderTest.symbol, keepingProtection: false)
      #expect(try await venue.account.readAccount().orders.isEmpty)
    },
  ]
}

extension AccountReading {
  /// The stop that rests for a position: its own, or a separate order.
  func stop(of symbol: Symbol) -> Price? {
    positions.first { $0.symbol == symbol }?.stop
      ?? orders.first { $0.symbol == symbol && $0.role == .stop }?.triggerPrice
  }

  func target(of symbol: Symbol) -> Price? {
    positions.first { $0.symbol == symbol }?.target
      ?? orders.first { $0.symbol == symbol && $0.role == .target }?.triggerPrice
  }
}
