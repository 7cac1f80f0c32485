import Engine
import EngineCore
import Logging
import TradingModel
import Transport

/// The engine with nothing but its closing: no strategies, no chat, no stream of a live account. It
/// flattens by the component that every flatten goes through, in a life of its own, so that it may
/// run beside another that hangs.
struct DirectClosing: Sendable {
  struct End: Sendable {
    /// Nil when it did not come to an end in its time.
    var stage: CommandProgress.Stage?
    var snapshot: EngineSnapshot
    var instruments: [Instrument]

    var report: FlattenReport? {
      switch stage {
      case .finished(.flattened(let report)), .working(let report): report
      case .finished, nil: nil
      }
    }
  }

  /// For what comes after the flatten's own limit: the last executions.
  private static let grace = Duration.seconds(30)

  private let limit: Duration
  private let clock: any WallClock
  private let ground: Groundwork
  private let venue: VenuePorts
  private let loop: EngineLoop
  private let ruleWatch: RuleWatch
  private let clockWatch: ClockWatch

  /// - Throws: `SettingsProblem` for a paper account that can't be read.
  init(on ground: Groundwork, files: any StateFileStore, journal: any JournalWriter) throws {
    self.ground = ground
    clock = ground.clock
    limit = ground.settings.timings.flattenLimit + Self.grace
    venue = try ground.venue()
    clockWatch = ClockWatch(market: venue.market, clock: clock, log: Logger(label: "clock"))
    ruleWatch = RuleWatch(market: venue.market, clock: clock, log: Logger(label: "rules"))
    var engine = ground.settings.engineSettings(isStandIn: true)
    engine.liquidation = nil
    engine.allowlist = []
    engine.protectManual = false
    let eventLoop = ground.thread.loop
    let thread = EngineThread(executor: ground.thread.executor) { eventLoop.inEventLoop }
    loop = EngineLoop(
      engine: TradingEngine(settings: engine),
      desk: OrderDesk(
        gateway: venue.gateway, reader: venue.account, journal: journal, clock: clock,
        thread: thread, onClockSkew: clockWatch.measureSoon, onRuleError: ruleWatch.readSoon),
      reconciler: Reconciler(
        reader: venue.account, candles: venue.candles, clock: clock,
        log: Logger(label: "reconciler"), onClockSkew: clockWatch.measureSoon),
      journal: journal, stateFiles: files, clock: clock, thread: thread,
      log: Logger(label: "engine"))
  }

  /// Carries one command out, and shuts everything down.
  ///
  /// - Parameter locks: What is known to be locked.
  func carryOut(_ command: OperatorCommand, locks: [Lock]) async -> End {
    let progress = loop.followProgress()
    loop.post(.restored(RestoredState(locks: locks, boot: Self.boot(at: clock.now))))
    loop.post(.command(command))
    var stage: CommandProgress.Stage?
    await withDiscardingTaskGroup { group in
      group.addTask { await loop.run() }
      group.addTask { await listen() }
      stage = await follow(command.id, in: progress)
      loop.stop()
      // The lock file is written when the loop has ended by itself.
      for await _ in loop.followProgress() {}
      group.cancelAll()
    }
    let end = End(
      stage: stage, snapshot: await loop.snapshot(), instruments: await loop.instruments())
    await ground.shutdown()
    return end
  }

  /// Of a size that no bot's stamp reaches in thousands of years, and another one each time: its
  /// orders can't be taken for those of any bot's life.
  private static func boot(at now: Timestamp) -> UInt64 { UInt64(max(0, now.nanoseconds)) }

  private func follow(
    _ id: CommandID, in progress: AsyncStream<CommandProgress>
  ) async -> CommandProgress.Stage? {
    await withTaskGroup(of: Void.self, returning: CommandProgress.Stage?.self) { group in
      group.addTask {
        do { try await clock.sleep(for: limit) } catch { return }
        loop.stop()
      }
      defer { group.cancelAll() }
      var last: CommandProgress.Stage?
      var teller = PhaseTeller()
      for await step in progress where step.id == id {
        last = step.stage
        switch step.stage {
        case .working(let report): teller.tell(report)
        case .finished: return last
        }
      }
      return last
    }
  }

  private func listen() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await clockWatch.run { loop.post($0) } }
      group.addTask {
        await ruleWatch.run { instruments in
          await venue.paper?.list(instruments)
          loop.post(.instruments(instruments))
        }
      }
      // A live account is read and closed over REST; a paper one lives on the market's prices.
      if venue.paper != nil {
        group.addTask { await VenueListening(venue: venue, loop: loop, clock: clock).run() }
      }
    }
  }
}

/// Says each phase once, when it has ended.
struct PhaseTeller {
  private var told: Set<FlattenReport.Phase> = []

  mutating func tell(_ report: FlattenReport) {
    for time in report.phases {
      guard let end = time.endedAt, told.insert(time.phase).inserted else { continue }
      Console.note("  \(time.phase.name) \((end - time.startedAt).wholeMilliseconds) ms")
    }
  }
}

extension FlattenReport.Phase {
  fileprivate var name: String {
    switch self {
    case .modulesOff: "modules off"
    case .cancel: "orders cancelled"
    case .close: "positions closed"
    case .verify: "verified"
    case .lock: "locked"
    case .report: "reported"
    }
  }
}
