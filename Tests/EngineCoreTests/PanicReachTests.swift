import EngineCore
import TestSupport
import Testing
import TradingModel

/// What a panic closes while the venue answers only some questions, and what else the account holds.
struct PanicReachTests {
  private func holding(_ change: (inout EngineSettings) -> Void = { _ in }) -> Script {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: .noon)
    venue.open("ETHUSDT", .short, "2", stop: "4000", now: .noon)
    var script = Script(change, venue: venue)
    script.pass(.seconds(3))
    return script
  }

  // MARK: Readings that fail

  @Test
  func `what is known is closed though no reading comes through, and is not called flat`() throws {
    var script = holding()
    script.venue.readError = .unreachable("no route")
    script.command(1, .panic)
    script.pass(.seconds(2))
    #expect(script.effects.closes.map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
    #expect(script.effects.closes.map(\.quantity) == ["0.12", "2"])
    #expect(script.effects.closes.allSatisfy { $0.reduceOnly })
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.outcome(of: 1) == nil)
    script.venue.readError = nil
    script.pass(.seconds(20))
    #expect(script.effects.report(of: 1)?.isFlat == true)
    #expect(script.effects.closes.count == 2)
  }

  @Test
  func `what is known and was refused is tried again without a reading`() {
    var script = holding()
    script.venue.readError = .unreachable("no route")
    script.venue.closeErrors["BTCUSDT"] = [.rejected(.serverBusy), .rejected(.serverBusy)]
    script.command(1, .panic)
    script.pass(.seconds(5))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.closes.count { $0.symbol == "BTCUSDT" } == 3)
  }

  @Test
  func `a close that was taken is not sent twice on an old word`() {
    var script = holding()
    script.venue.isStreamSilent = true
    script.venue.readError = .unreachable("no route")
    script.command(1, .panic)
    script.pass(.seconds(50))
    #expect(script.effects.closes.count == 2)
  }

  @Test
  func `a share is that of a reading, and waits for one`() {
    var script = holding()
    script.venue.readError = .unreachable("no route")
    script.command(1, .close(.all, share: .percent(25), thenPause: false))
    script.pass(.seconds(5))
    #expect(script.effects.closes.isEmpty)
    script.venue.readError = nil
    script.pass(.seconds(10))
    #expect(script.effects.closes.map(\.quantity) == ["0.03", "0.5"])
  }

  @Test
  func `a reading without the wallet is enough to close and to be flat`() throws {
    var script = holding()
    script.venue.walletError = .rejected(
      Rejection(code: 10016, reason: "busy", meaning: .serverBusy))
    script.command(1, .panic)
    script.pass(.seconds(3))
    #expect(try #require(script.effects.report(of: 1)).isFlat)
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `without the wallet the account becomes unknown, and nothing is opened or judged`() {
    var script = holding()
    script.venue.walletError = .rejected(
      Rejection(code: 10016, reason: "busy", meaning: .serverBusy))
    script.venue.balance = "5000"
    script.pass(.seconds(20))
    #expect(script.snapshot.wallet.value == nil)
    #expect(script.effects.closes.isEmpty && script.snapshot.locks.isEmpty)
    #expect(script.liquidate("ETHUSDT").entries.isEmpty)
    #expect(
      script.effects.alerts.contains {
        if case .accountUnknown(let why) = $0 { why.contains("10016") } else { false }
      })
    script.venue.balance = "10000"
    script.venue.walletError = nil
    script.pass(.seconds(6))
    #expect(script.snapshot.wallet.value != nil)
  }

  @Test
  func `after a gap a wallet from before it does not count for one that can't be read`() {
    var script = holding()
    script.venue.walletError = .unreachable("no route")
    script.send(.accountGap)
    script.pass(.seconds(2))
    #expect(script.snapshot.wallet.value == nil)
  }

  // MARK: What does not trade here

  @Test
  func `a panic closes what is no USDT perpetual, too, and says that it is not in the result`()
    throws
  {
    var script = holding()
    script.venue.openForeign("BTCUSDC", "0.5", now: script.now)
    script.venue.openForeign("BTCUSDT_260327", "0.1", now: script.now)
    script.command(1, .panic)
    script.pass(.seconds(5))
    #expect(script.venue.foreign.isEmpty)
    let report = try #require(script.effects.report(of: 1))
    #expect(report.isFlat && report.items.count == 4)
    #expect(report.warnings.contains { $0.contains("BTCUSDC, BTCUSDT_260327") })
    #expect(
      script.effects.closes.contains { $0.symbol.name == "BTCUSDC" && $0.quantity == "0.5" })
  }

  @Test
  func `one that does not close keeps the panic from being flat, and the lock from being lifted`()
    throws
  {
    var script = Script()
    script.venue.openForeign("BTCUSDC", "0.5", now: script.now)
    script.venue.closeErrors[Symbol(venueName: "BTCUSDC")] = [.rejected(.unknownSymbol)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(125))
    let report = try #require(script.effects.report(of: 1))
    #expect(!report.isFlat && report.left.map(\.key.symbol.name) == ["BTCUSDC"])
    script.command(2, .unlock)
    guard case .refused(.notFlat(let open))? = script.effects.outcome(of: 2) else {
      Issue.record("unlocked while not flat")
      return
    }
    #expect(open.map(\.position.symbol.name) == ["BTCUSDC"])
  }

  @Test
  func `it is neither counted, protected nor closed by anything less`() {
    var script = Script { $0.protectManual = true }
    script.venue.openForeign("BTCUSDC", "0.5", now: script.now)
    script.pass(.minutes(2), every: .milliseconds(500))
    #expect(script.snapshot.positions.isEmpty)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.isEmpty && script.effects.protections.isEmpty)
    #expect(script.effects.outcome(of: 1) == .refused(.nothingOpen))
  }

  // MARK: Orders that stay

  @Test(arguments: [true, false])
  func `a part that is closed leaves a person's stops and targets, and takes the entries`(
    isMargin: Bool
  ) {
    var stop = Order.resting(
      "BTCUSDT", venueID: "stop", side: .sell, trigger: "55000")
    stop.reduceOnly = true
    stop.status = .untriggered
    var target = Order.resting("BTCUSDT", venueID: "target", side: .sell)
    target.reduceOnly = true
    var script = holding()
    script.venue.orders = [
      stop, target, .resting("SOLUSDT", venueID: "entry"),
      .resting("SOLUSDT", venueID: "waits", trigger: "90"),
    ]
    script.pass(.seconds(6))
    if isMargin {
      script.venue.initialMargin = "10001"
    } else {
      script.command(1, .close(.all, share: .percent(20), thenPause: false))
    }
    script.pass(.seconds(10))
    #expect(script.effects.closes.map(\.quantity) == ["0.024", "0.4"])
    #expect(script.venue.orders.map(\.venueID) == ["stop", "target"])
    #expect(!script.effects.contains { if case .cancelAll = $0 { true } else { false } })
    if !isMargin { #expect(script.effects.report(of: 1)?.ordersCancelled == 2) }
  }

  @Test
  func `a target goes when the close of a part is refused beside it`() {
    var target = Order.resting("BTCUSDT", venueID: "target", side: .sell)
    target.reduceOnly = true
    var script = holding()
    script.venue.orders = [target]
    script.venue.closeErrors["BTCUSDT"] = [.reduceOnly]
    script.command(1, .close(.all, share: .percent(20), thenPause: false))
    script.pass(.seconds(5))
    #expect(script.venue.orders.isEmpty)
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.096")
  }

  // MARK: Dust and times

  @Test
  func `dust is told with its size, and is not counted as closed`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.0004", stop: "50000", now: script.now)
    script.command(1, .panic)
    script.pass(.seconds(3))
    let report = try #require(script.effects.report(of: 1))
    #expect(report.isFlat && report.items.first?.dust == "0.0004")
    let text = report.json.line
    #expect(text.contains(#""positions_closed": 0"#))
    #expect(
      text.contains(#""dust": [{"symbol": "BTCUSDT", "side": "long", "quantity": 0.0004}]"#))
  }

  @Test
  func `what is written down takes its time, and is timed`() throws {
    var engine = TradingEngine(settings: .example)
    var now = Timestamp.noon
    var marks: [FlattenMark] = []
    var files: [FlattenReport] = []
    func play(_ body: EngineEvent.Body) {
      var waiting = [body]
      while !waiting.isEmpty {
        let effects = engine.handle(EngineEvent(waiting.removeFirst(), at: now))
        for effect in effects {
          if case .mark(let mark) = effect { marks.append(mark) }
          if case .writeStateFile(.panicLock(let report, _)) = effect { files.append(report) }
          var venue = ScriptedAccount()
          if case .mark = effect { continue }
          waiting += venue.answers(to: effect, at: now)
        }
      }
    }
    play(.restored(RestoredState()))
    play(
      .command(OperatorCommand(id: CommandID(1), deed: .panic, by: "Ana", at: now)))
    #expect(marks.count == 1)
    now = now + .milliseconds(70)
    if let mark = marks.first { play(.answer(.reached(mark))) }
    for _ in 0..<20 where marks.count < 2 {
      now = now + .milliseconds(100)
      play(.tick)
    }
    #expect(marks.count == 2)
    now = now + .milliseconds(40)
    if let mark = marks.last { play(.answer(.reached(mark))) }
    let text = try #require(files.last).json.line
    #expect(text.contains(#""disable_trading": 0.070"#))
    #expect(text.contains(#""arm_lock": 0.040"#))
  }
}
