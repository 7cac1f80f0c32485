/// Something that must always hold, judged by the venue's truth and by what the bot was seen to do.
///
/// To add one: a file in `Invariants/`, a line in `InvariantCatalog`, and a planted bug that it
/// catches in `PlantedBugTests`. A violation is its facts in words; nil is none.
protocol Invariant: SendableMetatype {
  static var name: String { get }
  /// What must hold, in a sentence.
  static var sentence: String { get }

  init(_ plan: DayPlan)

  /// Something happened just now.
  mutating func see(_ happening: Happening, in day: BotDay) -> String?
  /// Two seconds have passed, or something happened to the account.
  mutating func look(at day: BotDay) -> String?
  /// Nothing has disturbed the bot for a while: what it believes must be what is.
  mutating func rest(in day: BotDay) -> String?
}

extension Invariant {
  mutating func see(_ happening: Happening, in day: BotDay) -> String? { nil }
  mutating func look(at day: BotDay) -> String? { nil }
  mutating func rest(in day: BotDay) -> String? { nil }
}

/// Every invariant. The order decides which one is told when several are broken at once.
enum InvariantCatalog {
  static let all: [any Invariant.Type] = [
    IDsAreUsedOnce.self,
    EntriesKeepToLocks.self,
    EntriesKeepToLimits.self,
    EntriesKeepToThrottles.self,
    SizesAreNotRaised.self,
    SidesAreRight.self,
    StopsKeepTheirGains.self,
    StopsMoveInwards.self,
    TargetsFitPositions.self,
    PositionsAreProtected.self,
    OwnersAreRespected.self,
    FlatIsFlat.self,
    PanicFlattens.self,
    DayLimitsFire.self,
    CommandsEndOnce.self,
    MemorySurvives.self,
    AlertsArriveOnce.self,
    BooksAgree.self,
    MoneyAddsUp.self,
  ]
}
