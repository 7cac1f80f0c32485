import Logging
import Synchronization
import TradingModel

/// Tells the log of something that can't be reached: once when it begins, again after 1, 5 and 15
/// minutes and then every hour, and once when it is back.
public final class Outage: Sendable {
  private struct Spell {
    let since: Timestamp
    var attempts = 1
    var reminders = 0
    var remindAt: Timestamp
  }

  private static let reminders: [Duration] = [.minutes(1), .minutes(5), .minutes(15)]

  private let what: String
  private let clock: any WallClock
  private let log: Logger
  private let spell = Mutex<Spell?>(nil)

  /// - Parameter what: As a person calls it: `Bybit's REST interface`.
  public init(of what: String, clock: any WallClock, log: Logger) {
    self.what = what
    self.clock = clock
    self.log = log
  }

  /// It could not be reached, and will be tried again.
  /// - Parameter why: In words.
  public func note(_ why: String) {
    let now = clock.now
    // Told inside the lock, so that a line about the end can't come before this one.
    spell.withLock { spell in
      guard var standing = spell else {
        spell = Spell(since: now, remindAt: now + Self.reminders[0])
        log.warning("\(what) can't be reached, trying again", metadata: ["why": "\(why)"])
        return
      }
      standing.attempts += 1
      if now >= standing.remindAt {
        standing.reminders += 1
        let next =
          Self.reminders.indices.contains(standing.reminders)
          ? standing.since + Self.reminders[standing.reminders] : now + .hours(1)
        standing.remindAt = max(next, now + Self.reminders[0])
        log.warning(
          "\(what) still can't be reached",
          metadata: [
            "why": "\(why)", "since": "\(standing.since.clockText)",
            "attempts": "\(standing.attempts)",
          ])
      }
      spell = standing
    }
  }

  /// It was reached.
  /// - Returns: Whether it had been out of reach.
  @discardableResult
  public func end() -> Bool {
    let now = clock.now
    return spell.withLock { spell in
      guard let ended = spell else { return false }
      spell = nil
      log.info(
        "\(what) is back",
        metadata: [
          "after": "\((now - ended.since).wholeSeconds) s", "attempts": "\(ended.attempts)",
        ])
      return true
    }
  }
}
