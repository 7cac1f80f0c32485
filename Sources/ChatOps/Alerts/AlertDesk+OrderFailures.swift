import Chat
import TradingModel

extension AlertDesk {
  func noteFailure(
    _ symbol: Symbol, _ failure: OrderFailure, _ severity: Alert.Severity
  ) async {
    let now = clock.now
    switch failures.note(symbol, failure.error, severity, at: now) {
    case .first:
      later.add(.orderFailures, at: now + OrderFailures.gathering)
      later.add(.forgetFailures, at: now + OrderFailures.forgetting)
    case .doubled(let toldAt):
      later.add(.orderFailures, at: max(now, toldAt + OrderFailures.editPace))
    case .counted: break
    }
  }

  func tellFailures() async {
    let now = clock.now
    let writer = await writer()
    let fresh = failures.untold(at: now).filter { !isInhibited($0) }
    if Set(fresh.map(\.key.symbol)).count > OrderFailures.symbolLimit {
      let key = "order.fail/many/\(now.milliseconds)"
      failures.markTold(fresh.map(\.key), at: now, group: key)
      await send(
        writer.failing(together: fresh, key: key), fresh.map(\.severity).min() ?? .p1)
    } else {
      for one in fresh {
        failures.markTold([one.key], at: now, group: nil)
        await send(writer.failing(one), one.severity)
      }
    }
    for one in failures.grown(at: now) {
      failures.markTold([one.key], at: now, group: nil)
      await post(
        writer.failing(one), lane: .edit, isSilent: true, lifetime: .minutes(10), isEdit: true)
    }
  }

  func forgetFailures() async {
    let over = failures.takeOver(at: clock.now)
    if let next = failures.nextForgetting { later.add(.forgetFailures, at: next) }
    let writer = await writer()
    for one in over where one.toldCount != nil && one.group == nil {
      await send(writer.calmAgain(one), .p2)
    }
  }

  /// Balance errors are a matter of the margin warning, timeouts of the link.
  private func isInhibited(_ one: OrderFailures.Case) -> Bool {
    switch one.error {
    case .rejected(let rejection) where rejection.meaning == .insufficientBalance:
      open["im.warn"] != nil
    case .unreachable, .outcomeUnknown: open["link.down/account"] != nil
    default: false
    }
  }
}
