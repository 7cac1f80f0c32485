import Chat
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// Bugs put between the bot and the world: each is found, and by the invariant that is about it.
struct PlantedBugTests {
  /// The invariant that the flawed bot breaks; nil is none. Without the flaw it breaks none.
  private func broken(
    by flaw: (inout Flaws) -> Void, _ change: (inout DayPlan) -> Void = { _ in },
    in play: (Scene) throws -> Void
  ) rethrows -> String? {
    let sound = Scene(change)
    try play(sound)
    sound.holds()
    var flaws = Flaws()
    flaw(&flaws)
    let flawed = Scene(change, flaws: flaws)
    try? play(flawed)
    return flawed.day.violation?.invariant
  }

  @Test func `an order that is sent twice after a timeout`() {
    let found = broken {
      $0.orders = { order in
        var again = order
        again.id = ClientOrderID(order.id.text + "r")
        return order.reduceOnly ? [order] : [order, again]
      }
    } in: {
      $0.buys("BTCUSDT")
    }
    #expect(found == IDsAreUsedOnce.name)
  }

  @Test func `a stop that is taken for set and is not`() {
    let found = broken {
      $0.protection = { _ in nil }
      $0.reading = { reading in
        var reading = reading
        for place in reading.positions.indices {
          reading.positions[place].stop = reading.positions[place].entryPrice
        }
        return reading
      }
    } in: { scene in
      scene.buys("BTCUSDT")
      if let position = scene.position("BTCUSDT") { scene.day.removeStopByHand(position) }
      scene.day.pass(.seconds(60))
    }
    #expect(found == PositionsAreProtected.name)
  }

  @Test func `a stop that is moved away from the market`() {
    let changes = Mutex<Int128>(0)
    let found = broken {
      $0.protection = { change in
        let number = changes.withLock { count in
          count += 1
          return count
        }
        var change = change
        change.stop = change.stop.map {
          Price(uncheckedCount: $0.wideCount * (1000 - number) / 1000)
            .roundedDown(toMultipleOf: "0.1")
        }
        return change
      }
      $0.event = { event in if case .account = event { nil } else { event } }
      $0.reading = { reading in
        var reading = reading
        for place in reading.positions.indices { reading.positions[place].stop = nil }
        reading.orders = []
        return reading
      }
    } in: { scene in
      scene.buys("BTCUSDT")
      scene.day.pass(.seconds(60))
    }
    #expect(found == StopsMoveInwards.name)
  }

  @Test func `a stop in profit that is given back`() {
    let changes = Mutex<Int128>(0)
    let found = broken {
      $0.protection = { change in
        let number = changes.withLock { count in
          count += 1
          return count
        }
        // The first is that of the average entry, the second goes into profit.
        guard number > 2 else { return change }
        var change = change
        change.stop = change.stop.map {
          Price(uncheckedCount: $0.wideCount * 99 / 100).roundedDown(toMultipleOf: "0.1")
        }
        return change
      }
    } _: {
      $0.engine.liquidation?.defaults.exits.target = nil
      $0.engine.liquidation?.defaults.exits.trailing = .init(
        after: .share(.percent(1)), callback: .share(.basisPoints(50)))
    } in: { scene in
      scene.buys("BTCUSDT")
      for _ in 0..<6 {
        scene.venue.jump("BTCUSDT", by: .basisPoints(60))
        scene.day.pass(.seconds(5))
      }
    }
    #expect(found == StopsKeepTheirGains.name)
  }

  @Test func `a target that is cancelled for the engine and not at the venue`() {
    let found = broken {
      $0.swallowsCancels = true
    } _: {
      $0.engine.liquidation?.defaults.exits.partials = [
        .init(.risks(.percent(50)), .percent(33)), .init(.risks(.percent(60)), .percent(33)),
        .init(.risks(.percent(70)), .percent(33)),
      ]
    } in: { scene in
      guard let position = scene.buys("BTCUSDT") else { return }
      scene.day.pass(.seconds(10))
      scene.day.closeByHand(position, share: .percent(50))
      scene.day.pass(.seconds(60))
    }
    #expect(found == TargetsFitPositions.name)
  }

  @Test func `a size that a restart gets wrong`() {
    let found = broken {
      $0.restored = { state in
        var state = state
        for place in state.openRoundTrips.indices {
          state.openRoundTrips[place].quantity = Quantity(
            uncheckedCount: state.openRoundTrips[place].quantity.wideCount - 1)
        }
        return state
      }
    } in: { scene in
      scene.buys("BTCUSDT")
      scene.day.pass(.minutes(5))
      scene.day.kill(startingAgainAfter: .seconds(2))
      scene.day.pass(.seconds(20))
    }
    #expect(found == BooksAgree.name)
  }

  @Test func `a stop on the wrong side of the market`() {
    let found = broken {
      $0.event = { event in
        guard case .market(.ticker(var ticker)) = event else { return event }
        for path in [\Ticker.last, \.mark, \.bid, \.ask, \.vwap24h] {
          ticker[keyPath: path] = ticker[keyPath: path].map {
            Price(uncheckedCount: $0.wideCount * 112 / 100)
          }
        }
        return .market(.ticker(ticker))
      }
    } in: {
      $0.buys("BTCUSDT")
    }
    #expect(found == SidesAreRight.name)
  }

