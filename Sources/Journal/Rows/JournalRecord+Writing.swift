import GRDB
import TradingModel

extension JournalRecord {
  /// Writes the record into its table. Every write may be repeated without harm.
  func write(to db: Database) throws {
    switch self {
    case .baseline(let baseline): try Days.save(baseline, in: db)
    case .lock(let lock): try Locks.save(lock, in: db)
    case .unlock(let kind): try Locks.remove(kind, in: db)
    case .allowlist(let entries): try Allowlist.replace(with: entries, in: db)
    case .startBase(let base): try StartBases.save(base, in: db)
    case .marginReductions(let row): try Meta.save(row, in: db)
    case .intent(let request, let signal, let time):
      try Orders.addIntent(request, signal: signal, at: time, in: db)
    case .order(let order): try Orders.save(order, in: db)
    case .orderFailed(let id, let error, _): try Orders.fail(id, error, in: db)
    case .fill(let fill): try Executions.add(fill, in: db)
    case .waitingFill(let fill): try Executions.addWaiting(fill, in: db)
    case .funding(let payment, let trips): try Funding.add(payment, trips: trips, in: db)
    case .roundTrip(let trip): try Trades.save(trip, in: db)
    case .position(let view): try Positions.save(view, in: db)
    case .flat(let key, let time): try Positions.close(key, at: time, in: db)
    case .signal(let intent, let refusals): try Signals.add(intent, refusals: refusals, in: db)
    case .event(let kind, let detail, let time):
      try SystemEvents.add(kind, detail, at: time, in: db)
    case .day(let day, let time): try Days.save(day, at: time, in: db)
    }
  }
}
