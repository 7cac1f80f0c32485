/// What a flatten did, as `panic.lock` and the control server tell it to other programs. The names
/// are those that readers of the older bots look for.
extension FlattenReport {
  public var json: JSONTree {
    .members([
      "started_at": .time(startedAt),
      "ended_at": .time(endedAt),
      "total_duration_sec": Self.seconds(from: startedAt, to: endedAt),
      "phase_timings": .object(
        phases.map {
          JSONTree.Member(
            name: $0.phase.fileName, value: Self.seconds(from: $0.startedAt, to: $0.endedAt))
        }),
      "symbols_touched": .texts(Set(items.map(\.key.symbol.name)).sorted()),
      "orders_canceled": .count(ordersCancelled),
      "positions_closed": .count(items.count { $0.left.isZero && !$0.wasFlat && !$0.isDust }),
      "positions_left": .list(left.map(\.json)),
      "dust": .list(items.filter(\.isDust).map(\.dustJSON)),
      "warnings": .texts(warnings),
      "locked": .flag(true),
      "success": .flag(isFlat),
    ])
  }

  /// To the millisecond; null while it lasts.
  private static func seconds(from start: Timestamp, to end: Timestamp?) -> JSONTree {
    guard let end else { return .null }
    let milliseconds = max(0, (end - start).wholeMilliseconds)
    let fraction = String(milliseconds % 1000)
    let padding = String(repeating: "0", count: 3 - fraction.count)
    return .number("\(milliseconds / 1000).\(padding)\(fraction)")
  }
}

extension FlattenReport.Item {
  fileprivate var json: JSONTree {
    .members([
      "symbol": .text(key.symbol.name), "side": .text(side.rawValue), "quantity": .amount(left),
      "reason": failure.map { .text("\($0.error)") } ?? .null,
    ])
  }

  fileprivate var dustJSON: JSONTree {
    .members([
      "symbol": .text(key.symbol.name), "side": .text(side.rawValue), "quantity": .amount(dust),
    ])
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
