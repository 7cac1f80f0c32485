import GRDB
import Journal
import TestSupport
import Testing
import TradingModel

struct JournalRecordTests {
  @Test func `amounts come back to the last digit and lie in the file as text`() async throws {
    let scratch = try Scratch("records-exact")
    let journal = try scratch.journal()
    let trip = RoundTrip.sample(closed: .noon + .seconds(5))
    var view = PositionView(
      position: .example(margin: "1541.04000001"), owner: .manual, price: "64980.5",
      profit: "-0.00000001", isStopConfirmed: true, openedAt: .noon,
      protectedEntry: "64210.00000001")
    view.position.unrealised = Notional(uncheckedCount: Notional.limit)
    try await journal.commit([.roundTrip(trip), .position(view), .baseline(.sample())])

    #expect(try await journal.trades(limit: 10) == [trip])
    #expect(try await journal.openPositions() == [view])
    try await scratch.otherProgram().read { db in
      let stored = try #require(
        try Row.fetchOne(
          db,
          sql: """
            SELECT entry_price, typeof(entry_price), typeof(fees), typeof(realised_pnl), exit_time
            FROM trades
            """))
      #expect(stored[0] == "64210.00000001")
      #expect(stored[1] == "text" && stored[2] == "text" && stored[3] == "text")
      #expect(stored[4] == 1_795_176_005_000)
    }
  }

  @Test func `an amount that is no text is refused by the file itself`() throws {
    let scratch = try Scratch("records-strict")
    let journal = try scratch.journal()
    func insert(_ equity: String, takenAt: String = "0") throws {
      try scratch.execute(
        "INSERT INTO daily_baseline VALUES ('2026-11-20', \(equity), \(takenAt), 0, 0, 0, '0', '[]')"
      )
    }
    #expect(throws: DatabaseError.self) { try insert("x'00'") }
    #expect(throws: DatabaseError.self) { try insert("'1'", takenAt: "'noon'") }
    try insert("'1'")
    try journal.close()
  }

  @Test func `a fill that is told twice is kept once, and ids of two symbols may be alike`()
    async throws
  {
    let scratch = try Scratch("records-fills")
    let journal = try scratch.journal()
    var other = Fill.sample("e1")
    other.symbol = "ETHUSDT"
    try await journal.commit([.fill(.sample("e1")), .fill(.sample("e1")), .fill(other)])
    let count = try await scratch.otherProgram().read {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM executions")
    }
    #expect(count == 2)
  }

  @Test func `an order goes from intent to its end and never back`() async throws {
    let scratch = try Scratch("records-orders")
    let journal = try scratch.journal()
    let request = OrderRequest(
      id: ClientOrderID("liq-1-1"), symbol: "BTCUSDT", side: .buy, quantity: "0.12",
      kind: .limit("64210", .postOnly), stop: "63250")
    func order(_ status: Order.Status, _ second: Int64) -> Order {
      Order(
        id: request.id, venueID: "v1", symbol: "BTCUSDT", side: .buy, quantity: "0.12",
        kind: request.kind, status: status, createdAt: .noon, updatedAt: .noon + .seconds(second))
    }
    func status() async throws -> String? {
      try await scratch.otherProgram().read {
        try String.fetchOne($0, sql: "SELECT status FROM orders WHERE id = 'liq-1-1'")
      }
    }
    try await journal.commit([.intent(request, signal: SignalID("s1"), at: .noon + .seconds(60))])
    #expect(try await status() == "intent")
    try await journal.commit([.orderFailed(request.id, .outcomeUnknown, at: .noon)])
    #expect(try await status() == "unknown")
    // The venue's clock may lie behind ours.
    try await journal.commit([.order(order(.new, 2))])
    #expect(try await status() == "new")
    try await journal.commit([.order(order(.partiallyFilled, 1))])
    #expect(try await status() == "new", "older news")
    try await journal.commit([.order(order(.filled, 3)), .order(order(.partiallyFilled, 3))])
    #expect(try await status() == "filled")
    try await journal.commit([.orderFailed(request.id, .unreachable("late"), at: .noon)])
    #expect(try await status() == "filled")
    let stored = try await scratch.otherProgram().read {
      try String.fetchOne(
        $0, sql: "SELECT signal_id || ' ' || stop || ' ' || time_in_force FROM orders")
    }
    #expect(stored == "s1 63250 postOnly", "the venue does not know these")
  }

  @Test func `orders that the venue made are told apart by its ids`() async throws {
    let scratch = try Scratch("records-children")
    let journal = try scratch.journal()
    for id in ["v7", "v8"] {
      try await journal.commit([
        .order(
          Order(
            id: ClientOrderID(""), venueID: id, symbol: "BTCUSDT", side: .sell, quantity: "0.12",
            kind: .market, reduceOnly: true, triggerPrice: "63250", role: .stop,
            status: .untriggered, createdAt: .noon, updatedAt: .noon))
      ])
    }
    let ids = try await scratch.otherProgram().read {
      try String.fetchAll($0, sql: "SELECT id FROM orders ORDER BY id")
    }
    #expect(ids == ["venue:v7", "venue:v8"])
  }

  @Test func `a position that went flat is closed and may open again`() async throws {
    let scratch = try Scratch("records-positions")
    let journal = try scratch.journal()
    let view = PositionView(
      position: .example(), owner: .engine(.liquidation), price: nil, profit: nil,
      isStopConfirmed: false, openedAt: nil)
    try await journal.commit([.position(view), .flat(view.position.key, at: .noon)])
    #expect(try await journal.openPositions().isEmpty)
    try await journal.commit([.position(view)])
    #expect(try await journal.openPositions() == [view])
  }

  @Test func `the first verdict on a signal stands`() async throws {
    let scratch = try Scratch("records-signals")
    let journal = try scratch.journal()
    let intent = Intent.sample("s1")
    try await journal.commit([
      .signal(intent, refusals: ["cooldown: 4 min left"]),
      .signal(intent, refusals: ["handled already"]),
    ])
    #expect(
      try await journal.signals(limit: 5)
        == [JudgedSignal(intent: intent, refusals: ["cooldown: 4 min left"])])
  }

  @Test(arguments: [
    ("UPDATE trades SET entry_price = 'abc'", "trades, row \"liq-1-1\": entry_price"),
    ("UPDATE trades SET engine = 'nobody'", "trades, row \"liq-1-1\": engine"),
    ("UPDATE trades SET slot = 9", "trades, row \"liq-1-1\": slot"),
    ("UPDATE trades SET fees = '1e99'", "trades, row \"liq-1-1\": fees"),
    ("UPDATE locks SET kind = 'paused:nobody'", "locks, row \"paused:nobody\": kind"),
    ("UPDATE daily_baseline SET equity = ''", "daily_baseline, row \"2026-11-20\": equity"),
  ])
  func `a row that makes no sense is named and never a crash`(
    damage: String, words: String
  ) async throws {
    let scratch = try Scratch("records-garbage")
    let journal = try scratch.journal()
    try await journal.commit([
      .roundTrip(.sample()), .baseline(.sample()),
      .lock(Lock(kind: .halted, reason: "", since: .noon)),
    ])
    try scratch.execute(damage)
    await #expect {
      try await journal.restored(at: .noon)
    } throws: { error in
      guard case JournalError.unreadable(let why)? = error as? JournalError else { return false }
      return why.contains(words)
    }
  }
}
