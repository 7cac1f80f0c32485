import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Whatever befalls the messages of the streams: no book that is told is crossed, and each becomes
/// whole again; no execution is told with other numbers than a reading has, and what was lost is
/// found by one.
@Suite(.timeLimit(.minutes(3)))
struct StreamChaosTests {
  // MARK: Books

  @Test(arguments: StreamMishap.all, StreamVenue.Name.allCases)
  func `a book becomes whole again after a mishap`(
    mishap: StreamMishap, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.keepingBook { album in
        try await venue.expect("a book") { album.told > 3 }
        venue.strike(venue.books, mishap.fault)
        try await venue.verifyBook(album)
        #expect(venue.strikes == 1)
        if mishap.harmsBooks {
          let reason = try #require(album.lost.first, "nothing was lost")
          #expect(reason.hasPrefix("gap") != mishap.breaks, "\(reason)")
        } else {
          #expect(album.lost.isEmpty)
        }
      }
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>, StreamVenue.Name.allCases)
  func `a book becomes whole again after many mishaps`(
    seed: UInt64, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.keepingBook { album in
        try await venue.expect("a book") { album.told > 3 }
        let chance = SeededRandom(seed: seed)
        var expected = 0
        for _ in 0..<8 {
          let mishap = StreamMishap.all[Int(chance.next(below: UInt64(StreamMishap.all.count)))]
          let times = mishap.breaks ? 1 : Int(chance.next(below: 3)) + 1
          expected += times
          venue.strike(
            venue.books, mishap.fault, skip: Int(chance.next(below: 20)), times: times)
        }
        try await venue.verifyBook(album)
        #expect(venue.strikes == expected)
      }
    }
  }

  // MARK: The account

  /// Each mishap with each message that a market order leads to.
  struct Blow: Sendable, CustomTestStringConvertible {
    let name: StreamVenue.Name
    let topic: String
    let skip: Int
    /// The order that it befalls closes a position, or opens one.
    let closes: Bool
    let mishap: StreamMishap

    var testDescription: String {
      "\(name) \(topic) \(skip) \(closes ? "close" : "open") \(mishap.testDescription)"
    }

    /// What is lost then is an execution.
    var isOfExecution: Bool { topic == "execution" || topic == "ORDER_TRADE_UPDATE" && skip == 1 }

    static let all: [Blow] = [
      (StreamVenue.Name.bybit, "execution", 0), (.bybit, "order", 0),
      (.binance, "ORDER_TRADE_UPDATE", 1), (.binance, "ACCOUNT_UPDATE", 0),
    ].flatMap { name, topic, skip in
      [false, true].flatMap { closes in
        StreamMishap.all.map {
          Blow(name: name, topic: topic, skip: skip, closes: closes, mishap: $0)
        }
      }
    }
  }

  @Test(arguments: Blow.all)
  func `what a mishap takes from the account's stream, a reading has`(blow: Blow) async throws {
    try await StreamVenue.serving(blow.name) { venue in
      try await venue.hearingAccount { told in
        var orders = ["chaos-1", "chaos-2"]
        if blow.closes {
          orders.insert("chaos-0", at: 0)
          try await venue.trade("chaos-0", .buy, "0.02")
          try await venue.expect("the position") {
            told.words.contains("position BTCUSDT long 0.02")
              && told.words.contains("order chaos-0 filled")
          }
          try await venue.clock.sleep(for: .milliseconds(200))
        }
        venue.strike(blow.topic, blow.mishap.fault, skip: blow.skip)
        try await venue.trade("chaos-1", blow.closes ? .sell : .buy, "0.02")
        try await venue.expect("the mishap") { venue.world.faults.entries.isEmpty }
        #expect(venue.strikes == 1)
        if blow.mishap.breaks {
          try await venue.expect("the loss") { told.words.contains("link account down") }
          try await venue.expect("the return") { told.isBack(after: "link account down") }
        } else if blow.mishap.fault == Fault("garble") {
          try await venue.expect("a gap") { told.words.count { $0 == "gap" } >= 2 }
        } else if blow.mishap.fault.name == "delay" {
          try await venue.clock.sleep(for: .seconds(1))
        }
        // Where the connection stands, the next order brings what waited for it.
        // After a close that was not told it opens, on the side on which the close was.
        try await venue.trade("chaos-2", .sell, "0.01", reduceOnly: !blow.closes)
        try await venue.expect("the next fill") { told.words.contains("fill chaos-2") }
        if blow.isOfExecution, !blow.mishap.loses {
          try await venue.expect("what was late") { told.words.contains("fill chaos-1") }
        }
        if blow.isOfExecution, blow.mishap.loses {
          #expect(!told.words.contains("fill chaos-1"))
        }
        try await venue.verifyAccount(told, held: "0.01", orders: orders)
      }
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>, StreamVenue.Name.allCases)
  func `what many mishaps take from the account's stream, a reading has`(
    seed: UInt64, name: StreamVenue.Name
  ) async throws {
    try await StreamVenue.serving(name) { venue in
      try await venue.hearingAccount { told in
        let chance = SeededRandom(seed: seed)
        let topics = StreamVenue.accountTopics(name)
        for _ in 0..<5 {
          let mishap = StreamMishap.all[Int(chance.next(below: UInt64(StreamMishap.all.count)))]
          venue.strike(
            topics[Int(chance.next(below: UInt64(topics.count)))], mishap.fault,
            skip: Int(chance.next(below: 3)))
        }
        for number in 1...6 {
          try await venue.trade("chaos-\(number)", number.isMultiple(of: 3) ? .sell : .buy, "0.01")
          try await venue.clock.sleep(for: .milliseconds(400))
        }
        #expect(venue.strikes > 0)
        venue.world.faults.clear()
        // The last one may still be on its way to be noticed: orders go on until one is told.
        var last = 6
        while !told.words.contains("fill chaos-\(last)") || told.isDown, last < 40 {
          last += 1
          try await venue.trade("chaos-\(last)", last.isMultiple(of: 2) ? .buy : .sell, "0.01")
          try await venue.clock.sleep(for: .seconds(1))
        }
        #expect(told.words.contains("fill chaos-\(last)"), "the stream stays dumb")
        try await venue.verifyAccount(
          told, held: last.isMultiple(of: 2) ? "0.02" : "0.01",
          orders: (1...last).map { "chaos-\($0)" })
      }
    }
  }
}

