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
  ///   - more: What runs beside it and ends first; when it returns, everything ends.
  func run(
    stoppingOn signals: [UnixSignal] = [.sigterm, .sigint], beside more: [any Service] = []
  ) async throws {
    // First in line, before anybody can speak: a command that a crash cut off is taken up as soon as
    // the chat starts, and the engine refuses all while it knows nothing.
    await begin(await restoredState())
    // They end in the opposite order.
    var services: [any Service] = [
      Room { await self.keepJournal() },
      ChatRoom(bot: self),
      Room { await self.listenToThePerson() },
      Room { await self.listenToTheVenues() },
      EngineRoom(loop: loop),
    ]
    services += more
    var configuration = ServiceGroupConfiguration(
      services: services.map {
        ServiceGroupConfiguration.ServiceConfiguration(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
      },
      gracefulShutdownSignals: signals, logger: Logger(label: "lifecycle"))
    configuration.maximumGracefulShutdownDuration = .seconds(9)
    try await ServiceGroup(configuration: configuration).run()
    await http.shutdown()
    await thread.shutdown()
  }

  /// What the journal remembers; without it the bot starts as new, and says so. A panic lock that
  /// lies beside it outlives a journal that was lost.
  private func restoredState() async -> RestoredState {
    var restored = RestoredState()
    do {
      restored = try await journal.restored(at: clock.now)
    } catch {
      log.error("the journal can't be read", metadata: ["error": "\(error)"])
      alarms.put(Alert(.p0, .journalFailing(why: "it can't be read: \(error)"), at: clock.now))
    }
    if let damaged = journal.opening.setAside {
      let why = "it was damaged (\(damaged.why)) and is kept as \(damaged.path)"
      log.error("the journal began anew", metadata: ["why": "\(why)"])
      alarms.put(Alert(.p0, .journalFailing(why: why), at: clock.now))
    }
    if settings.mode == .paper {
      // The paper account begins anew at each start: yesterday's equity says nothing of it.
      restored.baseline = nil
      restored.openRoundTrips = []
    }
    if await stateFiles.hasPanicLock(), !restored.locks.contains(where: { $0.kind == .panic }) {
      restored.locks.append(
        Lock(kind: .panic, reason: "panic.lock was found at the start", since: clock.now))
    }
    return restored
  }

  private func begin(_ restored: RestoredState) async {
    let now = clock.now
    let boot = ClientOrderIDs(now: now, lastBoot: restored.lastBoot).boot
    do {
      try await journal.begin(boot: boot, at: now)
    } catch {
      loop.post(.journal(isWorking: false, detail: "\(error)"))
    }
    loop.post(.restored(restored))
  }

  /// Writes behind, notes that the bot lives, and at the end that it stopped as it should.
  private func keepJournal() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        await journal.run { health in
          switch health {
          case .works: loop.post(.journal(isWorking: true, detail: ""))
          case .failing(let why): loop.post(.journal(isWorking: false, detail: why))
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

  func run() async throws {
    await withGracefulShutdownHandler {
      await loop.run()
    } onGracefulShutdown: {
      loop.stop()
    }
  }
}
