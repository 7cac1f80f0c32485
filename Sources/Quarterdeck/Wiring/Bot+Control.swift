import ChatOps
import ControlServer
import Engine
import Foundation
import Logging
import ServiceLifecycle
import TradingModel

/// Listens for the red button; a port that is taken is tried again, and told once.
struct ControlRoom: Service {
  static let pauseBetweenTries = Duration.seconds(5)

  let server: ControlServer
  let place: String
  let clock: any WallClock
  let alarms: Mailbox<Alert>
  let log: Logger

  func run() async throws {
    await withDiscardingTaskGroup { group in
      // Ends with the engine, which ends first: the last word of a command is still written down.
      group.addTask { await server.follow() }
      await listen()
    }
  }

  private func listen() async {
    var isTold = false
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      var why = "it ended by itself"
      do {
        try await server.listen { _ in log.notice("the control server listens on \(place)") }
      } catch {
        why = "\(error)"
      }
      guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
      if !isTold { tell(why) }
      isTold = true
      await cancelWhenGracefulShutdown {
        do { try await clock.sleep(for: Self.pauseBetweenTries) } catch { return }
      }
    }
  }

  private func tell(_ why: String) {
    let text = "The control server can't listen on \(place), so there is no POST /panic: \(why)"
    alarms.put(Alert(.p1, .reconciled([text]), at: clock.now))
    log.error("\(text)")
  }
}

extension Bot {
  /// Nil where it is switched off.
  var controlRoom: ControlRoom? {
    guard settings.control.isOn else { return nil }
    let control = settings.control
    let log = Logger(label: "control")
    let server = ControlServer(
      control,
      ports: ControlPorts(
        bus: EngineCommandBus(loop), progress: loop.followProgress(),
        log: JournalControlLog(log: journal, clock: clock),
        words: { [reports = settings.plainReports, clock] report, snapshot, instruments in
          reports.text(of: report, snapshot: snapshot, instruments: instruments, at: clock.now)
        },
        engineFigures: { [loop] in await loop.figures() },
        programFigures: { [vitals, journal] in
          let figures = await vitals.figures(of: journal)
          return ProgramFigures(
            version: Version.text, startedAt: vitals.startedAt, outboxDepth: figures.queued,
            pollAge: figures.pollAge, residentBytes: Vitals.residentBytes,
            storeBytes: figures.storeBytes, clockSkew: figures.clockSkew)
        }, process: getpid(), clock: clock),
      log: log)
    return ControlRoom(
      server: server, place: "\(control.host):\(control.port)", clock: clock, alarms: alarms,
      log: log)
  }
}

extension Settings {
  /// Flattens in the chat's words, for other ways out.
  var plainReports: PlainReports {
    PlainReports(
      settings: ChatOpsSettings(
        modeLabel: label, version: Version.text, takerFee: risk.takerFee,
        closeTries: timings.closeTries))
  }
}
