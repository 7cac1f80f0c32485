import EngineCore
import Logging
import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct EngineLoopTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let venue: ScriptedVenue
  private let journal: ScriptedJournal
  private let files: ScriptedStateFiles

  init() {
    venue = ScriptedVenue(clock: clock, chronicle: chronicle)
    journal = ScriptedJournal(chronicle: chronicle)
    files = ScriptedStateFiles(chronicle: chronicle)
  }

  private func makeLoop(on thread: EngineThread = EngineThread()) -> EngineLoop {
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let settings = EngineSettings(
      venue: .paper, signalVenue: .binance, environment: .loopback, isLive: false)
    return EngineLoop(
      engine: TradingEngine(settings: settings),
      desk: OrderDesk(
        gateway: venue, reader: venue, journal: journal, clock: clock, thread: thread),
      reconciler: Reconciler(reader: venue, clock: clock, log: log),
      journal: journal, stateFiles: files, clock: clock, thread: thread, log: log)
  }

  /// Runs a started loop for as long as the body does.
  private func running(_ body: @Sendable (EngineLoop) async -> Void) async {
    let loop = makeLoop()
    await withDiscardingTaskGroup { group in
      group.addTask { await loop.run() }
      loop.post(.instruments([.example()]))
      loop.post(.restored(RestoredState()))
      await pass(on: loop, until: "readAccount")
      await body(loop)
      group.cancelAll()
    }
  }

  /// Lets time pass in ticks until the line is written.
  private func pass(on loop: EngineLoop, until line: String) async {
    while !chronicle.lines.contains(line), !Task.isCancelled { await tick(loop) }
  }

  private func tick(_ loop: EngineLoop) async {
    await clock.passSleep(of: EngineLoop.tickInterval)
    await settle(loop)
  }

  /// What the last tick led to comes about between these questions.
  private func settle(_ loop: EngineLoop) async {
    for _ in 0..<20 {
      _ = await loop.snapshot()
      await Task.yield()
    }
  }

  private func command(_ deed: OperatorCommand.Deed) -> OperatorCommand {
    OperatorCommand(id: CommandID(7), deed: deed, by: "Ana", at: clock.now)
  }

  private func indexOfFirst(_ line: String) -> Int {
    chronicle.lines.firstIndex(of: line) ?? .max
  }

  /// A crash between an execution and the trip that it closed would leave the trip open for ever.
  @Test func `what one event has written down is noted together`() async {
    await running { loop in
      let fill = Fill(
        executionID: "e1", orderID: ClientOrderID("liq-1-1"), venueOrderID: "v",
        symbol: "BTCUSDT", side: .buy, price: "60000", quantity: "0.1", fee: "0.1", time: clock.now)
      loop.post(.account(.fill(fill)))
      await pass(on: loop, until: "note fill")
    }
    let group = journal.groups.first { group in
      group.contains { if case .fill = $0 { true } else { false } }
    }
    #expect(group?.contains { if case .roundTrip = $0 { true } else { false } } == true)
  }

  @Test func `a panic lock is down before the first deed of the panic`() async {
    await running { loop in
      await EngineCommandBus(loop).submit(command(.panic))
      await pass(on: loop, until: "cancelAll")
      await chronicle.wait(for: "write file")
    }
    #expect(indexOfFirst("commit lock") < indexOfFirst("cancelAll"))
    #expect(indexOfFirst("commit lock") < indexOfFirst("write file"))
  }

  @Test func `a journal that hangs holds a panic up for two seconds`() async {
    await running { loop in
      journal.set(.hangs)
      let start = clock.now
      await EngineCommandBus(loop).submit(command(.panic))
      await chronicle.wait(for: "commit hangs")
      await clock.waitForSleeper(until: start + Recorder.patience)
      while clock.now < start + .milliseconds(1900) { await tick(loop) }
      #expect(!chronicle.lines.contains("cancelAll"))
      await tick(loop)
      await chronicle.wait(for: "cancelAll")
    }
  }

  @Test func `a journal that fails does not keep a position open`() async {
    venue.show([.example()])
    await running { loop in
      journal.set(.fails(.unwritable("disk full")))
      let bus = EngineCommandBus(loop)
      await bus.submit(command(.close(.all, share: .one, thenPause: true)))
      while venue.orders.isEmpty, !Task.isCancelled { await tick(loop) }
      for await alert in bus.alerts {
        if case .journalFailing("disk full") = alert.news { break }
      }
    }
    #expect(venue.orders.map(\.reduceOnly) == [true])
    #expect(venue.orders.map(\.quantity) == ["0.12"])
  }

  @Test func `what becomes of a command is told in order`() async {
    await running { loop in
      let bus = EngineCommandBus(loop)
      await bus.submit(command(.pause(nil, for: nil)))
      var steps = bus.progress.makeAsyncIterator()
      let step = await steps.next()
      #expect(step?.stage == .finished(.done))
      #expect(await bus.snapshot().state == .paused)
      #expect(await bus.instruments() == [.example()])
    }
  }

  @Test func `a cut private stream leads to a new reading`() async {
    await running { loop in
      let before = chronicle.lines.count { $0 == "readAccount" }
      loop.publish(.accountGap)
      await chronicle.wait(for: "readAccount", times: before + 1)
    }
  }

  @Test func `on its own thread an event is decided on before deliver returns`() async {
    let executor = QueueExecutor()
    let loop = makeLoop(on: EngineThread(executor: executor) { executor.isCurrent })
    let instruments = await withCheckedContinuation { continuation in
      executor.queue.async {
        loop.deliver(.instruments([.example()]))
        continuation.resume(returning: loop.assumeIsolated { $0.instruments() })
      }
    }
    #expect(instruments == [.example()])
    loop.deliver(.instruments([]))
    #expect(await loop.instruments() == [.example()], "from elsewhere it waits for the loop")
  }

  /// A full disk: the files can't be written.
  @Test func `a panic lock whose file can't be written stands, and is lifted when it can be`() async
  {
    files.fail(with: .unwritable("panic.lock: no space left"))
    await running { loop in
      loop.post(.command(command(.panic)))
      while await loop.snapshot().locks.first?.isFlat != true, !Task.isCancelled {
        await tick(loop)
      }
      #expect(await loop.snapshot().isRecording == false)
      #expect(files.written.isEmpty)

      func unlock(_ number: Int64) {
        loop.post(
          .command(
            OperatorCommand(id: CommandID(number), deed: .unlock, by: "HTTP", at: clock.now)))
      }
      unlock(8)
      for _ in 0..<20 { await tick(loop) }
      #expect(await loop.snapshot().locks.map(\.kind) == [.panic])

      files.fail(with: nil)
      while await loop.snapshot().isRecording == false, !Task.isCancelled { await tick(loop) }
      guard case .panicLock(let report, _)? = files.written.last(where: \.isPanicLock) else {
        Issue.record("the file was not written when it could be")
        return
      }
      #expect(report.isFlat)
      unlock(9)
      while await !loop.snapshot().locks.isEmpty, !Task.isCancelled { await tick(loop) }
      while files.written.last != .panicUnlocked, !Task.isCancelled { await tick(loop) }
    }
  }

  @Test func `it stops at once when nothing is under way`() async {
    let loop = makeLoop()
    loop.stop()
    await loop.run()
    var alerts = EngineCommandBus(loop).alerts.makeAsyncIterator()
    #expect(await alerts.next()?.news == .stopping)
    #expect(await alerts.next() == nil)
  }

  @Test func `it stops when the order under way is answered`() async {
    let latch = Latch()
    venue.script(.cancelAll, .waits(latch))
    let loop = makeLoop()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await loop.run() }
      loop.post(.restored(RestoredState()))
      loop.post(.command(command(.panic)))
      await pass(on: loop, until: "cancelAll")
      loop.stop()
      await tick(loop)
      #expect(await loop.isRunning)
      latch.open()
      await group.waitForAll()
    }
    #expect(clock.now < .noon + .seconds(5))
  }

  @Test func `an order without an answer holds the end up for five seconds at most`() async {
    venue.script(.cancelAll, .hangs, .hangs, .hangs)
    let loop = makeLoop()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await loop.run() }
      loop.post(.restored(RestoredState()))
      loop.post(.command(command(.panic)))
      await pass(on: loop, until: "cancelAll")
      let start = clock.now
      loop.stop()
      while await loop.isRunning, clock.now < start + .seconds(8) {
        clock.advance(by: EngineLoop.tickInterval)  // Not `tick`: the loop may end meanwhile.
        await settle(loop)
      }
      #expect(clock.now - start >= .seconds(5))
      #expect(clock.now - start < .seconds(7), "the desk itself would go on for ten")
      await group.waitForAll()
    }
  }

  @Test func `others may follow the commands beside the chat, each from when it asks`() async {
    await running { loop in
      let bus = EngineCommandBus(loop)
      let (one, other) = (loop.followProgress(), loop.followProgress())
      await bus.submit(command(.pause(nil, for: nil)))
      for stream in [one, other, bus.progress] {
        for await step in stream where step.id == CommandID(7) {
          #expect(step.stage == .finished(.done))
          break
        }
      }
      let figures = await loop.figures()
      #expect(figures.commandToReply.count == 1)
      #expect(figures.decisionToWire.count == 0)
    }
  }

  @Test func `those who follow are let go when the engine ends`() async {
    let loop = makeLoop()
    let stream = loop.followProgress()
    async let run: Void = loop.run()
    loop.post(.restored(RestoredState()))
    loop.stop()
    for await _ in stream {}
    await run
    for await _ in loop.followProgress() {}
  }

  @Test func `what the engine goes through is counted`() async {
    venue.show([.example()])
    await running { loop in
      loop.post(
        .market(
          .ticker(Ticker(venue: .bybit, symbol: "BTCUSDT", last: "64000", time: clock.now))))
      loop.post(.link(.account, isUp: true, detail: ""))
      loop.post(.link(.account, isUp: true, detail: ""))
      await EngineCommandBus(loop).submit(command(.close(.all, share: .one, thenPause: false)))
      while venue.orders.isEmpty, !Task.isCancelled { await tick(loop) }
      let figures = await loop.figures()
      #expect(figures.frameToDecision.count == 1)
      #expect(figures.decisionToWire.count == 1)
      #expect(figures.reconnects == [.init("account", 1)])
      #expect(figures.marketEvents == [.init("liquidations", 0), .init("prices", 1)])
    }
  }
}

extension StateFile {
  fileprivate var isPanicLock: Bool { if case .panicLock = self { true } else { false } }
}