extension StreamVenue {
  /// - Parameter reduceOnly: Nil is for what sells.
  fileprivate func trade(
    _ id: String, _ side: Side, _ quantity: Quantity, reduceOnly: Bool? = nil
  ) async throws {
    _ = try await gateway.place(
      OrderRequest(
        id: ClientOrderID(id), symbol: Self.symbol, side: side, quantity: quantity,
        reduceOnly: reduceOnly ?? (side == .sell)))
  }

  /// Waits until the faults are spent and the book is what somebody is told who comes only then.
  fileprivate func verifyBook(_ album: BookAlbum) async throws {
    try await expect("the mishaps") { world.faults.entries.isEmpty }
    let told = album.told
    try await keepingBook { witness in
      try await expect("books of the same moments, told again and again") {
        album.told > told && album.pairs(with: witness).suffix(5).count == 5
          && album.pairs(with: witness).suffix(5).allSatisfy { $0.ours == $0.theirs }
      }
    }
    #expect(album.crossed == 0)
  }

  /// Compares what was told with what a reading has.
  fileprivate func verifyAccount(
    _ told: EventBook, held: Quantity, orders: [String]
  ) async throws {
    let reading = try await account.readAccount()
    #expect(reading.positions.map(\.quantity) == [held])
    let fills = try await account.fills(since: .noon - .minutes(1))
    #expect(Set(fills.map(\.orderID)) == Set(orders.map { ClientOrderID($0) }))
    let read = Dictionary(
      fills.map { ($0.executionID, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(read.count == fills.count)
    for case .fill(let fill) in told.account { #expect(fill == read[fill.executionID]) }
    for case .order(let order) in told.account where !order.status.isOpen {
      #expect(order.filled == order.quantity)
    }
  }
}

extension EventBook {
  /// Whether the account's link came back since, and said that the account is to be read.
  fileprivate func isBack(after word: String) -> Bool {
    guard let lost = words.lastIndex(of: word) else { return false }
    return words[lost...].contains("link account up") && words.last { $0 == "gap" } != nil
      && (words.lastIndex(of: "gap") ?? 0) > lost
  }

  fileprivate var isDown: Bool {
    words.last { $0.hasPrefix("link account") } == "link account down"
  }
}
