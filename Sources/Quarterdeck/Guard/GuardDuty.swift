import Foundation
import Logging
import TradingModel

/// The guard: waits beside the main process, takes the chat when that dies or hangs, and gives it
/// back.
///
/// While it has the chat it is a bot of the same making, without engines: what it closes is closed
/// once, read back and told in the same words, and the journal goes from hand to hand.
struct GuardDuty: Sendable {
  static let pace = Duration.milliseconds(100)
  /// How long a command that runs is waited for when the main process wants the folder; after that
  /// the journal hands it over.
  static let patience = Duration.seconds(4)
  static let longestPause = Duration.seconds(60)

  let kit: GuardKit
  let post: GuardPost
  let folder: String
  /// Nil where somebody else starts the main process.
  let supervisor: Supervisor?
  let clock: any WallClock
  private let log = Logger(label: "guard")

  init(
    kit: GuardKit, post: GuardPost, folder: String, supervisor: Supervisor?, clock: any WallClock
  ) {
    self.kit = kit
    self.post = post
    self.folder = folder
    self.supervisor = supervisor
    self.clock = clock
  }

  /// Until the stop is asked for.
  func run(until stop: StopRequest) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await kit.keep(on: clock) }
      if let supervisor { group.addTask { await supervisor.run(until: stop) } }
      await keepWatch(until: stop)
      // The supervisor ends by the same request, and not before its child.
      while supervisor?.isRestarting == true { await pause(Self.pace) }
      group.cancelAll()
    }
    post.leave()
    await kit.ground.shutdown()
  }

  private func keepWatch(until stop: StopRequest) async {
    var judge = GuardJudge(hangLimit: kit.ground.settings.guardian.hangLimit)
    var pauseAfterFailure = Duration.seconds(1)
    log.notice("the guard waits", metadata: ["folder": "\(folder)"])
    while !stop.isMade, !Task.isCancelled {
      post.beat()
      let before = judge.seen
      switch judge.look(sight, at: Uptime.now) {
      case .wait:
        if let seen = judge.seen, let before, seen != before { await renew() }
        await pause(Self.pace)
      case .end(let process, let silence):
        end(process, silentFor: silence)
        await pause(Self.pace)
      case .take(let ending):
        guard let lock = try? StateFolder.openLock(in: folder), lock.take() else { continue }
        do {
          try await standIn(for: ending, holding: lock, until: stop)
          pauseAfterFailure = .seconds(1)
        } catch {
          log.error("the guard can't take the chat", metadata: ["error": "\(error)"])
          lock.release()
          await rest(pauseAfterFailure, until: stop)
          pauseAfterFailure = min(pauseAfterFailure * 2, Self.longestPause)
        }
        await renew()
        judge = GuardJudge(hangLimit: kit.ground.settings.guardian.hangLimit)
      }
    }
  }

  private var sight: GuardJudge.Sight {
    GuardJudge.Sight(
      holder: StateFolder.holder(in: folder),
      isHeld: FileLock.isHeld(StateFolder.lockPath(in: folder)),
      isWanted: StateFolder.isWanted(folder),
      mark: Heartbeat.mark(in: StateFolder.heartbeatPath(in: folder)))
  }

  /// The main process may have been started on other settings.
  private func renew() async {
    do {
      try await kit.renew()
    } catch {
      log.error("the settings are wrong now; those of before stay", metadata: ["error": "\(error)"])
    }
  }

  /// Only the process that the kernel says holds the folder is ended.
  private func end(_ process: Int32, silentFor silence: Duration) {
    guard FileLock.isHeld(StateFolder.lockPath(in: folder), by: process) else {
      log.error(
        "the bot hangs, but the process that is written down does not hold the folder",
        metadata: ["process": "\(process)"])
      return
    }
    log.error(
      "the bot hangs and is ended",
      metadata: ["process": "\(process)", "silent_s": "\(silence.wholeSeconds)"])
    kill(process, SIGKILL)
  }

  // MARK: Having the chat

  private func standIn(
    for ending: MainEnding, holding lock: FileLock, until stop: StopRequest
  ) async throws {
    let ground = kit.ground
    let held = try StateFolder(
      path: folder, lock: lock, account: ground.account, role: .standIn, at: clock.now)
    log.error("the guard takes the chat", metadata: ["why": "\(ending)"])
    let part = BotRole.StandIn(
      ending: ending, isRestarting: supervisor?.isRestarting ?? false, since: clock.now,
      instruments: kit.instruments, beat: { [post] in post.beat() }, clock: clock)
    let bot = try Bot(
      on: ground, holding: held, as: .standIn(part),
      screen: .standard(environment: [:]))
    let control = bot.controlRoom
    try await bot.run(
      stoppingOn: [], control: control,
      beside: [Room { await stay(with: bot, control, until: stop) }])
    log.notice("the guard has given the chat back")
  }

  /// Until the main process is back and asks, or the guard is to stop.
  private func stay(with bot: Bot, _ control: ControlRoom?, until stop: StopRequest) async {
    while !Task.isCancelled {
      if stop.isMade {
        bot.alarms.put(Alert(.p2, .guardStops, at: clock.now))
        return
      }
      if StateFolder.isWanted(folder) {
        let asked = Uptime.now
        while Uptime.now - asked < Self.patience, !Task.isCancelled {
          guard await isBusy(bot, control) else { return }
          await pause(Self.pace)
        }
        return
      }
      await pause(Self.pace)
    }
  }

  /// Something is being carried out, whoever asked for it, or its outcome being told.
  private func isBusy(_ bot: Bot, _ control: ControlRoom?) async -> Bool {
    if await bot.chat.isBusy { return true }
    return await control?.server.isBusy ?? false
  }

  private func rest(_ duration: Duration, until stop: StopRequest) async {
    let end = Uptime.now + duration
    while Uptime.now < end, !stop.isMade, !Task.isCancelled {
      post.beat()
      await pause(Self.pace)
    }
  }

  private func pause(_ duration: Duration) async {
    // Cancelled: whoever loops looks for that.
    do { try await clock.sleep(for: duration) } catch { return }
  }
}
