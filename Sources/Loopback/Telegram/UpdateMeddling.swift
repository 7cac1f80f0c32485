import TradingModel
import Transport

/// What can happen to the updates of a bot without anyone doing anything.
public enum UpdateMeddling: String, Sendable, Hashable, CaseIterable {
  /// The next update skips ids.
  case gap
  /// What waits is lost and ids start again, perhaps lower.
  case reset
  /// An update of a kind that no bot knows yet.
  case unknown
  /// An update whose fields are not what they should be.
  case broken
  /// A message of the greatest length, its marks included.
  case huge
  /// What waits is lost.
  case drop
}

extension TelegramServer {
  /// - Parameter amount: Ids to skip (1), or the id to start again at (1).
  public func meddle(_ meddling: UpdateMeddling, by amount: Int64? = nil) {
    switch meddling {
    case .gap: queue.skipIDs(amount ?? 1)
    case .reset: queue.restartIDs(at: amount ?? 1)
    case .unknown: post("telepathy", ["thought": "not in any book", "strength": 9_000])
    case .broken: post("message", ["message_id": "five", "chat": [], "date": .null, "text": 7])
    case .huge:
      let user = TelegramUser(id: 1, firstName: String(repeating: "n", count: 64))
      let text = String(repeating: "🟩", count: MessageText.maximumCodePoints)
      let entity: JSONValue = ["type": "bold", "offset": 0, "length": 1]
      post(
        "message",
        [
          "message_id": 1, "from": .object(user.json),
          "chat": ["id": 1, "type": "private", "first_name": "n"],
          "date": .integer(clock.now.seconds), "text": .string(text),
          "entities": .array(Array(repeating: entity, count: MessageText.maximumEntities)),
        ])
    case .drop: queue.dropAll()
    }
  }

  /// What waits for the bot, and whether it listens.
  public func queueState() -> JSONValue {
    [
      "waiting": .integer(queue.waiting.count), "next_id": .integer(queue.nextID),
      "polling": .bool(polling.open != nil), "webhook": .string(webhook ?? ""),
    ]
  }
}
