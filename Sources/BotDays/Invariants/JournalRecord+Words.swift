import TradingModel

extension JournalRecord {
  /// What a line of a failing day needs to show of it.
  var words: String {
    switch self {
    case .baseline(let baseline):
      "baseline \(baseline.equity) of \(baseline.day)" + (baseline.hasStopped ? ", stopped" : "")
        + (baseline.hasReachedTarget ? ", target reached" : "")
    case .lock(let lock):
      "lock \(lock.kind) \(lock.reason)" + (lock.isFlat ? "" : ", not flat")
    case .unlock(let kind): "unlock \(kind)"
    case .allowlist(let entries):
      "allowlist "
        + entries.map { ($0.isDenied ? "-" : "+") + $0.symbol.name }
        .joined(separator: " ")
    case .marginReductions(let row): "\(row.count) reductions for margin in a row"
    case .startBase(let base): "loss since the start counts from \(base?.equity.description ?? "–")"
    case .intent(let order, _, _): "intent \(order.id)"
    case .order(let order):
      "order \(order.id) \(order.symbol) \(order.role.rawValue) \(order.status.rawValue)"
    case .orderFailed(let id, let error, _): "order \(id) failed: \(error)"
    case .fill(let fill): "fill \(fill.symbol) \(fill.quantity) of \(fill.orderID)"
    case .waitingFill(let fill):
      "fill \(fill.symbol) \(fill.quantity) of \(fill.orderID), before its entry"
    case .funding(let payment, let trips):
      "funding \(payment.id) \(payment.symbol) \(payment.paid) of \(trips)"
    case .roundTrip(let trip):
      "trip \(trip.id) \(trip.key) \(trip.side.rawValue) \(trip.quantity) result "
        + "\(trip.realised) fees \(trip.fees)" + (trip.closedAt == nil ? "" : ", \(trip.reasonOut)")
    case .position(let view): "position \(view.position.key) \(view.position.quantity)"
    case .flat(let key, _): "flat \(key)"
    case .signal(let intent, let refusals):
      "signal \(intent.id)" + (refusals.isEmpty ? "" : ": \(refusals.joined(separator: "; "))")
    case .event(let kind, let detail, _): "\(kind): \(detail)"
    case .day(let view, _): "day \(view.net) of \(view.baseline.equity)"
    }
  }
}
