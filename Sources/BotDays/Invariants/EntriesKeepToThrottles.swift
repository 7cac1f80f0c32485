import Risk
import TradingModel

/// Not too many entries in too short a time, and a pause after a loss.
struct EntriesKeepToThrottles: Invariant {
  static let name = "throttles-kept"
  static let sentence =
    "No more entries than allowed are sent for a symbol and for the account in their windows, and "
    + "none for a symbol that has just lost."

  private let risk: RiskSettings
  private var entries: [(symbol: Symbol, at: Timestamp)] = []
  private var lostAt: [Symbol: Timestamp] = [:]

  init(_ plan: DayPlan) { risk = plan.engine.risk }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    // What a process has sent before it died the next one can't know in every case.
    case .killed: entries = []
    case .committed(.roundTrip(let trip)):
      guard let closed = trip.closedAt, trip.net < .zero, day.clock.now - closed < .seconds(30)
      else {
        return nil
      }
      lostAt[trip.key.symbol] = day.now
    case .intent(let order, _) where !order.reduceOnly: return judge(order, at: day.now)
    default: break
    }
    return nil
  }

  private mutating func judge(_ order: OrderRequest, at now: Timestamp) -> String? {
    let longest = max(risk.throttlePerSymbol.window, risk.throttlePerAccount.window)
    entries.removeAll { now - $0.at > longest }
    entries.append((order.symbol, now))
    let ofSymbol = entries.count {
      $0.symbol == order.symbol && now - $0.at < risk.throttlePerSymbol.window
    }
    guard ofSymbol <= risk.throttlePerSymbol.count else {
      return "\(order.words) is entry \(ofSymbol) of its symbol in the window"
    }
    let ofAccount = entries.count { now - $0.at < risk.throttlePerAccount.window }
    guard ofAccount <= risk.throttlePerAccount.count else {
      return "\(order.words) is entry \(ofAccount) of the account in the window"
    }
    if let lost = lostAt[order.symbol], now - lost < risk.lossCooldown - .seconds(31) {
      return "\(order.words) follows a loss at \(lost.clockText)"
    }
    return nil
  }
}
