import Foundation
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Simulation

/// The account outlives the process.
struct PaperAccountTests {
  private func lively() throws -> PaperVenue {
    var venue = venue()
    venue.move(btc, fundingRate: "0.0001", at: .noon)
    try venue.deposit("500", at: .noon)
    try venue.setLeverage(btc, long: "20", short: "20", at: .noon)
    try venue.buy("0.1", stop: "63000", target: "66000", link: "liq-1-1")
    try venue.setTradingStop(
      PositionKey(btc), trailing: .at(PaperTrailing(distance: .price("900"))), at: .noon)
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.01", kind: .limit("60000", .goodTillCancelled)),
      at: .noon)
    try venue.sell("0.02", reduceOnly: true)
    return venue
  }

  private func again(_ account: PaperAccount) throws -> PaperVenue {
    let data = try JSONEncoder().encode(account)
    return PaperVenue(
      settings: PaperSettings(balance: "1"), instruments: [.example()],
      account: try JSONDecoder().decode(PaperAccount.self, from: data))
  }

  @Test func `what was encoded is the same account, to the last digit`() throws {
    let before = try lively()
    let after = try again(before.account(at: .noon))
    #expect(after.wallet(at: .noon) == before.wallet(at: .noon))
    #expect(after.openPositions() == before.openPositions())
    #expect(after.openOrders() == before.openOrders())
    #expect(after.executionHistory == before.executionHistory)
    #expect(after.orderHistory == before.orderHistory)
    #expect(after.ledger == before.ledger && after.closedTrades == before.closedTrades)
    #expect(after.leverage(of: btc, side: .long) == "20")
    var account = after.account(at: .noon)
    for place in account.symbols.indices { account.symbols[place].market?.isStale = false }
    #expect(account == before.account(at: .noon))
  }

  @Test func `ids go on where they were, and used ones stay used`() throws {
    var before = try lively()
    var after = try again(before.account(at: .noon))
    after.goTo("64000")
    #expect(
      code { () throws(PaperRejection) in try after.buy("0.01", link: "liq-1-1") } == 110072)
    before.goTo("64000")
    let (next, same) = (try after.buy("0.01"), try before.buy("0.01"))
    #expect(next.number == same.number)
  }

  @Test func `nothing trades by a price of before the start`() throws {
    var after = try again(lively().account(at: .noon))
    #expect(after.symbolsAwaitingPrice == [btc])
    #expect(code { () throws(PaperRejection) in try after.buy("0.01") } == 110118)
    #expect(
      code { () throws(PaperRejection) in
        try after.setTradingStop(PositionKey(btc), stop: .at("62000"), at: .noon)
      } == 110118)
    after.goTo("64000")
    #expect(after.symbolsAwaitingPrice.isEmpty)
    #expect(code { () throws(PaperRejection) in try after.buy("0.01") } == nil)
  }

  @Test func `what was paid in today is known after a restart, however many trades came since`()
    throws
  {
    var before = venue()
    try before.deposit("500", at: .noon - .hours(1))
    for _ in 0..<150 {
      try before.buy("0.01")
      try before.sell("0.01", reduceOnly: true)
    }
    let after = try again(before.account(at: .noon))
    #expect(after.transfers(since: .noon - .hours(2)).map(\.amount) == ["500"])
    #expect(after.ledger.map(\.number) == after.ledger.map(\.number).sorted())
    // Of the day before yesterday nobody asks.
    let late = try again(before.account(at: .noon + .hours(48)))
    #expect(late.transfers(since: .noon - .hours(2)).isEmpty)
  }

  @Test func `a stop that was passed while the process was down fills at the first price`() throws {
    var after = try again(lively().account(at: .noon))
    after.goTo("62000", at: .noon + .hours(1))
    #expect(after.openPositions().isEmpty)
    #expect(after.executionHistory.last?.price == "62000")
    #expect(after.executionHistory.last?.fill.role == .stop)
  }

  @Test func `funding of the time in between is charged at the old rate and price`() throws {
    var after = try again(lively().account(at: .noon))
    after.goTo("64100", at: .noon + .hours(13))
    #expect(after.ledger.suffix(2).map(\.kind) == [.funding, .funding])
    #expect(after.ledger.last?.funding == "-0.512")
  }
}

/// `state/paper.json`: whole, or set aside and told.
@Suite(.timeLimit(.minutes(1)))
struct PaperAccountFileTests {
  /// A folder that exists for one test.
  private struct Folder: ~Copyable {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-paper-\(ProcessInfo.processInfo.globallyUniqueString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var file: PaperAccountFile { PaperAccountFile(path: url.appending(path: "paper.json").path) }
    var names: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }

    func write(_ text: String) throws {
      try Data(text.utf8).write(to: url.appending(path: "paper.json"))
    }
  }

  private func account() throws -> PaperAccount {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    return venue.account(at: .noon)
  }

  @Test func `no file is a new account, and what was saved is found`() throws {
    let folder = try Folder()
    guard case .fresh = try folder.file.open(at: .noon) else {
      Issue.record("not fresh")
      return
    }
    try folder.file.save(account())
    guard case .found(let found) = try folder.file.open(at: .noon) else {
      Issue.record("not found")
      return
    }
    let saved = try account()
    #expect(found == saved)
    #expect(folder.names == ["paper.json"])
  }

