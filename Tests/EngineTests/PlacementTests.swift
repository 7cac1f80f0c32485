import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite struct PlacementTests {
  private let request = OrderRequest.example()
  private var placement = Placement(
    .example(), deadline: .noon + .seconds(15), refusesUsedIDs: true)

  @Test mutating func `an acknowledged order is placed`() {
    #expect(placement.sent(.success("v1"), at: .noon) == .end(.placed(venueID: "v1")))
  }

  @Test(arguments: [
    VenueError.refusal(.insufficientBalance), .refusal(.duplicateID), .refusal(.other),
    .unauthorised(code: 1, "key"),
  ])
  mutating func `a refusal ends it at once`(error: VenueError) {
    #expect(placement.sent(.failure(error), at: .noon) == .end(.refused(error)))
  }

  @Test(arguments: [VenueError.outcomeUnknown, .malformed("byte 3")])
  mutating func `an order without an answer is looked up, and found`(error: VenueError) {
    #expect(placement.sent(.failure(error), at: .noon) == .lookUp(at: .noon(plus: 200)))
    #expect(
      placement.lookedUp(.success(.example(request)), at: .noon(plus: 210))
        == .end(.placed(venueID: "v7")))
  }

  @Test mutating func `not found is believed after two seconds, then the same id goes once more`() {
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    for (time, next) in [(200, 500), (500, 1000), (1000, 2000)] as [(Int64, Int64)] {
      let step = placement.lookedUp(.success(nil), at: .noon(plus: time))
      #expect(step == .lookUp(at: .noon(plus: next)))
    }
    let step = placement.lookedUp(.success(nil), at: .noon(plus: 2000))
    #expect(step == .send(at: .noon(plus: 2000)))

    _ = placement.sent(.failure(.outcomeUnknown), at: .noon(plus: 2000))
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 2500))
    #expect(
      placement.lookedUp(.success(nil), at: .noon(plus: 5000)) == .end(.unknown),
      "never a third time")
  }

  @Test(arguments: [(false, true), (true, false)])
  func `where a used id is taken again, an entry is never sent twice, a close is`(
    reduceOnly: Bool, isEntry: Bool
  ) {
    var request = OrderRequest.example()
    request.reduceOnly = reduceOnly
    var placement = Placement(
      request, deadline: .noon + .seconds(15), refusesUsedIDs: false)
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 1000))
    let step = placement.lookedUp(.success(nil), at: .noon(plus: 2000))
    #expect(step == (isEntry ? .end(.unknown) : .send(at: .noon(plus: 2000))))
  }

  @Test mutating func `one late not found is not enough`() {
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    let step = placement.lookedUp(.success(nil), at: .noon(plus: 3000))
    #expect(step == .lookUp(at: .noon(plus: 3200)))
  }

  @Test mutating func `a duplicate after our own first send is an acceptance`() {
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 1000))
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 2000))
    let now = Timestamp.noon(plus: 2100)
    #expect(placement.sent(.failure(.refusal(.duplicateID)), at: now) == .lookUp(at: now))
    #expect(placement.lookedUp(.success(nil), at: now) == .end(.placed(venueID: "")))
  }

  @Test mutating func `a duplicate that is another order is a failure`() {
    _ = placement.sent(.failure(.refusal(.serverBusy)), at: .noon)
    _ = placement.sent(.failure(.refusal(.duplicateID)), at: .noon)
    let other = Order.example(request, quantity: "0.02")
    let step = placement.lookedUp(.success(other), at: .noon)
    guard case .end(.refused(.rejected(let rejection))) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(rejection.meaning == .duplicateID)
  }

  @Test mutating func `a refused second send still asks for the first`() {
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 1000))
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 2000))
    let error = VenueError.refusal(.insufficientBalance)
    let step = placement.sent(.failure(error), at: .noon(plus: 2100))
    #expect(step == .lookUp(at: .noon(plus: 2100)), "the first may have used the balance")
    var found = placement
    #expect(
      found.lookedUp(.success(.example(request)), at: .noon(plus: 2200))
        == .end(.placed(venueID: "v7")))
    _ = placement.lookedUp(.success(nil), at: .noon(plus: 2200))
    #expect(
      placement.lookedUp(.success(nil), at: .noon(plus: 4200)) == .end(.refused(error)))
  }

  @Test mutating func `what was not carried out is sent three times more, with growing pauses`() {
    let error = VenueError.refusal(.serverBusy)
    for pause in [200, 400, 800] as [Int64] {
      let step = placement.sent(.failure(error), at: .noon)
      #expect(step == .send(at: .noon(plus: pause)))
    }
    #expect(placement.sent(.failure(error), at: .noon) == .end(.refused(error)))
  }

  @Test(arguments: [(14_999, true), (15_000, false)] as [(Int64, Bool)])
  mutating func `a rate limit is waited for unless it outlasts the deadline`(
    wait: Int64, isWaited: Bool
  ) {
    let error = VenueError.rateLimited(retryAfter: .milliseconds(wait))
    #expect(
      placement.sent(.failure(error), at: .noon)
        == (isWaited ? .send(at: .noon(plus: wait)) : .end(.refused(error))))
  }

  @Test(
    arguments: [
      (Order.Status.rejected, "0", false), (.cancelled, "0", false), (.cancelled, "0.001", true),
      (.filled, "0.01", true), (.partiallyFilled, "0.001", true), (.expired, "0", false),
    ] as [(Order.Status, Quantity, Bool)])
  mutating func `a found order counts by what it came to`(
    status: Order.Status, filled: Quantity, isPlaced: Bool
  ) {
    _ = placement.sent(.failure(.outcomeUnknown), at: .noon)
    let order = Order.example(request, status: status, filled: filled, reason: "EC_NoLiquidity")
    let refusal = Rejection(code: 0, reason: "EC_NoLiquidity", meaning: .other)
    #expect(
      placement.lookedUp(.success(order), at: .noon(plus: 200))
        == .end(isPlaced ? .placed(venueID: "v7") : .refused(.rejected(refusal))))
  }

  /// Whatever the venue answers: between two sends, the first of which may have been placed, lie
  /// two "not found" and two seconds; there are at most five sends; and it ends in time.
  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `an order is never sent again blindly`(seed: UInt64) {
    let chance = SeededRandom(seed: seed)
    var placement = Placement(
      request, deadline: .noon + .seconds(15), refusesUsedIDs: true)
    var now = Timestamp.noon
    var step = Placement.Step.send(at: now)
    var unknownSince: Timestamp?
    var notFounds = 0
    var sends = 0
    while true {
      now = now + .milliseconds(Int64(chance.next(below: 400)))
      switch step {
      case .end:
        #expect(sends <= 5)
        return
      case .send(let time):
        now = max(now, time)
        #expect(time < placement.deadline)
        if let unknownSince {
          #expect(notFounds >= 2 && now - unknownSince >= .seconds(2))
        }
        sends += 1
        let errors: [VenueError] = [
          .outcomeUnknown, .outcomeUnknown, .outcomeUnknown, .malformed(""),
          .refusal(.serverBusy), .unreachable(""),
        ]
        let error = errors[Int(chance.next(below: UInt64(errors.count)))]
        if error.orderMayExist {
          unknownSince = now
          notFounds = 0
        }
        step = placement.sent(.failure(error), at: now)
      case .lookUp(let time):
        now = max(now, time)
        #expect(time < placement.deadline)
        let isAnswered = chance.next(below: 3) > 0
        if isAnswered { notFounds += 1 }
        step = placement.lookedUp(isAnswered ? .success(nil) : .failure(.unreachable("")), at: now)
      }
    }
  }
}
