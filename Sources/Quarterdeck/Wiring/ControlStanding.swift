import ChatOps
import Synchronization
import TradingModel

/// How the control server stands: whether it listens, and since when it did not answer.
struct ControlStanding: Sendable {
  /// Silent for longer it is stale.
  static let staleAfter = Duration.seconds(30)

  private var isListening = false
  /// Since then it listens, or does not.
  private var changedAt: Timestamp
  private var answeredAt: Timestamp
  /// Since when it did not listen, once that is told.
  private var toldSince: Timestamp?

  init(since now: Timestamp) {
    changedAt = now
    answeredAt = now
  }

  /// - Returns: What is to be told.
  mutating func listens(on place: String, at now: Timestamp) -> Alert.News? {
    isListening = true
    changedAt = now
    answeredAt = now
    guard let since = toldSince else { return nil }
    toldSince = nil
    return .controlReady(place: place, after: now - since)
  }

  /// A try to listen failed, or it stopped listening. Told once.
  /// - Returns: What is to be told.
  mutating func failed(on place: String, _ why: String, at now: Timestamp) -> Alert.News? {
    if isListening { changedAt = now }
    isListening = false
    guard toldSince == nil else { return nil }
    toldSince = changedAt
    return .controlAbsent(place: place, why: why)
  }

  /// It was asked for a sign of life, and gave one.
  mutating func answered(at now: Timestamp) { answeredAt = max(answeredAt, now) }

  func sight(at now: Timestamp) -> GuardSight {
    guard isListening else { return .absent(now - changedAt) }
    return now - answeredAt > Self.staleAfter ? .stale(now - answeredAt) : .ready
  }
}

/// Shared by the server's room and the screens.
final class ControlWatch: Sendable {
  private let clock: any WallClock
  private let alarms: Mailbox<Alert>
  private let standing = Mutex<ControlStanding?>(nil)

  init(clock: any WallClock, alarms: Mailbox<Alert>) {
    self.clock = clock
    self.alarms = alarms
  }

  /// Nil while there is none.
  var sight: GuardSight? {
    let now = clock.now
    return standing.withLock { $0?.sight(at: now) }
  }

  /// There is one from now on.
  func begin() {
    let now = clock.now
    standing.withLock { $0 = $0 ?? ControlStanding(since: now) }
  }

  func listens(on place: String) {
    let now = clock.now
    if let news = standing.withLock({ $0?.listens(on: place, at: now) }) {
      alarms.put(Alert(.p3, news, at: now))
    }
  }

  func failed(on place: String, _ why: String) {
    let now = clock.now
    if let news = standing.withLock({ $0?.failed(on: place, why, at: now) }) {
      alarms.put(Alert(.p1, news, at: now))
    }
  }

  func answered() {
    let now = clock.now
    standing.withLock { $0?.answered(at: now) }
  }
}