  @Test func `a balance that is read too large, so that orders are`() {
    let found = broken {
      $0.reading = { reading in
        var reading = reading
        if let balance = reading.wallet?.balance { reading.wallet?.balance = balance + balance }
        reading.wallet.equity = reading.wallet.equity + reading.wallet.equity
        reading.wallet.available = reading.wallet.available.map { $0 + $0 }
        return reading
      }
    } in: {
      $0.buys("ETHUSDT")
    }
    #expect(found == SizesAreNotRaised.name)
  }

  @Test func `a pause that is lifted for the engine and not in the store`() {
    let found = broken {
      $0.record = { record in if case .unlock = record { nil } else { record } }
    } in: { scene in
      scene.say("/pause")
      scene.say("/resume", tap: "Resume")
      scene.day.pass(.seconds(40))
      scene.buys("BTCUSDT")
    }
    #expect(found == EntriesKeepToLocks.name)
  }

  @Test func `a lock that the next life is not told of`() {
    let found = broken {
      $0.restored = { state in
        var state = state
        state.locks = []
        return state
      }
    } in: { scene in
      scene.say("/panic", tap: "Panic")
      scene.day.kill(startingAgainAfter: .seconds(2))
      scene.day.pass(.seconds(20))
    }
    #expect(found == MemorySurvives.name)
  }

  @Test func `a baseline that begins anew with each start`() {
    let found = broken {
      $0.restored = { state in
        var state = state
        state.baseline = nil
        return state
      }
    } in: { scene in
      scene.day.kill(startingAgainAfter: .seconds(2))
      scene.day.pass(.seconds(20))
    }
    #expect(found == MemorySurvives.name)
  }

  @Test func `an equity that is read too high, so that the day's stop sleeps`() {
    let found = broken {
      $0.reading = { reading in
        var reading = reading
        for amount in [\Wallet.equity, \.balance] {
          reading.wallet[keyPath: amount] = .usdt(10_000)
        }
        for place in reading.positions.indices { reading.positions[place].unrealised = .zero }
        return reading
      }
      $0.event = { event in
        switch event {
        case .account(.wallet), .market(.ticker): nil
        default: event
        }
      }
    } in: { scene in
      scene.day.openByHand("ETHUSDT", .long, share: .percent(300))
      scene.day.pass(.seconds(20))
      scene.venue.jump("ETHUSDT", by: .percent(-4))
      scene.day.pass(.minutes(3))
    }
    #expect(found == DayLimitsFire.name)
  }

  @Test func `positions that are left out of the reading, so that flat is not flat`() {
    let found = broken {
      $0.reading = { reading in
        var reading = reading
        reading.positions = []
        return reading
      }
      $0.event = { event in if case .account = event { nil } else { event } }
    } in: { scene in
      scene.day.openByHand("ETHUSDT", .long, share: .percent(10))
      scene.day.pass(.seconds(15))
      scene.say("/panic", tap: "Panic")
    }
    #expect(found == FlatIsFlat.name)
  }

  @Test func `a command that never reaches the engine`() {
    let found = broken {
      $0.command = { _ in nil }
    } in: { scene in
      scene.say("/pause", waiting: .minutes(12))
    }
    #expect(found == CommandsEndOnce.name)
  }

  @Test func `an end that nobody is told of`() {
    let found = broken {
      $0.progress = { step in if case .finished = step.stage { [] } else { [step] } }
    } in: {
      $0.say("/pause", waiting: .minutes(12))
    }
    #expect(found == CommandsEndOnce.name)
  }

  @Test func `an alarm that gets lost on its way to the outbox`() {
    let found = broken {
      $0.outbox = { _ in [] }
    } in: { scene in
      scene.day.openByHand("ETHUSDT", .long, share: .percent(300))
      scene.day.pass(.seconds(20))
      scene.venue.jump("ETHUSDT", by: .percent(-3))
      scene.day.pass(.minutes(8))
    }
    #expect(found == AlertsArriveOnce.name)
  }

  @Test func `a trade that the journal forgets`() {
    let found = broken {
      $0.record = { record in if case .roundTrip = record { nil } else { record } }
    } in: { scene in
      scene.buys("BTCUSDT")
      scene.day.pass(.minutes(5))
    }
    #expect(found == BooksAgree.name)
  }

  @Test func `a fee that is not counted`() {
    let found = broken {
      $0.event = { event in
        guard case .account(.fill(var fill)) = event else { return event }
        fill.fee = .zero
        return .account(.fill(fill))
      }
    } in: { scene in
      scene.buys("BTCUSDT")
      scene.say("/close btc", tap: "Close 100%")
      scene.day.pass(.minutes(10))
    }
    #expect(found == MoneyAddsUp.name)
  }

  @Test func `funding that is not counted`() {
    let found = broken {
      $0.record = { record in
        guard case .roundTrip(var trip) = record else { return record }
        trip.funding = .zero
        return .roundTrip(trip)
      }
    } _: {
      $0.heldOverFunding()
    } in: { scene in
      scene.buys("BTCUSDT")
      scene.day.pass(.minutes(20))
      scene.say("/close btc", tap: "Close 100%")
      scene.day.pass(.minutes(10))
    }
    #expect(found == MoneyAddsUp.name)
  }

  @Test(arguments: [true, false])
  func `a long-term symbol that is taken for any other`(isKnown: Bool) {
    let scene = Scene {
      $0.longterm = "ETHUSDT"
      $0.engine.allowlist = ["BTCUSDT"]
      $0.engine.longterm = isKnown ? ["ETHUSDT"] : []
    }
    scene.say("/panic", tap: "Panic")
    #expect((scene.day.violation?.invariant == OwnersAreRespected.name) == !isKnown)
  }
}