  @Test func `the same account is the same bytes`() throws {
    let folder = try Folder()
    try folder.file.save(account())
    let first = try Data(contentsOf: folder.url.appending(path: "paper.json"))
    try folder.file.save(account())
    #expect(try Data(contentsOf: folder.url.appending(path: "paper.json")) == first)
  }

  @Test(arguments: [
    ("{\"version\": 1, \"bal", "damaged", "it is no JSON"),
    ("{\"version\": 1}", "damaged", "is missing"),
    ("{\"version\": 2, \"new\": true}", "version-2", "version 2, this program reads up to"),
    ("", "damaged", "it is no JSON"),
  ])
  func `what can't be used is set aside, and says why`(
    text: String, name: String, why: String
  ) throws {
    let folder = try Folder()
    try folder.write(text)
    guard case .setAside(let path, let told) = try folder.file.open(at: .noon) else {
      Issue.record("not set aside")
      return
    }
    #expect(told.contains(why), "\(told)")
    #expect(folder.names == ["paper.json.\(name)-\(Timestamp.noon.seconds)"])
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func `an account that makes no sense is damaged`() throws {
    let folder = try Folder()
    try folder.file.save(account())
    let text = try String(
      contentsOf: folder.url.appending(path: "paper.json"), encoding: .utf8)
    try folder.write(text.replacing("\"side\" : \"long\"", with: "\"side\" : null"))
    guard case .setAside(_, let why) = try folder.file.open(at: .noon) else {
      Issue.record("not set aside")
      return
    }
    #expect(why.contains("BTCUSDT makes no sense"))
  }

  @Test func `what is there but can't be read is an error, and stays`() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "paper.json"), withIntermediateDirectories: true)
    #expect(throws: PaperAccountFile.Failure.self) { try folder.file.open(at: .noon) }
    #expect(folder.names == ["paper.json"])
  }

  // MARK: While it runs

  private func see(_ price: Price, _ exchange: PaperExchange) async {
    await exchange.take(
      .ticker(
        Ticker(
          venue: .bybit, symbol: btc, last: price, mark: price, bid: price, ask: price,
          time: .noon)))
  }

  @Test func `an exchange goes on with the account of the one before it`() async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let first = PaperExchange(
      settings: PaperSettings(balance: "5000"), instruments: [.example()], prices: .bybit,
      clock: clock, file: folder.file)
    await see("64000", first)
    let running = Task { await first.run { _ in } }
    while clock.sleeperCount < 2, !Task.isCancelled { await Task.yield() }
    _ = try await first.place(
      OrderRequest(
        id: ClientOrderID("liq-1-1"), symbol: btc, side: .buy, quantity: "0.1", stop: "63000"))
    let kept = try await first.readAccount()
    running.cancel()
    await running.value

    guard case .found(let account) = try folder.file.open(at: .noon) else {
      Issue.record("nothing kept")
      return
    }
    let second = PaperExchange(
      settings: PaperSettings(balance: "1"), instruments: [.example()], prices: .bybit,
      clock: clock, account: account)
    await #expect(throws: VenueError.unreachable("no price since the start of BTCUSDT")) {
      try await second.readAccount()
    }
    #expect(await second.symbolsInUse == [btc])
    await see("64000", second)
    let taken = try await second.readAccount()
    #expect(taken.positions == kept.positions && taken.wallet == kept.wallet)
    #expect(try await second.fills(since: .noon).map(\.orderID.text) == ["liq-1-1"])
  }

  @Test func `held symbols that get no price count at their old one after a minute`() async throws {
    let clock = ManualClock()
    let exchange = PaperExchange(
      settings: PaperSettings(), instruments: [.example()], prices: .bybit, clock: clock,
      account: try account())
    await #expect(throws: VenueError.self) { try await exchange.readAccount() }
    clock.advance(by: .seconds(60))
    #expect(try await exchange.readAccount().positions.count == 1)
  }

  @Test func `a disk that takes nothing is told once, and so is its return`() async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let told = Mutex<[PaperKeeping]>([])
    // A file stands where its folder should be.
    let place = folder.url.appending(path: "state")
    try Data().write(to: place)
    let exchange = PaperExchange(
      settings: PaperSettings(), instruments: [.example()], prices: .bybit, clock: clock,
      file: PaperAccountFile(path: place.appending(path: "paper.json").path)
    ) { keeping in told.withLock { $0.append(keeping) } }
    let running = Task { await exchange.run { _ in } }
    func waitForSave() async {
      while clock.sleeperCount < 2, !Task.isCancelled { await Task.yield() }
    }
    await waitForSave()
    clock.advance(by: .seconds(1))
    await waitForSave()
    #expect(told.withLock { $0.count } == 1)
    try FileManager.default.removeItem(at: place)
    clock.advance(by: .seconds(1))
    await waitForSave()
    running.cancel()
    await running.value
    #expect(told.withLock { $0.last } == .works)
    #expect(told.withLock { $0.count } == 2)
  }
}
