import Chat
import Engine
import Logging
import ServiceLifecycle
import TradingModel
import UnixSignals

extension Bot {
  /// Runs until a signal ends it; then stops in order: entries, streams, chat, journal, within ten
  /// seconds.
  ///
  /// - Parameters:
  ///   - signals: What ends it.
  ///   - control: Its red button, where it has one.
  ///   - more: What runs beside it and ends first; when it returns, everything ends.
  func run(
    stoppingOn signals: [UnixSignal] = [.sigterm, .sigint], control: ControlRoom?,
    beside more: [any Service] = []
  ) async throws {
    try await refuseUnfitAccount()
    // First in line, before anybody can speak: a command that a crash cut off is taken up as soon as
    // the chat starts, and the engine refuses all while it knows nothing.
    let restored = await restoredState()
    if let unrecorded {
      loop.noteJournal(trouble: unrecorded)
      // Where nobody is paired yet, the engine's word reaches nobody: this one waits for an owner.
      if journal.opening.isNew {
        alarms.put(Alert(.p0, .memoryLost(why: unrecorded), at: clock.now))
      }
    }
    tellStandingIn(inFlight: restored.inFlight)
    await begin(restored)
    // They end in the opposite order.
    var services: [any Service] = [
      Room { await self.keepJournal() },
      ChatRoom(bot: self),
      Room { await self.listenToThePerson() },
      Room { await self.listenToTheVenues() },
    ]
    // It ends after the engine, so that whoever waits for a panic hears how it went.
    if let control { services.append(control) }
    services.append(EngineRoom(loop: loop, heartbeat: stateFolder.heartbeat))
    if case .main(let watch?, _) = role {
      services.append(Room { await watch.run { self.alarms.put($0) } })
    }
    services += more
    var configuration = ServiceGroupConfiguration(
      services: services.map {
        ServiceGroupConfiguration.ServiceConfiguration(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
      },
      gracefulShutdownSignals: signals, logger: Logger(label: "lifecycle"))
    configuration.maximumGracefulShutdownDuration = .seconds(9)
    try await ServiceGroup(configuration: configuration).run()
    endRecording()
    stateFolder.release()
    await ground.shutdown()
  }

  /// What the limits would judge wrongly is not traded at all. The guard stands in all the same: it
  /// opens nothing.
  private func refuseUnfitAccount() async throws(SettingsProblem) {
    guard !role.isStandIn, let why = await briefly(venue.unfitness) ?? nil else { return }
    throw SettingsProblem(place: "\(settings.venue.rawValue) account", text: why)
  }

  /// Told at once, before the account is read.
  private func tellStandingIn(inFlight: [String]) {
    guard case .standIn(let part) = role else { return }
    if !part.instruments.isEmpty { loop.post(.instruments(part.instruments)) }
    let severity: Alert.Severity =
      switch part.ending {
      case .died, .hung: .p0
      case .notStarted: .p1
      case .stopped: .p2
      }
    alarms.put(
      Alert(
        severity,
        .guardTook(part.ending, isRestarting: part.isRestarting, inFlight: inFlight),
        at: clock.now))
  }

  /// What is known from before, with whatever is in doubt told.
  private func restoredState() async -> RestoredState {
    let opening: Restoration.Opening =
      if let damaged = journal.opening.setAside {
        .setAside("it was damaged (\(damaged.why)) and is kept as \(damaged.path)")
      } else {
        journal.opening.isNew ? .new : .sound
      }
    let restoration = Restoration(
      opening: opening, isPaperFresh: venue.isPaperFresh,
      isUnattended: await isUnattended(), allowlist: settings.allowlist,
      clock: clock,
      journal: { [journal] (now) throws(JournalError) in try await journal.restored(at: now) },
      files: { [stateFiles] in await stateFiles.memory(at: $0) })
    var result = await restoration.restore()
    if case .main(_, let starts) = role { result.state.loopingStarts = starts }
    if let before = stateFolder.before, before.isStandIn, let since = before.since {
      result.state.guardedFor = clock.now - Timestamp(milliseconds: since)
    }
    for alert in result.alerts {
      if case .memoryLost(let why) = alert.news { log.error("the journal: \(why)") }
      alarms.put(alert)
    }
    return result.state
  }

  /// Whether real orders would leave while nobody is told of them. Persons that can't be read are
  /// none.
  private func isUnattended() async -> Bool {
    guard settings.mode == .live, !settings.isDemo, !role.isStandIn, case .telegram = way else {
      return false
    }
    do {
      return try await !journal.persons().contains { $0.role == .owner }
    } catch {
      log.error("the persons can't be read", metadata: ["error": "\(error)"])
      return true
    }
  }

  /// Commits the boot stamp, and only then has it used.
  private func begin(_ restored: RestoredState) async {
    var restored = restored
    let now = clock.now
    do {
      try await journal.begin(boot: restored.boot, at: now)
      if let unrecorded { throw JournalError.unwritable(unrecorded) }
    } catch {
      loop.noteJournal(trouble: "\(error)")
      let (stamp, usableAt) = BootStamp.uncommitted(restored.boot, at: now)
      restored.boot = stamp
      // Cancelled: then nothing is sent any more.
      do { try await clock.sleep(until: usableAt) } catch { return }
    }
    loop.post(.restored(restored))
  }

  /// Writes behind, notes that the bot lives, and at the end that it stopped as it should.
  private func keepJournal() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        await journal.run { health in
          switch health {
          case .works: loop.noteJournal(trouble: unrecorded)
          case .failing(let why): loop.noteJournal(trouble: why)
          }
        }
      }
      group.addTask {
        while !Task.isCancelled {
          journal.alive(at: clock.now)
          do { try await clock.sleep(for: .seconds(5)) } catch { return }
        }
      }
    }
    do {
      // This task is cancelled by now; the last words are written in one that is not.
      try await Task { try await journal.markCleanStop(at: clock.now) }.value
      try journal.close()
    } catch {
      log.error("the journal was not closed cleanly", metadata: ["error": "\(error)"])
    }
  }
}

/// Something that runs until the group stops.
struct Room: Service {
  let body: @Sendable () async -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown(body)
  }
}

/// The engine ends by itself when it is told to: orders under way are waited for.
struct EngineRoom: Service {
  let loop: EngineLoop
  let heartbeat: Heartbeat?

  func run() async throws {
    // The rest of a stop takes up to nine seconds, in which nothing beats.
    defer { heartbeat?.rest() }
    await withGracefulShutdownHandler {
      await loop.run()
    } onGracefulShutdown: {
      loop.stop()
    }
  }
}
