import EngineCore
import Loopback
import Risk
import TestSupport
import Testing
import TradingModel
import Transport

/// A position that somebody else changes, executions that come before the answer, a venue that is
/// being mended: the bot's orders end in true answers, and what is read is what there is.
@Suite(.timeLimit(.minutes(3)))
struct HandChaosTests {
  /// What a person does on the venue's own screen while the bot holds 0.02 long, and what becomes of
  /// the order by which the bot closes them.
  enum Hand: String, Sendable, CaseIterable {
    case adds, takesSome, closes, turns

    /// What is held when it has done it; below zero is short.
    var leaves: Quantity {
      switch self {
      case .adds: "0.05"
      case .takesSome: "0.01"
      case .closes: .zero
      case .turns: "0.03"
      }
    }

    var side: PositionSide { self == .turns ? .short : .long }

    /// What the bot's order takes of it; nil where there is nothing for it to take.
    var closed: Quantity? {
      switch self {
      case .adds: "0.02"
      case .takesSome: "0.01"
      case .closes, .turns: nil
      }
    }
  }

  @Test(arguments: Hand.allCases, StreamVenue.Name.allCases)
  func `a position that a hand changes is told, and is never turned by the bot's closing of it`(
    hand: Hand, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.hearingAccount { told in
        _ = try await venue.gateway.place(
          OrderRequest(
            id: ClientOrderID("held"), symbol: StreamVenue.symbol, side: .buy, quantity: "0.02"))
        try await venue.expect("the position") {
          told.words.contains("position BTCUSDT long 0.02")
        }
        try await venue.change(by: hand)
        let words = hand.leaves.isZero ? "flat" : "\(hand.side) \(hand.leaves)"
        try await venue.expect("what the hand did") {
          told.words.last { $0.hasPrefix("position") } == "position BTCUSDT \(words)"
        }
        // It still believes in what it held.
        let answer = await venue.close("late", "0.02", .long)
        switch (answer, hand.closed) {
        case (.placed, .some): break
        case (.notPlaced(_, .rejected(let rejection)), nil):
          #expect(rejection.meaning == .reduceOnlyRefused)
        default: Issue.record("\(answer)")
        }
        let rest = try hand.leaves - (hand.closed ?? .zero)
        let reading = try await venue.account.readAccount()
        #expect(reading.positions.map(\.quantity) == (rest.isZero ? [] : [rest]))
        #expect(reading.positions.allSatisfy { $0.side == hand.side })
        #expect(try await venue.filled("late") == hand.closed ?? .zero)
      }
    }
  }

  @Test(arguments: StreamVenue.Name.allCases)
  func `an execution that comes before the answer is told at once`(
    name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.hearingAccount { told in
        venue.world.faults.add(
          FaultRule(
            service: name.rawValue, endpoint: venue.placing, Fault("delay", ["ms": 8_000])))
        let order = OrderRequest(
          id: ClientOrderID("early"), symbol: StreamVenue.symbol, side: .buy, quantity: "0.02")
        let placing = Task { try await venue.gateway.place(order) }
        try await venue.expect("the execution") { told.words.contains("fill early") }
        try await venue.expect("the position") {
          told.words.contains("position BTCUSDT long 0.02")
        }
        told.chronicle.write("answered \(try await placing.value.isEmpty)")
        let place = try #require(told.words.firstIndex(of: "answered false"))
        #expect(told.words[..<place].contains("fill early"))
        #expect(try await venue.filled("early") == "0.02")
      }
    }
  }

  /// For so many calls the venue is being mended; nil is to the end of the order's patience.
  @Test(arguments: [1, 3, nil], StreamVenue.Name.allCases)
  func `maintenance ends an order in a true answer, and the streams come back from it`(
    calls: Int?, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.hearingAccount { told in
        try await venue.steer(venue.opening, ["symbol": "BTC", "side": "long", "quantity": "0.05"])
        try await venue.expect("the position") {
          told.words.contains("position BTCUSDT long 0.05")
        }
        try await venue.beginMaintenance(calls: calls)
        try await venue.expect("the loss") { told.words.contains("link account down") }
        let begun = venue.clock.now
        let answer = await venue.close("mended", "0.02", .long)
        #expect(venue.clock.now - begun < .seconds(30))
        venue.world.faults.clear()
        let isThere = try await !venue.filled("mended").isZero
        switch answer {
        case .placed: #expect(isThere)
        case .notPlaced: #expect(!isThere)
        case .placementUnknown: #expect(calls == nil, "not found out")
        default: Issue.record("\(answer)")
        }
        if calls == 1 { #expect(isThere, "\(answer)") }
        try await venue.expect("the return") {
          told.words.last { $0.hasPrefix("link account") } == "link account up"
        }
        try await venue.verify(held: isThere ? "0.03" : "0.05", .long, told)
      }
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>, StreamVenue.Name.allCases)
  func `hands, maintenance and mishaps together leave no order twice and none lost`(
    seed: UInt64, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.hearingAccount { told in
        let chance = SeededRandom(seed: seed)
        func pick<Item>(_ items: [Item]) -> Item {
          items[Int(chance.next(below: UInt64(items.count)))]
        }
        var held = Quantity.zero
        var side = PositionSide.long
        var answers: [EngineEvent.Answer] = []
        for number in 1...8 {
          switch chance.next(below: 5) {
          case 0: venue.strike(pick(StreamVenue.accountTopics(name)), pick(StreamMishap.all).fault)
          case 1: try await venue.beginMaintenance(calls: Int(chance.next(below: 3)) + 1)
          case 2:
            venue.world.faults.add(
              FaultRule(service: name.rawValue, endpoint: "*", pick(Self.mishaps)))
          case 3:
            try await venue.steer(venue.closing, ["symbol": "BTC"])
            held = .zero
          default: break
          }
          if held < "0.02" {
            if held.isZero { side = pick([.long, .short]) }
            try await venue.steer(
              venue.opening,
              ["symbol": "BTC", "side": .string(side.rawValue), "quantity": "0.05"])
            held = try held + "0.05"
          }
          // One in four believes in a side that is not there.
          let believed = chance.next(below: 4) == 0 ? side.opposite : side
          let answer = await venue.close("mixed-\(number)", "0.01", believed)
          answers.append(answer)
          if try await !venue.filledInPeace("mixed-\(number)").isZero { held = try held - "0.01" }
        }
        venue.world.faults.clear()
        for answer in answers { try await venue.verify(answer) }
        try await venue.expect("the stream") {
          told.words.last { $0.hasPrefix("link account") } == "link account up"
        }
        try await venue.verify(held: held, side, told)
      }
    }
  }

  /// What an order meets on its way, none of which lasts.
  private static let mishaps = [
    Fault("status", ["status": 502, "executed": true]), Fault("status", ["status": 500]),
    Fault("close_before"), Fault("reset", ["executed": false]), Fault("delay", ["ms": 2_000]),
    Fault("close_within"),
  ]
}

