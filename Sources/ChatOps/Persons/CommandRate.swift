import Chat
import TradingModel

/// Twenty commands a minute per person; then one "slow down", then silence.
struct CommandRate {
  enum Verdict: Sendable, Hashable { case pass, slowDown, silence }

  static let limit = 20
  static let window: Duration = .minutes(1)
  /// Strangers come and go: the oldest are forgotten first.
  static let personLimit = 256

  private var times: [PersonID: [Timestamp]] = [:]
  private var order: [PersonID] = []
  private var warned: Set<PersonID> = []

  mutating func note(_ person: PersonID, at now: Timestamp) -> Verdict {
    var recent = (times[person] ?? []).filter { now - $0 < Self.window }
    guard recent.count < Self.limit else {
      times[person] = recent
      return warned.insert(person).inserted ? .slowDown : .silence
    }
    warned.remove(person)
    recent.append(now)
    if times.updateValue(recent, forKey: person) == nil {
      order.append(person)
      if order.count > Self.personLimit { forget(order.removeFirst()) }
    }
    return .pass
  }

  private mutating func forget(_ person: PersonID) {
    times[person] = nil
    warned.remove(person)
  }
}
