import Chat
import ChatOps
import Engine
import EngineCore
import Logging
import TradingModel

/// One life of the bot: the product's own loop, desk, reconciler, watches and chat, wired to the
/// simulated world as `Quarterdeck` wires them to the real one.
final class BotLife: @unchecked Sendable {
  let startedAt: Timestamp
  let clock: MachineClock
  let loop: EngineLoop
  private let venue: VenueLine
  private let store: StoreLine
  private let phoneLine: PhoneLine
  private let phone: SimulatedPhone
  private let ruleWatch: RuleWatch
  private let clockWatch: ClockWatch
  private let chat: ChatService
  private let flaws: Flaws
  private let updates = AsyncStream.makeStream(of: [ChatUpdate].self)
  private let allowlist: [Symbol]
  private(set) var isStopping = false
  private var task: Task<Void, Never>?

  init(_ day: BotDay, clock: MachineClock) {
    let flaws = day.flaws
    self.flaws = flaws
    self.clock = clock
    startedAt = day.time.now
    phone = day.phone
    allowlist = day.plan.engine.allowlist
    venue = VenueLine(day.venue, time: day.time, clock: clock, flaws: flaws)
    store = StoreLine(day.store, clock: clock, flaws: flaws)
    phoneLine = PhoneLine(day.phone)
    let log = Logger(label: "bot") { _ in SwiftLogNoOpLogHandler() }
    clockWatch = ClockWatch(market: venue, clock: clock, log: log)
    ruleWatch = RuleWatch(market: venue, clock: clock, log: log)
    let thread = EngineThread(executor: day.queue.engine) { true }
    loop = EngineLoop(
      engine: TradingEngine(settings: day.plan.engine),
      desk: OrderDesk(
        gateway: venue, reader: venue, journal: store, clock: clock, thread: thread,
        onClockSkew: clockWatch.measureSoon, onRuleError: ruleWatch.readSoon),
      reconciler: Reconciler(
        reader: venue, candles: venue, clock: clock, log: log,
        onClockSkew: clockWatch.measureSoon),
      journal: store,
      stateFiles: store, clock: clock, thread: thread, tickInterval: day.plan.tick, log: log)
    let happen = Handed(day)
    chat = ChatService(
      ports: ChatDesk.Ports(
        bus: WatchedBus(bus: EngineCommandBus(loop), flaws: flaws) { happen.value.happen($0) },
        chat: phoneLine, log: store, ledger: store, clock: clock,
        random: Chance(seed: day.plan.seed, for: "bot \(startedAt.nanoseconds)")),
      persons: store, outbox: store,
      settings: ChatOpsSettings(
        modeLabel: "simulated", version: "0", takerFee: day.plan.engine.risk.takerFee))
    store.onTrouble = { [loop] in loop.noteJournal(trouble: $0) }
  }

  /// - Parameters:
  ///   - onRestored: Told what the store and its files say of the life before.
  ///   - onEnd: Told when the process has ended by itself, after `stop`.
  func start(
    on queue: TurnQueue, onRestored: @escaping @Sendable (RestoredState) -> Void,
    onEnd: @escaping @Sendable () -> Void
  ) {
    task = Task(executorPreference: queue.tasks) {
      await self.run(onRestored)
      if self.isStopping { onEnd() }
    }
  }

  /// As a signal asks for it: orders under way are waited for, and the last words go out.
  func stop() {
    isStopping = true
    loop.stop()
  }

  /// The process is gone: nothing that it was about to do happens any more.
  func kill() {
    venue.end()
    store.end()
    phoneLine.end()
    task?.cancel()
  }

  /// What the engine knows right now.
  var snapshot: EngineSnapshot { loop.assumeIsolated { $0.snapshot() } }

  private func run(_ onRestored: @Sendable (RestoredState) -> Void) async {
    let restoration = await store.restoration(allowlist: allowlist).restore()
    guard store.isAlive else { return }
    var restored = flaws.restored(restoration.state)
    onRestored(restored)
    if !store.begin(boot: restored.boot) {
      loop.noteJournal(trouble: "disk full")
      let (stamp, usableAt) = BootStamp.uncommitted(restored.boot, at: clock.now)
      restored.boot = stamp
      do { try await clock.sleep(until: usableAt) } catch { return }
    }
    loop.post(.restored(restored))
    await withDiscardingTaskGroup { group in
      group.addTask { for alert in restoration.alerts { await self.chat.alerts.tell(alert) } }
      group.addTask { await self.openChat() }
      group.addTask { await self.fetchUpdates() }
      group.addTask { await self.store.live() }
      group.addTask { await self.venue.run(publish: self.loop.publish) }
      group.addTask {
        await self.ruleWatch.run { self.loop.post(.instruments($0)) }
      }
      group.addTask { await self.clockWatch.run(post: self.loop.post) }
      group.addTask { await self.watchFlag() }
      await loop.run()
      await sayLastWords()
      group.cancelAll()
    }
  }

  private func watchFlag() async {
    await FlagFileWatch(store: store, clock: clock, interval: .seconds(3)).run(post: loop.post)
  }

  /// The chat has two seconds for what is still on its way.
  private func sayLastWords() async {
    do { try await clock.sleep(for: .seconds(2)) } catch { return }
    store.markCleanStop()
  }

  private func openChat() async {
    while !Task.isCancelled {
      do {
        try await chat.start()
        break
      } catch {
        do { try await clock.sleep(for: .seconds(5)) } catch { return }
      }
    }
    await chat.run()
  }

  /// As the poller does: written down first; without a store they are taken all the same.
  private func fetchUpdates() async {
    var unrecorded: Set<ChatUpdate> = []
    phone.poller = { [updates] in updates.continuation.yield($0) }
    for await batch in updates.stream where phoneLine.isAlive {
      var fresh: [ChatUpdate]
      do {
        fresh = try await store.commit(batch, nextOffset: (batch.last?.id ?? 0) + 1)
        fresh = fresh.filter { unrecorded.insert($0).inserted }
      } catch {
        guard phoneLine.isAlive else { return }
        fresh = batch.filter { unrecorded.insert($0).inserted }
      }
      phone.confirm(batch)
      for update in fresh { await chat.receive(update) }
    }
  }
}
