import Bybit
import EngineCore
import Loopback
import Risk
import TestSupport
import Testing
import TradingModel
import Transport

/// Every code of the venues' references, at the n-th call of an endpoint, by every way: the client
/// tells what it asks, goes on as soon as it may, and the order desk ends in an answer that is true.
@Suite(.timeLimit(.minutes(3)))
struct CodeChaosTests {
  @Test(arguments: ChaosVenue.Way.allCases)
  func `a code at the second call is told by its name, and the third call is carried out`(
    way: ChaosVenue.Way
  ) async throws {
    try await ChaosVenue.serving(way) { venue in
      for code in VenueCode.all(of: way) {
        try await venue.freshClient { client in
          try await venue.meet(code, changing: true) { () async throws(VenueError) in
            _ = try await client.gateway.place(venue.smallClose())
          }
          // The trade connection of Bybit only takes orders.
          if way == .bybitSocket { return }
          try await venue.meet(code, changing: false) { () async throws(VenueError) in
            _ = try await client.account.order(ClientOrderID("open"), symbol: ChaosVenue.symbol)
          }
        }
      }
    }
  }

  @Test(arguments: ChaosVenue.Way.allCases)
  func `an order that meets a code ends in an answer that is true`(
    way: ChaosVenue.Way
  ) async throws {
    try await ChaosVenue.serving(way) { venue in
      var answers: [EngineEvent.Answer] = []
      for code in VenueCode.all(of: way) {
        try await venue.freshClient { client in
          try await venue.fail(venue.placing, code, nth: 1)
          let begun = venue.clock.now
          let answer = await venue.desk(client).reduce(venue.smallReduction())
          #expect(venue.clock.now - begun < .seconds(25), "\(code.testDescription) took long")
          #expect(venue.faults.entries.isEmpty, "\(code.testDescription) has not happened")
          expect(answer, of: code)
          answers.append(answer)
        }
      }
      try await venue.verify(answers)
    }
  }

  private func expect(_ answer: EngineEvent.Answer, of code: VenueCode) {
    switch (answer, code.ending.isOvercome) {
    case (.placed, true), (.placed, nil), (.notPlaced(_, .rateLimited), nil): break
    case (.notPlaced(_, let error), false)
    where code.ending.isToldBy(error, of: code.code, changing: true): break
    default: Issue.record("\(code.testDescription) ends in \(answer)")
    }
  }

  @Test func `the client's table of Bybit's codes has every code of the reference`() {
    let listed = Set(VenueCode.bybitSocket.map(\.code))
    for code in BybitCode.documented where Int64(code) != 100_028 && code != 110_036 {
      #expect(listed.contains(Int64(code)), "\(code) is not played")
    }
    for code in VenueCode.bybitSocket where code.code < 999_999 {
      #expect(BybitCode.known(Int(code.code)) != nil, "\(code.code) is not in the table")
    }
  }
}

extension VenueCode {
  fileprivate static func all(of way: ChaosVenue.Way) -> [VenueCode] {
    switch way {
    case .bybitREST: bybit
    case .bybitSocket: bybitSocket
    case .binanceREST, .binanceSocket: binance
    }
  }

  /// What Binance says of an order that is not there is no error to who looks for one.
  fileprivate func isAnswer(changing: Bool) -> Bool {
    !changing && ending == .refused(.orderNotFound) && code < 0
  }
}

extension ChaosVenue {
  /// What a look at an order goes by.
  fileprivate var looking: String {
    switch way {
    case .bybitREST, .bybitSocket: "order/realtime"
    case .binanceREST: "order"
    case .binanceSocket: "order.status"
    }
  }

  /// Arms the loopback server by its control interface.
  fileprivate func fail(_ endpoint: String, _ code: VenueCode, nth: Int64) async throws {
    var body: JSONObject = ["endpoint": .string(endpoint), "code": .integer(code.code)]
    if let words = code.words { body["reason"] = .string(words) }
    if way == .bybitREST {
      body["nth"] = .integer(nth)
      return try await steer("fail", body)
    }
    body["service"] = .string(service)
    body["fault"] = "reject"
    body["skip"] = .integer(nth - 1)
    try await steer("faults", body)
  }

  /// The first call passes, the second meets the code, the third passes when its time has come.
  fileprivate func meet(
    _ code: VenueCode, changing: Bool, _ call: () async throws(VenueError) -> Void
  ) async throws {
    let words = "\(code.testDescription) \(changing ? "ordering" : "reading")"
    try await fail(changing ? placing : looking, code, nth: 2)
    do throws(VenueError) { try await call() } catch {
      Issue.record("\(words): the first call met \(error)")
    }
    do throws(VenueError) {
      try await call()
      #expect(code.isAnswer(changing: changing), "\(words): nothing was told")
    } catch {
      #expect(
        code.ending.isToldBy(error, of: code.code, changing: changing), "\(words): told \(error)")
      if case .rateLimited(let wait) = error { world.clock.advance(by: wait) }
    }
    #expect(faults.entries.isEmpty, "\(words): has not happened")
    do throws(VenueError) { try await call() } catch {
      Issue.record("\(words): the third call met \(error)")
    }
  }

  fileprivate func smallClose() -> OrderRequest { smallReduction().request }

  fileprivate func smallReduction() -> ReducingOrder {
    let position = Position(
      key: PositionKey(Self.symbol), side: .long, quantity: "1", entryPrice: "60000",
      leverage: .one, updatedAt: clock.now)
    return ReducingOrder(
      id: ClientOrderID("code-\(numbers.next())"), closing: position, quantity: "0.001")
  }

  /// Asks the venue whether the answers were true: an order is there once, or not at all.
  fileprivate func verify(_ answers: [EngineEvent.Answer]) async throws {
    var filled: [ClientOrderID: Quantity] = [:]
    for fill in try await witness.fills(since: .noon - .minutes(1)) {
      filled[fill.orderID] = try (filled[fill.orderID] ?? .zero) + fill.quantity
    }
    for answer in answers {
      switch answer {
      case .placed(let request, _):
        #expect(filled[request.id] == request.quantity, "\(request.id)")
      case .notPlaced(let request, _): #expect(filled[request.id] == nil, "\(request.id)")
      default: Issue.record("\(answer)")
      }
    }
  }
}
