import EngineCore
import Loopback
import Risk
import TestSupport
import Testing
import TradingModel
import Transport

/// Whatever goes wrong on the way: an order ends in one of three answers, each of them true, it is
/// never at the venue twice, and nothing waits for ever.
@Suite(.timeLimit(.minutes(3)))
struct ChaosTests {
  struct Mishap: Sendable, CustomTestStringConvertible {
    let fault: Fault

    var testDescription: String {
      "\(fault.name) \(JSONValue.object(fault.settings).text)"
    }

    init(_ name: String, _ settings: JSONObject = [:]) {
      fault = Fault(name, settings)
    }
  }

  /// What befalls a call over HTTP.
  static let ofCalls: [Mishap] =
    ["stall", "close_before", "close_within", "reset_within", "reset"].flatMap { name in
      [Mishap(name), Mishap(name, ["executed": false])]
    } + [
      Mishap("delay", ["ms": 2_000]), Mishap("delay", ["ms": 8_000]), Mishap("close_after"),
      Mishap("drip", ["bytes": 40, "ms": 20]),
      Mishap("status", ["status": 500]), Mishap("status", ["status": 502, "executed": true]),
      Mishap("status", ["status": 503]), Mishap("status", ["status": 429, "retry_after": 1]),
      Mishap("status", ["status": 403]),
    ]

  /// What befalls the answer on a connection for orders.
  static let ofAnswers: [Mishap] =
    ["lose", "garble", "cut", "cut_within", "close", "silence"].flatMap { name in
      [Mishap(name), Mishap(name, ["executed": false])]
    } + [Mishap("duplicate"), Mishap("delay", ["ms": 8_000]), Mishap("reorder")]

  static func mishaps(_ way: ChaosVenue.Way) -> [Mishap] { way.isSocket ? ofAnswers : ofCalls }

  @Test(arguments: ofCalls, [ChaosVenue.Way.bybitREST, .binanceREST])
  func `a mishap over HTTP is survived`(mishap: Mishap, way: ChaosVenue.Way) async throws {
    try await survive(mishap, way)
  }

  @Test(arguments: ofAnswers, [ChaosVenue.Way.bybitSocket, .binanceSocket])
  func `a mishap on the connection for orders is survived`(
    mishap: Mishap, way: ChaosVenue.Way
  ) async throws {
    try await survive(mishap, way)
  }

  private func survive(_ mishap: Mishap, _ way: ChaosVenue.Way) async throws {
    try await ChaosVenue.serving(way) { venue in
      venue.faults.add(
        FaultRule(service: venue.service, endpoint: venue.placing, mishap.fault))
      let answer = try await venue.closeSome("chaos-1")
      #expect(venue.faults.entries.isEmpty, "it has not happened")
      if case .placementUnknown = answer { Issue.record("not found out") }
      try await venue.verify(answer)
    }
  }

  @Test(arguments: ofCalls)
  func `a mishap to many closes in one request is survived by each`(mishap: Mishap) async throws {
    try await surviveTogether(mishap, .bybitREST, at: "order/create-batch")
  }

  @Test(arguments: ofAnswers)
  func `a mishap to many closes in one frame is survived by each`(mishap: Mishap) async throws {
    try await surviveTogether(mishap, .bybitSocket, at: "order.create-batch")
  }

  /// More than may go singly in a second.
  private func surviveTogether(
    _ mishap: Mishap, _ way: ChaosVenue.Way, at endpoint: String
  ) async throws {
    try await ChaosVenue.serving(way) { venue in
      venue.faults.add(
        FaultRule(service: venue.service, endpoint: endpoint, mishap.fault))
      let answers = await venue.closeMany(16)
      #expect(venue.faults.entries.isEmpty, "it has not happened")
      #expect(answers.count == 16)
      try await venue.verify(answers)
    }
  }

  /// What the venue refuses once, and would take the next moment.
  @Test(arguments: [10_000, 10_002, 10_006, 10_016])
  func `Bybit's passing refusals are passed`(code: Int64) async throws {
    try await ChaosVenue.serving(.bybitREST) { venue in
      venue.faults.add(
        FaultRule(
          service: "bybit", endpoint: "order/create",
          Fault("reject", ["code": .integer(code), "reason": "chaos"])))
      let answer = try await venue.closeSome("chaos-1")
      guard case .placed = answer else {
        Issue.record("\(answer)")
        return
      }
      try await venue.verify(answer)
    }
  }

  /// What Binance's gateway says once, and then no more: unknown, unavailable, throttled.
  @Test(arguments: ["unknown", "unavailable", "throttle"])
  func `Binance's three ways of a 503 are told apart`(name: String) async throws {
    try await ChaosVenue.serving(.binanceREST) { venue in
      venue.faults.add(FaultRule(service: "binance", endpoint: "order", Fault(name)))
      let answer = try await venue.closeSome("chaos-1")
      #expect(venue.faults.entries.isEmpty, "it has not happened")
      if case .placementUnknown = answer { Issue.record("not found out") }
      try await venue.verify(answer)
    }
  }