extension StreamVenue {
  fileprivate var placing: String { name == .bybit ? "order/create" : "order" }
  fileprivate var opening: String { name == .bybit ? "open" : "binance/open" }
  fileprivate var closing: String { name == .bybit ? "close" : "binance/close" }

  fileprivate func change(by hand: HandChaosTests.Hand) async throws {
    func open(_ side: PositionSide, _ quantity: String) async throws {
      try await steer(
        opening,
        ["symbol": "BTC", "side": .string(side.rawValue), "quantity": .string(quantity)])
    }
    switch hand {
    case .adds: try await open(.long, "0.03")
    case .takesSome: try await open(.short, "0.01")
    case .closes: try await steer(closing, ["symbol": "BTC"])
    case .turns: try await open(.short, "0.05")
    }
  }

  /// Refuses calls as a venue does that is being mended, and cuts the account's streams.
  fileprivate func beginMaintenance(calls: Int?) async throws {
    let fault =
      name == .bybit
      ? Fault("reject", ["code": 10_016]) : Fault("unavailable")
    world.faults.add(FaultRule(service: name.rawValue, fault, times: calls))
    world.faults.add(
      FaultRule(
        service: "\(name.rawValue)_stream", endpoint: "connect",
        Fault("status", ["status": 503]), times: calls))
    try await steer(name == .bybit ? "cut" : "binance/cut")
  }

  /// Closes by the order desk, whatever there is.
  fileprivate func close(
    _ id: String, _ quantity: Quantity, _ side: PositionSide
  ) async -> EngineEvent.Answer {
    let position = Position(
      key: PositionKey(Self.symbol), side: side, quantity: quantity, entryPrice: "60000",
      leverage: .one, updatedAt: clock.now)
    return await desk.reduce(
      ReducingOrder(id: ClientOrderID(id), closing: position, quantity: quantity))
  }

  /// What the venue has of an order's executions.
  fileprivate func filled(_ id: String) async throws -> Quantity {
    var filled = Quantity.zero
    for fill in try await readings({ () async throws(VenueError) in
      try await account.fills(since: .noon - .minutes(1))
    }) where fill.orderID == ClientOrderID(id) { filled = try filled + fill.quantity }
    return filled
  }

  /// The same, with nothing in the way.
  fileprivate func filledInPeace(_ id: String) async throws -> Quantity {
    let standing = world.faults.entries
    world.faults.clear()
    defer { for entry in standing { world.faults.add(entry.rule) } }
    return try await filled(id)
  }

  /// Whether an answer was true.
  fileprivate func verify(_ answer: EngineEvent.Answer) async throws {
    switch answer {
    case .placed(let request, _):
      #expect(try await filled(request.id.text) == request.quantity, "\(request.id)")
    case .notPlaced(let request, _):
      #expect(try await filled(request.id.text).isZero, "\(request.id) \(answer)")
    case .placementUnknown(let request):
      let filled = try await filled(request.id.text)
      #expect(filled.isZero || filled == request.quantity, "\(request.id)")
    default: Issue.record("\(answer)")
    }
  }

  /// A reading has what there is, and no execution was told with other numbers than it has.
  fileprivate func verify(
    held: Quantity, _ side: PositionSide, _ told: EventBook
  ) async throws {
    let reading = try await readings { () async throws(VenueError) in
      try await account.readAccount()
    }
    #expect(reading.positions.map(\.quantity) == (held.isZero ? [] : [held]))
    #expect(reading.positions.allSatisfy { $0.side == side })
    let fills = try await readings { () async throws(VenueError) in
      try await account.fills(since: .noon - .minutes(1))
    }
    let read = Dictionary(fills.map { ($0.executionID, $0) }, uniquingKeysWith: { $1 })
    #expect(read.count == fills.count)
    for case .fill(let fill) in told.account { #expect(fill == read[fill.executionID]) }
  }

  /// A call that finds a connection broken, or the venue still quiet, is made again.
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
