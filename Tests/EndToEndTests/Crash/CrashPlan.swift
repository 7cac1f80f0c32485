import Foundation
import TestSupport
import TradingModel

/// How many times the process is killed, and from which seed all of it follows.
struct CrashPlan: Sendable {
  let rounds: Int
  let seed: UInt64

  /// What `make crash` asks for in the environment; nil where nobody did.
  static var asked: CrashPlan? {
    let environment = ProcessInfo.processInfo.environment
    guard let rounds = environment["QUARTERDECK_CRASH_ROUNDS"].flatMap({ Int($0) }), rounds > 0
    else { return nil }
    let seed = environment["QUARTERDECK_CRASH_SEED"].flatMap { UInt64($0) }
    return CrashPlan(rounds: rounds, seed: seed ?? 1)
  }

  /// What happens when the process dies, round by round.
  var moments: [CrashMoment] {
    let chance = SeededRandom(seed: seed)
    func pick<Item>(_ items: [Item]) -> Item {
      items[Int(chance.next(below: UInt64(items.count)))]
    }
    return (1...rounds).map { number in
      // More often early: there a command is between two of its stages.
      let share = Int64(chance.next(below: 1_000))
      let countsFromTap = chance.next(below: 2) == 0
      let longest: Int64 = countsFromTap ? 600 : 1_200
      return CrashMoment(
        number: number, scene: pick(CrashScene.all), countsFromTap: countsFromTap,
        delay: .milliseconds(share * share * longest / 1_000_000), symbol: pick(Stage.handled),
        latency: .milliseconds(pick([0, 0, 60, 250])))
    }
  }
}

/// One death: what was under way, and how long after its beginning.
struct CrashMoment: Sendable, CustomStringConvertible {
  let number: Int
  let scene: CrashScene
  /// Whether the time runs from the tap that confirms, where there is one; else from the beginning.
  let countsFromTap: Bool
  let delay: Duration
  let symbol: Symbol
  /// How long the exchange takes for an order of this round.
  let latency: Duration

  var description: String {
    "round \(number): killed \(delay.wholeMilliseconds) ms "
      + (countsFromTap ? "after the tap of" : "into") + " \(scene) \(symbol), orders take "
      + "\(latency.wholeMilliseconds) ms"
  }
}

/// What a bot is in the middle of.
enum CrashScene: Sendable, Hashable {
  /// Coming up after the death before.
  case starting
  /// Nothing but the market, in which it enters and is stopped out.
  case trading
  /// Closing a position, all of it or half.
  case closing(half: Bool)
  case closingAll
  case panic
  case killing(flatten: Bool)
  case pausing
  case denying

  /// As often as they stand here.
  static let all: [CrashScene] = [
    .starting, .starting, .trading, .trading, .trading, .closing(half: false),
    .closing(half: false), .closing(half: true), .closing(half: true), .closingAll, .panic, .panic,
    .killing(flatten: true), .killing(flatten: false), .pausing, .denying,
  ]
}
