import Testing
import TradingModel

extension VenuePromise {
  /// A long of 0.01 and a short of 0.02 of one contract, each with its stop.
  private static func bothLegs(
    of venue: VenueUnderTest
  ) async throws -> VenueUnderTest.Ground {
    let ground = try await venue.ground()
    try await venue.hedge()
    try await venue.enter(
      "long-1", slot: .hedgeLong, stop: try ground.price(.percent(95)),
      target: try ground.price(.percent(110)))
    try await venue.enter(
      "short-1", side: .sell, slot: .hedgeShort, quantity: "0.02",
      stop: try ground.price(.percent(105)))
    return ground
  }

  private static let long = PositionKey(VenueUnderTest.symbol, .hedgeLong)
  private static let short = PositionKey(VenueUnderTest.symbol, .hedgeShort)

  static let hedging = [
    VenuePromise("in hedge mode long and short are held apart, each with its own stop") { venue in
      let ground = try await bothLegs(of: venue)
      var reading = try await venue.account.readAccount()
      #expect(reading.position(long)?.quantity == "0.01")
      #expect(reading.position(short)?.quantity == "0.02")
      #expect(reading.position(long)?.side == .long && reading.position(short)?.side == .short)
      let under = try ground.price(.percent(95))
      #expect(reading.stop(of: long) == under)
      let over = try ground.price(.percent(104))
      try await venue.gateway.protect(
        ProtectionChange(key: short, side: .short, stop: over, target: nil))
      reading = try await venue.account.readAccount()
      #expect(reading.stop(of: short) == over && reading.stop(of: long) == under)
    },
    VenuePromise("in hedge mode a stop closes its own leg alone") { venue in
      _ = try await bothLegs(of: venue)
      try await venue.move(VenueUnderTest.symbol, .percent(-7))
      let reading = try await venue.account.readAccount()
      #expect(reading.position(long) == nil)
      #expect(reading.position(short)?.quantity == "0.02")
      let fills = try await venue.account.fills(since: venue.clock.now - .minutes(1))
      let stopped = fills.filter { $0.role == .stop }
      #expect(stopped.map(\.closedQuantity) == ["0.01"])
      let isOfTheLong = stopped.allSatisfy { $0.mayBeOfLong }
      #expect(isOfTheLong)
    },
    VenuePromise("in hedge mode a reducing limit rests on its leg, and is told as that") { venue in
      let ground = try await bothLegs(of: venue)
      let price = try ground.price(.percent(103))
      _ = try await venue.gateway.place(
        OrderRequest(
          id: ClientOrderID("liq-1-9"), symbol: VenueUnderTest.symbol, slot: .hedgeLong,
          side: .sell, quantity: "0.004", kind: .limit(price, .goodTillCancelled),
          reduceOnly: true))
      let order = try await venue.account.readAccount().orders.first {
        $0.id == ClientOrderID("liq-1-9")
      }
      #expect(order?.slot == .hedgeLong && order?.side == .sell && order?.role == .placed)
      try await venue.move(VenueUnderTest.symbol, .percent(4))
      let reading = try await venue.account.readAccount()
      #expect(reading.position(long)?.quantity == "0.006")
      #expect(reading.position(short)?.quantity == "0.02")
      let fills = try await venue.account.fills(since: venue.clock.now - .minutes(1))
      let fill = fills.first { $0.orderID == ClientOrderID("liq-1-9") }
      #expect(fill?.mayBeOfLong == true && fill?.closedQuantity == "0.004")
    },
    VenuePromise("in hedge mode a flat symbol is read to be in it") { venue in
      try await venue.hedge()
      let found = try await venue.account.symbolSettings(of: VenueUnderTest.symbol)
      #expect(found.positionMode == .hedge)
    },
    VenuePromise("in hedge mode each leg is closed by itself; the wrong slot is refused as that") {
      venue in
      _ = try await bothLegs(of: venue)
      let reading = try await venue.account.readAccount()
      guard let position = reading.position(long) else {
        throw PromiseBroken("there is no long")
      }
      let found = try await venue.refusal { () async throws(VenueError) in
        _ = try await venue.gateway.place(
          OrderRequest(
            id: ClientOrderID("risk-1-1"), symbol: VenueUnderTest.symbol, side: .sell,
            quantity: "0.01", reduceOnly: true))
      }
      #expect(found == .wrongPositionMode)
      try await venue.close(position, id: "risk-1-2")
      let after = try await venue.account.readAccount()
      #expect(after.position(long) == nil && after.position(short)?.quantity == "0.02")
    },
    VenuePromise("in hedge mode the stop of a leg that is gone is soon shown no more") { venue in
      let ground = try await bothLegs(of: venue)
      let over = try ground.price(.percent(105))
      // What rests on the other leg is no reason to keep it.
      _ = try await venue.gateway.place(
        OrderRequest(
          id: ClientOrderID("liq-1-9"), symbol: VenueUnderTest.symbol, slot: .hedgeShort,
          side: .sell, quantity: "0.01",
          kind: .limit(try ground.price(.percent(104)), .goodTillCancelled)))
      guard let position = try await venue.account.readAccount().position(long) else {
        throw PromiseBroken("there is no long")
      }
      try await venue.close(position, id: "risk-1-2")
      var reading = try await venue.account.readAccount()
      for _ in 0..<2 where reading.guards(long) {
        #expect(reading.stop(of: short) == over)
        reading = try await venue.account.readAccount()
      }
      #expect(!reading.guards(long))
      #expect(reading.position(long) == nil && reading.stop(of: short) == over)
    },
  ]
}

extension Fill {
  /// Not every venue says whose leg an execution was.
  fileprivate var mayBeOfLong: Bool { slot == .hedgeLong || slot == .oneWay }
}

extension AccountReading {
  fileprivate func position(_ key: PositionKey) -> Position? {
    positions.first { $0.key == key }
  }

  /// Whether a stop or a target of that slot is shown.
  fileprivate func guards(_ key: PositionKey) -> Bool {
    orders.contains { $0.symbol == key.symbol && $0.slot == key.slot && $0.isProtective }
  }

  fileprivate func stop(of key: PositionKey) -> Price? {
    position(key)?.stop
      ?? orders.first { $0.symbol == key.symbol && $0.slot == key.slot && $0.role == .stop }?
      .triggerPrice
  }
}
