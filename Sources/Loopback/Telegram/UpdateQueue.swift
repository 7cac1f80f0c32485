import TradingModel
import Transport

/// Updates on their way to the bot: what `getUpdates` reads and confirms. A plain value.
///
/// Source: tdlib/td, `TQueue.cpp`, and tdlib/telegram-bot-api, `Client.cpp`.
struct UpdateQueue: Sendable {
  struct Update: Sendable, Hashable {
    var id: Int64
    /// The name of the field that holds the payload.
    var kind: String
    var payload: JSONValue
    var expiry: Timestamp
    var bytes: Int

    var json: JSONValue { .object(["update_id": .integer(id), kind: payload]) }
  }

  static let maximumUpdates = 100_000
  static let maximumUpdateBytes = 512 << 10
  static let maximumReplyBytes = 4 << 20
  /// After so long without an update the next id is random and may be lower.
  static let idMemory = Duration.hours(24 * 7)
  /// An offset so far above the tail is still believed.
  static let believedOvershoot: Int64 = 10

  private(set) var waiting: [Update] = []
  private(set) var nextID: Int64
  private var lastAppend: Timestamp?
  private let chance: any RandomSource

  /// The first id is random, above two million.
  init(chance: any RandomSource) {
    self.chance = chance
    nextID = Self.randomID(chance)
  }

  /// Adds an update; one that is too large, or one too many, is lost, as on the real server.
  mutating func append(_ kind: String, _ payload: JSONValue, retention: Duration, now: Timestamp) {
    forgetExpired(now)
    if let lastAppend, now - lastAppend > Self.idMemory { nextID = Self.randomID(chance) }
    let bytes = payload.bytes.count
    guard bytes <= Self.maximumUpdateBytes, waiting.count < Self.maximumUpdates else { return }
    waiting.append(
      Update(id: nextID, kind: kind, payload: payload, expiry: now + retention, bytes: bytes))
    nextID += 1
    lastAppend = now
  }

  /// Confirms what `offset` confirms and gives what comes next.
  mutating func take(offset: Int64, limit: Int, now: Timestamp) -> [Update] {
    forgetExpired(now)
    if offset < 0 {
      waiting.removeFirst(max(0, waiting.count - Int(clamping: -max(offset, -Int64.max))))
    } else if isBelieved(offset) {
      waiting.removeAll { $0.id < offset }
    }
    var bytes = 0
    return Array(
      waiting.prefix(limit).prefix { update in
        bytes += update.bytes
        return bytes <= Self.maximumReplyBytes
      })
  }

  mutating func dropAll() { waiting = [] }

  /// The next update skips so many ids, which happens.
  mutating func skipIDs(_ count: Int64) { nextID += max(0, count) }

  /// The next update gets this id, be it lower.
  mutating func restartIDs(at id: Int64) {
    waiting = []
    nextID = max(1, id)
  }

  private func isBelieved(_ offset: Int64) -> Bool {
    offset > 0 && offset <= nextID + Self.believedOvershoot
  }

  private mutating func forgetExpired(_ now: Timestamp) {
    waiting.removeAll { $0.expiry <= now }
  }

  private static func randomID(_ chance: any RandomSource) -> Int64 {
    2_000_001 + Int64(chance.next(below: 1_000_000_000))
  }
}
