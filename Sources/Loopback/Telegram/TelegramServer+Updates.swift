import TradingModel
import Transport

/// The open long poll, and what the server remembers of the one before.
struct PollingState {
  enum End: Sendable {
    case updated, displaced, webhookSet
  }

  var open: OneShot<End>?
  var lastOffset: Int64?
  var lastStart: Timestamp?
  /// Before this moment a conflict is answered 3 s late, so that two pollers don't spin.
  var nextConflictAt: Timestamp?
}

extension TelegramServer {
  static let maximumPollSeconds: Int64 = 50
  static let conflictPause = Duration.seconds(3)

  func getUpdates(
    _ parameters: RequestParameters, fault: Fault?
  ) async throws(TelegramRefusal) -> JSONValue {
    if webhook != nil { throw await paced(.webhookActive) }
    let offset = parameters.integer("offset") ?? 0
    var limit = Int(min(max(parameters.integer("limit") ?? 100, 1), 100))
    var timeout = min(max(parameters.integer("timeout") ?? 0, 0), Self.maximumPollSeconds)
    if let allowed = UpdateKind.readAllowed(parameters["allowed_updates"]) {
      allowedUpdates = allowed
    }
    // Asking the same again at once is slowed down.
    let now = clock.now
    if offset == polling.lastOffset, let start = polling.lastStart {
      if timeout < 3, now < start + .seconds(3) { timeout = 3 }
      if now < start + .milliseconds(500) { limit = 1 }
    }
    polling.lastOffset = offset
    polling.lastStart = now

    polling.open?.resolve(.displaced)
    polling.open = nil
    let deadline = now + .seconds(timeout)
    while true {
      let updates = queue.take(offset: offset, limit: limit, now: clock.now)
      if !updates.isEmpty || clock.now >= deadline || Task.isCancelled {
        return .array(spoil(updates.map(\.json), by: fault))
      }
      let poll = OneShot<PollingState.End>()
      polling.open = poll
      let end = await poll.value(until: deadline, on: clock)
      if polling.open === poll { polling.open = nil }
      switch end {
      case .displaced: throw await paced(.displaced)
      case .webhookSet: throw await paced(.webhookSet)
      case .updated, nil: break
      }
    }
  }

  func setWebhook(_ parameters: RequestParameters) -> JSONValue {
    webhook = parameters["url"]
    if parameters.flag("drop_pending_updates") { queue.dropAll() }
    if webhook != nil {
      polling.open?.resolve(.webhookSet)
      polling.open = nil
    }
    return true
  }

  func deleteWebhook(_ parameters: RequestParameters) -> JSONValue {
    webhook = nil
    if parameters.flag("drop_pending_updates") { queue.dropAll() }
    return true
  }

  func getWebhookInfo() -> JSONValue {
    [
      "url": .string(webhook ?? ""), "has_custom_certificate": false,
      "pending_update_count": .integer(queue.waiting.count),
    ]
  }

  /// Puts an update into the queue, if the bot asked for its kind, and wakes the poll.
  func post(_ kind: UpdateKind, _ payload: JSONObject) {
    guard allowedUpdates.contains(kind) else { return }
    post(kind.rawValue, .object(payload), retention: kind.retention)
  }

  func post(_ kind: String, _ payload: JSONValue, retention: Duration = .hours(24)) {
    queue.append(kind, payload, retention: retention, now: clock.now)
    polling.open?.resolve(.updated)
    polling.open = nil
  }

  /// One conflict in 3 s is answered at once; the others wait as long.
  private func paced(_ conflict: TelegramRefusal) async -> TelegramRefusal {
    let now = clock.now
    if let next = polling.nextConflictAt, now < next {
      do { try await clock.sleep(until: now + Self.conflictPause) } catch {}
    } else {
      polling.nextConflictAt = now + Self.conflictPause
    }
    return conflict
  }
}
