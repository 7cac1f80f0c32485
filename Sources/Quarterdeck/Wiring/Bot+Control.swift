import ChatOps
import ControlServer
import Engine
import Foundation
import Logging
import ServiceLifecycle
import TradingModel
import Transport

/// Listens for the red button; a port that is taken is tried again, told once, and told again when it
/// is free. While it listens it is asked for a sign of life, as a caller would.
struct ControlRoom: Service {
  static let pauseBetweenTries = Duration.seconds(5)
  static let pauseBetweenLooks = Duration.seconds(10)

  let server: ControlServer
  let place: String
  let watch: ControlWatch
  /// Whether it answers at all; nil where it can't be asked from here.
  let answers: (@Sendable () async -> Bool)?
  let clock: any WallClock
  let log: Logger

  func run() async throws {
    await withDiscardingTaskGroup { group in
      // Ends with the engine, which ends first: the last word of a command is still written down.
      group.addTask { await server.follow() }
      await listen()
    }
  }

  private func listen() async {
    watch.begin()
    await withDiscardingTaskGroup { group in
      group.addTask { await look() }
      await keepListening()
      group.cancelAll()
    }
  }

  private func keepListening() async {
    var lastTold: String?
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      var why = "it ended by itself"
      do {
        try await server.listen { _ in
          log.notice("the control server listens on \(place)")
          watch.listens(on: place)
        }
      } catch {
        why = "\(error)"
      }
      guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
      watch.failed(on: place, why)
      if why != lastTold { log.error("the control server can't listen on \(place): \(why)") }
      lastTold = why
      await cancelWhenGracefulShutdown {
        do { try await clock.sleep(for: Self.pauseBetweenTries) } catch { return }
      }
    }
  }

  /// Until cancelled.
  private func look() async {
    while !Task.isCancelled {
      if await answers?() ?? true { watch.answered() }
      do { try await clock.sleep(for: Self.pauseBetweenLooks) } catch { return }
    }
  }
}

extension Bot {
  /// Nil where it is switched off.
  var controlRoom: ControlRoom? {
    guard settings.control.isOn else { return nil }
    let watch = control
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
      server: server, place: "\(control.host):\(control.port)", watch: watch,
      answers: controlAnswers, clock: clock, log: log)
  }

  /// Any answer is one, a refusal too. Nil where this machine itself may not connect.
  private var controlAnswers: (@Sendable () async -> Bool)? {
    let control = settings.control
    let host = ["localhost", "0.0.0.0"].contains(control.host) ? "127.0.0.1" : control.host
    guard host == "127.0.0.1", control.allowlist.contains(host),
      let url = try? RequestURL("http://\(host):\(control.port)/healthz")
    else { return nil }
    return { [http = ground.http] in
      do throws(HTTPError) {
        _ = try await http.send(HTTPRequest(.get, url, totalTimeout: .seconds(5)))
        return true
      } catch {
        return false
      }
    }
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