  @Test(arguments: [110_007, 110_017, 10_001, 110_094])
  func `Bybit's final refusals are final`(code: Int64) async throws {
    try await ChaosVenue.serving(.bybitREST) { venue in
      venue.faults.add(
        FaultRule(
          service: "bybit", endpoint: "order/create",
          Fault("reject", ["code": .integer(code), "reason": "chaos"])))
      let answer = try await venue.closeSome("chaos-1")
      guard case .notPlaced(_, .rejected(let rejection)) = answer else {
        Issue.record("\(answer)")
        return
      }
      #expect(Int64(rejection.code) == code)
      try await venue.verify(answer)
    }
  }

  /// The venue's clock is wrong by more than its window, and then right again.
  @Test(arguments: [-20_000, 20_000], [ChaosVenue.Way.bybitREST, .binanceREST])
  func `a clock that is off costs a moment and no order`(
    milliseconds: Int64, way: ChaosVenue.Way
  ) async throws {
    try await ChaosVenue.serving(way) { venue in
      try await venue.skew(by: milliseconds)
      let answer = try await venue.closeSome("skewed-1")
      guard case .placed = answer else {
        Issue.record("\(answer)")
        return
      }
      try await venue.skew(by: 0)
      try await venue.verify(answer)
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>, ChaosVenue.Way.allCases)
  func `mixes of mishaps leave no order twice and none lost`(
    seed: UInt64, way: ChaosVenue.Way
  ) async throws {
    try await ChaosVenue.serving(way) { venue in
      let chance = SeededRandom(seed: seed)
      for _ in 0..<6 {
        let mishaps = Self.mishaps(way)
        let mishap = mishaps[Int(chance.next(below: UInt64(mishaps.count)))]
        let endpoint = chance.next(below: 3) == 0 ? "*" : venue.placing
        venue.faults.add(
          FaultRule(
            service: venue.service, endpoint: endpoint, mishap.fault,
            skip: Int(chance.next(below: 3)), times: Int(chance.next(below: 3)) + 1))
      }
      for number in 1...4 {
        let answer = try await venue.closeSome("chaos-\(number)")
        try await venue.verify(answer)
      }
    }
  }
}

extension ChaosVenue {
  /// Closes a tenth of the position through the order desk.
  fileprivate func closeSome(_ id: String) async throws -> EngineEvent.Answer {
    await desk().reduce(
      ReducingOrder(id: ClientOrderID(id), closing: position, quantity: "0.1"))
  }

  /// Closes a twentieth of the position so many times at once.
  fileprivate func closeMany(_ count: Int) async -> [EngineEvent.Answer] {
    let (desk, position) = (desk(), position)
    return await withTaskGroup(of: EngineEvent.Answer.self) { group in
      for number in 1...count {
        group.addTask {
          await desk.reduce(
            ReducingOrder(
              id: ClientOrderID("many-\(number)"), closing: position, quantity: "0.05"))
        }
      }
      var answers: [EngineEvent.Answer] = []
      for await answer in group { answers.append(answer) }
      return answers
    }
  }

  private var position: Position {
    Position(
      key: PositionKey(Self.symbol), side: .long, quantity: "1", entryPrice: "60000",
      leverage: .one, updatedAt: clock.now)
  }

  fileprivate func verify(_ answer: EngineEvent.Answer) async throws { try await verify([answer]) }

  /// Asks the venue, with nothing in the way, whether the answers were true.
  fileprivate func verify(_ answers: [EngineEvent.Answer]) async throws {
    let standing = faults.entries
    faults.clear()
    defer { for entry in standing { faults.add(entry.rule) } }
    // A call that was given up may still be on its way: the venue's last word comes after it.
    try await clock.sleep(for: .seconds(10))
    let fills = try await readings { () async throws(VenueError) in
      try await witness.fills(since: .noon - .minutes(1))
    }
    for answer in answers {
      let (request, mustBeThere) =
        switch answer {
        case .placed(let request, _): (request, Bool?.some(true))
        case .notPlaced(let request, _): (request, Bool?.some(false))
        case .placementUnknown(let request): (request, Bool?.none)
        default: throw Unexpected(answer: answer)
        }
      var filled = Quantity.zero
      for fill in fills where fill.orderID == request.id { filled = try filled + fill.quantity }
      #expect(filled == .zero || filled == request.quantity, "twice or in part: \(filled)")
      if let mustBeThere { #expect((filled > .zero) == mustBeThere, "\(answer)") }
    }
  }

  /// Connections that a fault left broken are found out by the first call after it.
  private func readings<Value: Sendable>(
    _ read: () async throws(VenueError) -> Value
  ) async throws -> Value {
    for _ in 0..<5 {
      do throws(VenueError) { return try await read() } catch {
        try await clock.sleep(for: .seconds(2))
      }
    }
    return try await read()
  }
}

private struct Unexpected: Error {
  let answer: EngineEvent.Answer
}
