import Logging
import NIOCore
import Synchronization
import TestSupport
import TradingModel

@testable import ControlServer

/// The control server on a port of its own, and an engine that the test plays.
struct Bench: Sendable {
  let bus = ScriptedBus(.example(), instruments: .examples)
  let clock = ManualClock()
  let log = NotedCommands()
  var port = 0

  static func serving(
    limits: ControlServer.Limits = ControlServer.Limits(),
    _ change: (inout ControlSettings) -> Void = { _ in },
    _ body: (Bench) async throws -> Void
  ) async throws {
    var settings = ControlSettings()
    settings.port = 0
    change(&settings)
    var bench = Bench()
    let server = ControlServer(
      settings, limits: limits, ports: bench.ports,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let (ports, portFound) = AsyncStream<Int>.makeStream()
    let serving = Task {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await server.follow() }
        group.addTask { try await server.listen { portFound.yield($0) } }
      }
    }
    defer { serving.cancel() }
    for await port in ports {
      bench.port = port
      break
    }
    try await body(bench)
  }

  var ports: ControlPorts {
    ControlPorts(
      bus: bus, progress: bus.progress, log: log,
      words: { report, _, _ in report.isFlat ? "all is flat" : "not flat" },
      engineFigures: { .example }, programFigures: { .example }, process: 4711,
      clock: clock)
  }

  func ask(_ request: String, from address: String = "127.0.0.1") async throws -> Answer {
    try await Caller.ask(port, request, from: address)
  }

  func say(_ report: FlattenReport, isOver: Bool, about id: CommandID) {
    bus.say(isOver ? .finished(.flattened(report)) : .working(report), about: id, at: clock.now)
  }

  /// A command that the engine was given, counted from 1.
  func command(number: Int = 1) async -> OperatorCommand? {
    while bus.submitted.count < number, !Task.isCancelled { await Task.yield() }
    return bus.submitted.count >= number ? bus.submitted[number - 1] : nil
  }
}

/// What was written down. A test may have it hang.
actor NotedCommands: ControlLog {
  private(set) var begun: [ControlCommand] = []
  private(set) var ended: [CommandID: ControlEnding] = [:]
  private var hangs = false
  private let gate = Latch()

  func hang() { hangs = true }

  func begin(_ command: ControlCommand) async -> CommandID? {
    if hangs {
      await gate.wait()
      return nil
    }
    begun.append(command)
    return CommandID(Int64(begun.count))
  }

  func end(_ id: CommandID, _ ending: ControlEnding, detail: String) async { ended[id] = ending }
}

enum Requests {
  static func get(_ path: String, _ headers: [String] = [], host: String = "127.0.0.1:8787")
    -> String
  {
    (["GET \(path) HTTP/1.1", "Host: \(host)"] + headers + ["", ""]).joined(separator: "\r\n")
  }

  static func post(
    _ path: String, _ headers: [String] = [], host: String = "127.0.0.1:8787",
    type: String? = "application/json", body: String = ""
  ) -> String {
    var lines = ["POST \(path) HTTP/1.1", "Host: \(host)"] + headers
    if let type, !body.isEmpty { lines.append("Content-Type: \(type)") }
    lines.append("Content-Length: \(body.utf8.count)")
    return (lines + ["", body]).joined(separator: "\r\n")
  }
}

extension FlattenReport {
  static func example(_ id: CommandID, left: Quantity, isOver: Bool = true) -> FlattenReport {
    FlattenReport(
      cause: .panic(id), by: "HTTP", startedAt: .noon,
      endedAt: isOver ? .noon + .seconds(2) : nil,
      phases: [
        PhaseTime(phase: .modulesOff, startedAt: .noon, endedAt: .noon),
        PhaseTime(phase: .cancel, startedAt: .noon, endedAt: .noon + .milliseconds(40)),
      ],
      items: [
        Item(
          key: PositionKey("BTCUSDT"), side: .long, before: "0.12", wanted: "0.12", left: left,
          averageEntry: "64210")
      ], ordersCancelled: 3, flatReadings: left.isZero && isOver ? 2 : 0)
  }
}

extension ProgramFigures {
  static let example = ProgramFigures(
    version: "1.2.3", startedAt: .noon - .seconds(90), outboxDepth: 2, residentBytes: 40_000_000)
}

extension EngineFigures {
  static var example: EngineFigures {
    var figures = EngineFigures()
    figures.frameToDecision.note(.microseconds(3))
    figures.frameToDecision.note(.milliseconds(3))
    figures.rejects = [.init("110007", 4)]
    figures.inboxDepth = 5
    return figures
  }
}
