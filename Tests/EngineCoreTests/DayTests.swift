import EngineCore
import TestSupport
import Testing
import TradingModel

struct DayTests {
  /// A position whose price moves the equity of 10,000 USDT.
  private func script() -> Script {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.1", at: "60000", stop: "40000", now: script.now)
    script.pass(.seconds(6))
    return script
  }

  @Test(arguments: [("55001", false), ("55000", true)] as [(Price, Bool)])
  func `the day stop fires at five percent`(price: Price, fires: Bool) {
    var script = script()
    script.move("BTCUSDT", to: price)
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty == fires)
    #expect((script.snapshot.state == .locked) == fires)
    #expect(
      script.effects.alerts.contains { if case .dayFlattened = $0 { true } else { false } }
        == fires)
  }

  @Test
  func `a price jump flattens and locks, the lock first`() throws {
    var script = script()
    var effects = script.move("BTCUSDT", to: "54000")
    effects += script.pass(.seconds(10))
    let lock = try #require(
      effects.firstIndex {
        if case .record(.lock(let lock)) = $0 { lock.kind == .day } else { false }
      })
    let orders = try #require(
      effects.firstIndex { if case .cancelAll = $0 { true } else { false } })
    #expect(lock < orders)
    #expect(effects.files.contains { if case .tradingDisabled = $0 { true } else { false } })
    #expect(
      effects.alerts.count { if case .dayStop = $0 { true } else { false } } == 1)
    let day = try #require(script.snapshot.locks.first)
    #expect(day.kind == .day && day.until == Timestamp.noon.day.next.start && day.isFlat)
  }

  @Test
  func `the target closes with a gain`() {
    var script = script()
    script.move("BTCUSDT", to: "70000")
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.alerts.contains { if case .dayTarget = $0 { true } else { false } })
  }

  @Test
  func `an unknown equity never trips`() {
    var script = script()
    script.venue.readError = .malformed("empty")
    script.move("BTCUSDT", to: "30000")
    script.pass(.seconds(60))
    #expect(script.effects.closes.isEmpty)
    #expect(script.snapshot.day == nil)
  }

  @Test
  func `a new UTC day clears the day lock and takes a new baseline, the panic lock stays`() {
    var script = script()
    script.move("BTCUSDT", to: "54000")
    script.pass(.seconds(10))
    script.command(1, .panic)
    script.pass(.seconds(5))
    script.now = Timestamp.noon.day.next.start - .seconds(1)
    script.pass(.seconds(1))
    #expect(script.snapshot.locks.map(\.kind) == [.panic])
    #expect(script.effects.alerts.contains(.unlocked(.day)))
    #expect(script.effects.files.contains(.tradingEnabled))
    script.pass(.seconds(10))
    #expect(script.snapshot.day?.baseline.day == Timestamp.noon.day.next)
    #expect(script.snapshot.day?.baseline.equity == "9400")
  }

  @Test
  func `a day lock lifted by hand does not trip again the same day`() {
    var script = script()
    script.move("BTCUSDT", to: "54000")
    script.pass(.seconds(10))
    script.command(1, .unlock)
    #expect(script.effects.outcome(of: 1) == .done)
    script.pass(.seconds(30))
    #expect(script.snapshot.state == .running)
  }

  @Test(arguments: [(true, false, 0), (false, true, 1)])
  func `what fired today does not fire again after an unlock and a restart, the other limit does`(
    hasStopped: Bool, hasReachedTarget: Bool, stops: Int
  ) {
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "11000", takenAt: Timestamp.noon.day.start,
      isLate: false, hasStopped: hasStopped, hasReachedTarget: hasReachedTarget)
    var script = Script(restored: RestoredState(baseline: baseline))
    script.pass(.seconds(10))
    #expect(
      script.effects.alerts.count { if case .dayStop = $0 { true } else { false } } == stops)
    #expect((script.snapshot.state == .locked) == (stops > 0))
  }

  @Test
  func `that a limit has fired is recorded next to its lock`() throws {
    var script = script()
    var effects = script.move("BTCUSDT", to: "54000")
    effects += script.pass(.seconds(10))
    let lock = try #require(
      effects.firstIndex {
        if case .record(.lock(let lock)) = $0 { lock.kind == .day } else { false }
      })
    guard case .record(.baseline(let fired)) = effects[lock - 1] else {
      Issue.record("not beside the lock")
      return
    }
    #expect(fired.hasStopped && !fired.hasReachedTarget && fired.equity == "10000")
  }

  @Test
  func `money paid in is no profit`() {
    var script = script()
    script.venue.balance = "12000"
    script.venue.transfers = [Transfer(id: "t1", amount: "2000", time: script.now)]
    script.pass(.seconds(10))
    #expect(script.snapshot.day?.net == .zero)
    #expect(script.snapshot.day?.baseline.transferred == "2000")
    #expect(script.snapshot.state == .running)
    #expect(!script.effects.alerts.contains { if case .dayTarget = $0 { true } else { false } })
  }

  @Test
  func `a small deposit is read within a minute`() {
    var script = script()
    script.venue.balance = "10100"
    script.venue.transfers = [Transfer(id: "t1", amount: "100", time: script.now)]
    script.pass(.seconds(61))
    #expect(script.snapshot.day?.net == .zero)
  }

  /// The private stream tells the wallet as it is now.
  private func tellWallet(_ script: inout Script) {
    script.send(.account(.wallet(script.venue.wallet(at: script.now))))
  }

  @Test
  func `money that goes while transfers can't be read is no loss: the limit waits, and it is told`()
  {
    var script = script()
    script.venue.transfersError = .unreachable("down")
    script.venue.balance = "9400"
    script.venue.transfers = [Transfer(id: "t1", amount: "-600", time: script.now)]
    tellWallet(&script)
    script.pass(.seconds(14))
    #expect(!script.effects.alerts.contains(where: isWaiting))
    script.pass(.seconds(46))
    #expect(script.effects.alerts.count(where: isWaiting) == 1)
    #expect(
      script.effects.alerts.contains(
        .dayLimitWaits(result: "-0.06", unexplained: "-600", why: "not reachable: down")))
    #expect(script.snapshot.state == .running && !script.venue.positions.isEmpty)
    script.venue.transfersError = nil
    script.pass(.seconds(20))
    #expect(script.snapshot.state == .running)
    #expect(script.snapshot.day?.net == .zero)
  }

  private func isWaiting(_ news: Alert.News) -> Bool {
    if case .dayLimitWaits = news { true } else { false }
  }

  @Test
  func `once the list is read, a loss that no transfer explains fires`() {
    var script = script()
    script.venue.transfersError = .unreachable("down")
    script.venue.balance = "9400"
    tellWallet(&script)
    script.pass(.seconds(20))
    #expect(script.snapshot.state == .running)
    script.venue.transfersError = nil
    script.pass(.seconds(15))
    #expect(script.snapshot.state == .locked)
    #expect(script.venue.positions.isEmpty)
  }

  @Test(arguments: [true, false])
  func `a loss that executions explain fires at once, in whatever order they are told`(
    isFillFirst: Bool
  ) {
    var script = script()
    script.pass(.seconds(12))
    script.venue.transfersError = .unreachable("down")
    script.venue.positions = [:]
    script.venue.balance = "9400"
    let exit = EngineEvent.Body.account(
      .fill(
        Fill(
          executionID: "out", orderID: ClientOrderID(""), venueOrderID: "v", symbol: "BTCUSDT",
          side: .sell, price: "54000", quantity: "0.1", fee: "0.5", closedQuantity: "0.1",
          role: .stop, time: script.now)))
    if isFillFirst { script.send(exit) }
    tellWallet(&script)
    if !isFillFirst { script.send(exit) }
    script.pass(.milliseconds(100))
    #expect(script.snapshot.locks.map(\.kind) == [.day])
  }

  @Test
  func `a price that falls fires at once, though transfers can't be read`() {
    var script = script()
    script.venue.transfersError = .unreachable("down")
    script.move("BTCUSDT", to: "55000")
    script.pass(.milliseconds(200))
    #expect(script.snapshot.state == .locked)
  }

  @Test
  func `a transfer known before the wallet was told again fires nothing`() {
    var script = script()
    script.venue.balance = "10600"
    script.venue.transfers = [Transfer(id: "t1", amount: "600", time: script.now)]
    script.send(.account(.transfer("600", at: script.now)))
    script.pass(.seconds(10))
    #expect(script.snapshot.state == .running)
    #expect(script.snapshot.day?.net == .zero)
  }

  @Test
  func `a transfer that the list shows a moment late fires nothing`() {
    var script = script()
    script.venue.balance = "12000"
    let paid = script.now
    tellWallet(&script)
    script.pass(.milliseconds(900))
    script.venue.transfers = [Transfer(id: "t1", amount: "2000", time: paid)]
    script.pass(.seconds(10))
    #expect(script.snapshot.state == .running)
    #expect(script.snapshot.day?.net == .zero)
  }

  @Test
  func `a balance that changes all the time puts a true stop off no longer than four seconds`() {
    var script = script()
    for step in 1...90 {
      script.venue.balance = Notional.usdt(9_400) - .usdt(Int64(step))
      var wallet = script.venue.wallet(at: script.now)
      wallet.balance = script.venue.balance
      script.send(.account(.wallet(wallet)))
      script.pass(.milliseconds(100))
    }
    #expect(script.snapshot.state == .locked)
  }

  @Test
  func `a price jump is judged at once, by a reading of its own`() {
    var script = script()
    script.pass(.seconds(1))
    var effects = script.move("BTCUSDT", to: "54000")
    effects += script.pass(.milliseconds(300))
    #expect(effects.alerts.contains { if case .dayStop = $0 { true } else { false } })
    #expect(effects.closes.count == 1)
  }

  @Test
  func `a price that the venue does not confirm fires nothing, and is asked about once a second`() {
    var script = script()
    script.pass(.seconds(1))
    let readings = {
      script.effects.count { if case .readAccount = $0 { true } else { false } }
    }
    let before = readings()
    // A wrong mark on the stream alone.
    for _ in 0..<20 {
      script.now = script.now + .milliseconds(50)
      script.send(
        .market(
          .ticker(
            Ticker(
              venue: .bybit, symbol: "BTCUSDT", last: "30000", mark: "30000", time: script.now))))
    }
    #expect(script.snapshot.state == .running)
    #expect((1...2).contains(readings() - before))
  }

  @Test
  func `the equity shown moves with the marks between two words of the venue`() {
    var script = script()
    script.pass(.seconds(1))
    script.move("BTCUSDT", to: "61000")
    #expect(script.snapshot.wallet.value?.equity == "10100")
    #expect(script.snapshot.day?.net == "100")
    #expect(script.snapshot.day?.unrealised == "100")
    script.pass(.seconds(6))
    #expect(script.snapshot.wallet.value?.equity == "10100")
  }

  @Test
  func `a result is not counted twice while the wallet is still to be told`() {
    var script = script()
    script.move("BTCUSDT", to: "61000")
    script.pass(.seconds(6))
    script.command(1, .close(.all, share: .one, thenPause: false))
    #expect(script.snapshot.wallet.value?.equity == "10100")
    script.move("BTCUSDT", to: "62000")
    #expect(script.snapshot.wallet.value?.equity == "10100")
  }

  @Test
  func `a baseline of today is taken up again after a restart`() {
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "10600", takenAt: Timestamp.noon.day.start, isLate: false)
    var script = Script(restored: RestoredState(baseline: baseline))
    script.pass(.seconds(1))
    #expect(script.snapshot.day?.net == "-600")
    #expect(script.snapshot.state == .locked)
  }

  @Test
  func `a day stop that a crash interrupted goes on`() {
    let lock = Lock(
      kind: .day, reason: "daily stop -5.10%", since: .noon,
      until: Timestamp.noon.day.next.start, isFlat: false)
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", stop: "40000", now: .noon)
    var script = Script(restored: RestoredState(locks: [lock]), venue: venue)
    script.pass(.seconds(3))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `margin over eighty percent warns, stops entries and is over below seventy-five`() {
    var script = Script()
    script.venue.initialMargin = "8100"
    script.pass(.seconds(20))
    #expect(
      script.effects.alerts.count { if case .marginWarn = $0 { true } else { false } } == 1)
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("margin") })
    script.venue.initialMargin = "7000"
    script.pass(.seconds(40))
    #expect(
      script.effects.alerts.count { if case .marginNormal = $0 { true } else { false } } == 1)
    #expect(script.liquidate().entries.count == 1)
  }
}
