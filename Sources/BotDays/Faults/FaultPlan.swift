import TradingModel

/// How often what goes wrong. Calm and storms take turns; faults of calls and updates are drawn for
/// each, spells and single blows are spread over the day.
public struct FaultPlan: Sendable, Hashable {
  /// How likely a request meets a fault, in a storm and in calm.
  public var callsInStorm = 0.0
  public var callsInCalm = 0.0
  /// The same for requests that change something, which are few.
  public var deedsInStorm = 0.0
  public var deedsInCalm = 0.0
  /// How likely an account update comes twice, late or never.
  public var updatesInStorm = 0.0
  public var updatesInCalm = 0.0
  /// How likely the chat service does not take a message.
  public var messages = 0.0
  /// In 24 hours.
  public var spellsPerDay = 0
  public var killsPerDay = 0
  public var journalsLostPerDay = 0
  public var handsPerDay = 0
  public var transfersPerDay = 0
  public var clockJumpsPerDay = 0
  public var flagFilesPerDay = 0
  /// Leverage and modes, changed by hand.
  public var settingsByHandPerDay = 0
  /// How often the venue changes the rules of a contract.
  public var rulesPerDay = 0

  public static let none = FaultPlan()

  private init() {}

  /// All of them.
  init(_ chance: Chance) {
    callsInStorm = 0.04
    callsInCalm = 0.000_2
    deedsInStorm = 0.3
    deedsInCalm = 0.02
    updatesInStorm = 0.06
    updatesInCalm = 0.001
    messages = 0.02
    spellsPerDay = chance.whole(20...50)
    killsPerDay = chance.whole(2...10)
    journalsLostPerDay = chance.happens(0.2) ? 1 : 0
    handsPerDay = chance.whole(4...16)
    transfersPerDay = chance.whole(1...4)
    clockJumpsPerDay = chance.whole(1...4)
    flagFilesPerDay = chance.whole(0...2)
    settingsByHandPerDay = chance.whole(0...4)
    rulesPerDay = chance.whole(0...3)
  }
}
