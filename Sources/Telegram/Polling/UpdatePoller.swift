import Chat
import Logging
import TradingModel
import Transport

/// What the poller wants told.
public enum PollNews: Sendable, Hashable {
  case reachable
  /// A poll was answered, with or without updates.
  case polled
  /// With the reason; told once until it is reachable again.
  case unreachable(String)
  /// Another program polls with the same token; told at most once a minute.
  case conflict
  case unauthorised
  /// Updates were taken without being written down.
  case notRecorded(String)
}

/// Long polling: updates are written down together with the offset, then handed on, each once.
///
/// Source: https://core.telegram.org/bots/api#getupdates
public actor UpdatePoller {
  private static let kinds: JSONValue = ["message", "callback_query", "my_chat_member"]

  private let api: BotAPI
  private let identity: BotIdentity
  private let ledger: any UpdateLedger
  private let settings: TelegramSettings
  private let clock: any WallClock
  private let chance: any RandomSource
  private let log: Logger
  private let report: @Sendable (PollNews) -> Void

  private var offset: Int64 = 0
  private var isReachable: Bool?
  private var lastConflictTold: Timestamp?
  private var hasDeletedWebhook = false
  /// While nothing can be written down: what was handed on, so that nothing is twice.
  private var unrecorded = RecentUpdates(limit: 10_000)

  init(
    api: BotAPI, identity: BotIdentity, ledger: any UpdateLedger, settings: TelegramSettings,
    clock: any WallClock, chance: any RandomSource, log: Logger,
    report: @escaping @Sendable (PollNews) -> Void
  ) {
    self.api = api
    self.identity = identity
    self.ledger = ledger
    self.settings = settings
    self.clock = clock
    self.chance = chance
    self.log = log
    self.report = report
  }

  /// Polls until cancelled.
  /// - Parameter handle: Called with new updates in their order. The next poll begins when it
  ///   returns.
  public func run(handle: @escaping @Sendable ([ChatUpdate]) async -> Void) async {
    do { offset = try await ledger.offset() ?? 0 } catch { tellNotRecorded(error) }
    var trouble = Backoff(.polling)
    var conflict = Backoff(
      Backoff.Policy(first: .seconds(3), cap: .seconds(30), jitter: .percent(20)))
    while !Task.isCancelled {
      do throws(ChatError) {
        try await identity.learn(from: api)
        let batch = try await poll()
        trouble.reset()
        conflict.reset()
        tell(reachable: true, "")
        report(.polled)
        await take(batch, handle: handle)
      } catch {
        if Task.isCancelled { return }
        let wait = await pause(after: error, trouble: &trouble, conflict: &conflict)
        do { try await clock.sleep(for: wait) } catch { return }
      }
    }
  }

  /// Confirms what was taken, so that a clean stop leaves nothing to be sent again. Failing that,
  /// the ledger knows it all the same.
  public func confirm() async {
    guard offset > 0 else { return }
    do throws(ChatError) {
      _ = try await api.call(
        "getUpdates",
        ["offset": .integer(offset), "limit": 1, "timeout": 0, "allowed_updates": Self.kinds])
    } catch {
      log.info("the last updates are not confirmed at Telegram; the journal has them")
    }
  }

  private func poll() async throws(ChatError) -> [JSONValue] {
    let result = try await api.poll(
      [
        "offset": .integer(offset), "timeout": .integer(settings.pollTimeout.components.seconds),
        "allowed_updates": Self.kinds,
      ], waiting: settings.pollTimeout)
    guard case .array(let updates) = result else {
      throw .transient("getUpdates answered no list")
    }
    return updates
  }

  private func take(
    _ batch: [JSONValue], handle: @escaping @Sendable ([ChatUpdate]) async -> Void
  ) async {
    let name = await identity.name
    let updates = batch.compactMap { ChatUpdate($0, botName: name) }
    guard let newest = updates.map(\.id).max() else { return }
    for case .ignored(let kind) in updates.map(\.body) {
      log.info("an update is confirmed and ignored", metadata: ["kind": "\(kind)"])
    }
    // Ids may begin lower after a week of silence: the newest of this batch counts, not the highest.
    let next = newest + 1
    var fresh: [ChatUpdate]
    do {
      fresh = try await ledger.commit(updates, nextOffset: next)
      if !unrecorded.isEmpty { fresh = fresh.filter { unrecorded.insert($0) } }
    } catch {
      // The way out of trouble must work without a store: /close, /kill and /panic go on.
      tellNotRecorded(error)
      fresh = updates.filter { unrecorded.insert($0) }
    }
    offset = next
    if !fresh.isEmpty { await handle(fresh) }
  }

  // MARK: Trouble

  private func pause(
    after error: ChatError, trouble: inout Backoff, conflict: inout Backoff
  ) async -> Duration {
    switch error {
    case .flood(let seconds): return .seconds(seconds)
    case .unauthorised:
      report(.unauthorised)
      log.error("Telegram does not know this token: TELEGRAM_BOT_TOKEN is wrong or was revoked")
      return .minutes(10)
    case .conflict(let isWebhook):
      await tellConflict(isWebhook: isWebhook)
      return conflict.next(by: chance)
    default:
      tell(reachable: false, "\(error.reason)")
      return trouble.next(by: chance)
    }
  }

  private func tellConflict(isWebhook: Bool) async {
    if isWebhook, !hasDeletedWebhook {
      hasDeletedWebhook = true
      do throws(ChatError) {
        _ = try await api.call("deleteWebhook")
      } catch {
        log.warning("the webhook could not be deleted", metadata: ["error": "\(error.reason)"])
      }
      return
    }
    if let told = lastConflictTold, clock.now - told < .seconds(60) { return }
    lastConflictTold = clock.now
    log.warning("another program polls with this bot's token")
    report(.conflict)
  }

  private func tell(reachable: Bool, _ reason: String) {
    guard isReachable != reachable else { return }
    isReachable = reachable
    if reachable {
      log.info("Telegram is reachable")
      report(.reachable)
    } else {
      log.warning("Telegram can't be reached, trying on", metadata: ["error": "\(reason)"])
      report(.unreachable(reason))
    }
  }

  private func tellNotRecorded(_ error: ChatStoreError) {
    log.error("updates are not written down", metadata: ["error": "\(error)"])
    report(.notRecorded("\(error)"))
  }
}

/// The newest updates, so that one told twice is taken once; bounded.
struct RecentUpdates {
  private struct Key: Hashable {
    let id: Int64
    let body: ChatUpdate.Body
  }

  private let limit: Int
  private var keys: Set<Key> = []
  private var order: [Key] = []

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { keys.isEmpty }

  /// False when it was there already.
  mutating func insert(_ update: ChatUpdate) -> Bool {
    let key = Key(id: update.id, body: update.body)
    guard keys.insert(key).inserted else { return false }
    order.append(key)
    if order.count > limit {
      for old in order.prefix(limit / 2) { keys.remove(old) }
      order.removeFirst(limit / 2)
    }
    return true
  }
}

extension ChatError {
  /// For the log and the console.
  var reason: String {
    switch self {
    case .transient(let text), .ambiguous(let text), .markup(let text): text
    case .rejected(let code, let text): "\(code) \(text)"
    default: "\(self)"
    }
  }
}
