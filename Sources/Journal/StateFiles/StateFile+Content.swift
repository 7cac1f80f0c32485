import TradingModel

// What stands in each file. The names are those that the readers of the older bots look for.

extension JSONTree {
  static func dailyPnL(
    _ day: DayView, locks: [Lock], stoppedBy lock: Lock?, at now: Timestamp
  ) -> JSONTree {
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
      "locks": Self.locks(locks),
      "updated_at": .time(now),
    ])
  }

  /// What has fired today; where both have, what the day came to tells.
  private static func stopReason(of day: DayView) -> String {
    let fired = day.baseline.limitsFired
    return fired.count == 1 ? fired[0] : day.net < .zero ? "max_dd" : "target"
  }

  static func moment(_ moment: AccountMoment) -> JSONTree {
    .members([
      "ts": .count(moment.time.seconds),
      "equity": .amount(moment.equity),
      "daily_pct": .percent(moment.dayResult),
      "im_pct": .percent(moment.marginUse),
      "positions": .list(moment.positions.map(position)),
    ])
  }

  private static func position(_ view: PositionView) -> JSONTree {
    .members([
      "symbol": .text(view.position.symbol.name), "side": .text(view.position.side.rawValue),
      "size": .amount(view.position.quantity), "entry": .amount(view.position.entryPrice),
      "mark": .amount(view.price), "pnl": .amount(view.profit),
      "stop": .amount(view.position.stop), "target": .amount(view.position.target),
      "owner": .text(view.owner.title),
    ])
  }

  static func tradingDisabled(_ lock: Lock) -> JSONTree {
    .members([
      "reason": .text(lock.reason),
      "time": .time(lock.since),
      "until": .time(lock.until),
      "flat": .flag(lock.isFlat),
      "written_by": .text(FlagContent.ourName),
    ])
  }

  static func panicLock(
    _ report: FlattenReport, _ lock: Lock, writtenBy writer: String, at now: Timestamp
  ) -> JSONTree {
    .members([
      "timestamp": .time(now),
      "panic_tripped": .flag(true),
      "trading_enabled": .flag(false),
      "who": .text(report.by.isEmpty ? "quarterdeck" : report.by),
      "why": .text(lock.reason),
      "when": .time(report.startedAt),
      "include_longterm": .flag(lock.takesLongterm),
      "last_report": report.json,
      "written_by": .text(writer),
    ])
  }

  static func locks(_ locks: [Lock]) -> JSONTree {
    .list(locks.sorted { $0.kind < $1.kind }.map(Self.lock))
  }

  /// A scope of long-term symbols is named where there is one.
  private static func lock(_ lock: Lock) -> JSONTree {
    var members = [
      Member(name: "kind", value: .text(lock.kind.word)),
      Member(name: "reason", value: .text(lock.reason)),
      Member(name: "since", value: .time(lock.since)),
      Member(name: "until", value: .time(lock.until)),
      Member(name: "flat", value: .flag(lock.isFlat)),
    ]
    if lock.takesLongterm { members.append(Member(name: "include_longterm", value: .flag(true))) }
    return .object(members)
  }
}
