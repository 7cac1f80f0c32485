import TradingModel

// What stands in each file. The names are those that the readers of the older bots look for.

extension JSONValue {
  static func dailyPnL(
    _ day: DayView, locks: [Lock], stoppedBy lock: Lock?, at now: Timestamp
  ) -> JSONValue {
    .members([
      "date": .text(day.baseline.day.description),
      "baseline_equity": .amount(day.baseline.equity),
      "baseline_late": .flag(day.baseline.isLate),
      "equity": .amount(day.equity),
      "pnl": .amount(day.net),
      "pct": .number(day.result.percentDescription),
      "num_trades": .count(day.won + day.lost),
      "stopped": .flag(lock != nil),
      "stop_reason": lock == nil ? .null : .text(stopReason(of: day)),
      "stop_ts": lock.map { .count($0.since.seconds) } ?? .null,
      "limits_fired": .texts(day.baseline.limitsFired),
      "locks": .list(locks.sorted { $0.kind < $1.kind }.map(Self.lock)),
      "updated_at": .time(now),
    ])
  }

  /// What has fired today; where both have, what the day came to tells.
  private static func stopReason(of day: DayView) -> String {
    let fired = day.baseline.limitsFired
    return fired.count == 1 ? fired[0] : day.net < .zero ? "max_dd" : "target"
  }

  static func moment(_ moment: AccountMoment) -> JSONValue {
    .members([
      "ts": .count(moment.time.seconds),
      "equity": .amount(moment.equity),
      "daily_pct": .percent(moment.dayResult),
      "im_pct": .percent(moment.marginUse),
      "positions": .list(moment.positions.map(position)),
    ])
  }

  private static func position(_ view: PositionView) -> JSONValue {
    .members([
      "symbol": .text(view.position.symbol.name), "side": .text(view.position.side.rawValue),
      "size": .amount(view.position.quantity), "entry": .amount(view.position.entryPrice),
      "mark": .amount(view.price), "pnl": .amount(view.profit),
      "stop": .amount(view.position.stop), "target": .amount(view.position.target),
      "owner": .text(view.owner.title),
    ])
  }

  static func tradingDisabled(_ lock: Lock) -> JSONValue {
    .members([
      "reason": .text(lock.reason),
      "time": .time(lock.since),
      "until": .time(lock.until),
      "flat": .flag(lock.isFlat),
      "written_by": .text(FlagContent.ourName),
    ])
  }

  static func panicLock(_ report: FlattenReport, reason: String, at now: Timestamp) -> JSONValue {
    .members([
      "timestamp": .time(now),
      "panic_tripped": .flag(true),
      "trading_enabled": .flag(false),
      "who": .text(report.by.isEmpty ? "quarterdeck" : report.by),
      "why": .text(reason),
      "when": .time(report.startedAt),
      "last_report": .members([
        "started_at": .time(report.startedAt),
        "ended_at": .time(report.endedAt),
        "total_duration_sec": seconds(from: report.startedAt, to: report.endedAt),
        "phase_timings": .object(
          report.phases.map {
            Member(name: $0.phase.fileName, value: seconds(from: $0.startedAt, to: $0.endedAt))
          }),
        "symbols_touched": .texts(Set(report.items.map(\.key.symbol.name)).sorted()),
        "orders_canceled": .count(report.ordersCancelled),
        "positions_closed": .count(report.items.count { $0.left.isZero && !$0.wasFlat }),
        "positions_left": .list(report.left.map(left)),
        "warnings": .texts(report.warnings),
        "locked": .flag(true),
        "success": .flag(report.isFlat),
      ]),
    ])
  }

  private static func lock(_ lock: Lock) -> JSONValue {
    .members([
      "kind": .text(lock.kind.word), "reason": .text(lock.reason), "since": .time(lock.since),
      "until": .time(lock.until), "flat": .flag(lock.isFlat),
    ])
  }

  private static func left(_ item: FlattenReport.Item) -> JSONValue {
    .members([
      "symbol": .text(item.key.symbol.name), "side": .text(item.side.rawValue),
      "quantity": .amount(item.left),
    ])
  }

  /// To the millisecond; null while it lasts.
  private static func seconds(from start: Timestamp, to end: Timestamp?) -> JSONValue {
    guard let end else { return .null }
    let milliseconds = max(0, (end - start).wholeMilliseconds)
    let fraction = String(milliseconds % 1000)
    let padding = String(repeating: "0", count: 3 - fraction.count)
    return .number("\(milliseconds / 1000).\(padding)\(fraction)")
  }
}

extension FlattenReport.Phase {
  fileprivate var fileName: String {
    switch self {
    case .modulesOff: "disable_trading"
    case .cancel: "cancel_all"
    case .close: "flatten_all"
    case .verify: "verify_clean"
    case .lock: "arm_lock"
    case .report: "send_alert"
    }
  }
}
