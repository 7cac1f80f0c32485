import HTTPTypes
import TradingModel

/// An answer: its status and what stands in it.
struct ControlAnswer: Sendable, Hashable {
  var status: HTTPResponse.Status
  var body: JSONTree

  static func trouble(_ status: HTTPResponse.Status, _ text: String) -> ControlAnswer {
    ControlAnswer(status: status, body: .members(["error": .text(text)]))
  }

  /// 207: done in part.
  static let notFlat = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")

  static let silent = trouble(
    .serviceUnavailable,
    "the engine does not answer; what was asked may still be done. `quarterdeck panic` closes at the "
      + "venue without it")
}

extension ControlAnswer {
  /// How a panic stands: flat, not flat, or under way.
  static func panic(
    _ id: CommandID, _ stage: CommandProgress.Stage, text: String?
  ) -> ControlAnswer {
    switch stage {
    case .working(let report): flatten(id, report, isOver: false, text: text)
    case .finished(.flattened(let report)): flatten(id, report, isOver: true, text: text)
    case .finished(.refused(let refusal)): trouble(.serviceUnavailable, refusal.words)
    case .finished: trouble(.internalServerError, "the engine answered something else")
    }
  }

  private static func flatten(
    _ id: CommandID, _ report: FlattenReport, isOver: Bool, text: String?
  ) -> ControlAnswer {
    ControlAnswer(
      status: !isOver ? .accepted : report.isFlat ? .ok : notFlat,
      body: .members([
        "command": .count(id.number), "running": .flag(!isOver), "flat": .flag(report.isFlat),
        "by": .text(report.by), "text": text.map(JSONTree.text) ?? .null, "report": report.json,
      ]))
  }

  /// Other locks may stand: whether trading goes on is what `/healthz` says, too.
  /// - Parameter snapshot: As it is after the reset; nil when the engine did not tell.
  static func reset(
    _ stage: CommandProgress.Stage, _ snapshot: EngineSnapshot?
  ) -> ControlAnswer {
    let isEnabled = snapshot.map { JSONTree.flag($0.isTradingEnabled) } ?? .null
    let state = snapshot.map { JSONTree.text($0.state.rawValue) } ?? .null
    return switch stage {
    case .finished(.done):
      ControlAnswer(
        status: .ok,
        body: .members(["reset": .flag(true), "trading_enabled": isEnabled, "state": state]))
    case .finished(.refused(.nothingToUnlock)):
      ControlAnswer(
        status: .ok,
        body: .members([
          "reset": .flag(false), "why": .text(CommandRefusal.nothingToUnlock.words),
          "trading_enabled": isEnabled, "state": state,
        ]))
    case .finished(.refused(.notFlat(let positions))):
      ControlAnswer(
        status: .conflict,
        body: .members([
          "reset": .flag(false), "why": .text("not flat"),
          "positions": .list(
            positions.map { view in
              .members([
                "symbol": .text(view.position.symbol.name),
                "side": .text(view.position.side.rawValue),
                "quantity": .amount(view.position.quantity),
              ])
            }),
        ]))
    case .finished(.refused(let refusal)): trouble(.serviceUnavailable, refusal.words)
    case .working, .finished: trouble(.internalServerError, "the engine answered something else")
    }
  }

  /// The lock, and the last flatten of the whole account in this life.
  static func status(
    _ snapshot: EngineSnapshot, last: FlattenReport?, isRunning: Bool, text: String?,
    process: Int32
  ) -> ControlAnswer {
    let lock = snapshot.locks.first { $0.kind == .panic }
    return ControlAnswer(
      status: .ok,
      body: .members([
        "timestamp": .time(snapshot.time), "panic_tripped": .flag(lock != nil),
        "trading_enabled": .flag(snapshot.isTradingEnabled),
        "lock": lock.map { lock in
          .members([
            "why": .text(lock.reason), "since": .time(lock.since), "flat": .flag(lock.isFlat),
          ])
        } ?? .null,
        "process": .count(Int64(process)), "running": .flag(isRunning),
        "last_report": last?.json ?? .null, "text": text.map(JSONTree.text) ?? .null,
      ]))
  }

  /// - Parameter snapshot: Nil when the engine does not answer.
  static func health(
    _ snapshot: EngineSnapshot?, _ figures: ProgramFigures, at now: Timestamp
  ) -> ControlAnswer {
    let failing = snapshot?.troubles ?? ["the engine does not answer"]
    let uptime = max(0, (now - figures.startedAt).wholeSeconds)
    return ControlAnswer(
      status: failing.isEmpty ? .ok : .serviceUnavailable,
      body: .members([
        "status": .text(failing.isEmpty ? "ok" : "failing"), "failing": .texts(failing),
        "timestamp": .time(now), "version": .text(figures.version),
        "state": snapshot.map { .text($0.state.rawValue) } ?? .null,
        "trading_enabled": snapshot.map { .flag($0.isTradingEnabled) } ?? .null,
        "panic_tripped": snapshot.map { snapshot in
          .flag(snapshot.locks.contains { $0.kind == .panic })
        } ?? .null,
        "uptime_sec": .count(uptime),
      ]))
  }
}

extension EngineSnapshot {
  /// No lock forbids every entry, and it is not the guard's, which enters nothing.
  var isTradingEnabled: Bool {
    !isStandIn
      && !locks.contains { lock in
        switch lock.kind {
        case .paused(let engine): engine == nil
        case .halted, .day, .flagFile, .panic: true
        }
      }
  }
}
