import Chat
import TradingModel

/// One alert per stranger and UTC day, and no more than twenty a day in all.
struct Strangers {
  static let perDay = 20

  private var day: UTCDay?
  private var told: Set<PersonID> = []

  /// Whether the owner is to be told of this one now.
  mutating func isNews(_ person: PersonID, at now: Timestamp) -> Bool {
    if day != now.day {
      day = now.day
      told = []
    }
    guard told.count < Self.perDay else { return false }
    return told.insert(person).inserted
  }
}
