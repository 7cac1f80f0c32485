import Chat
import Logging
import TradingModel
import Transport

/// Long polling: updates are written down together with the offset, then handed on, each once.
///
/// Source: https://core.telegram.org/bots/api#getupdates
public actor UpdatePoller {
  private static let kinds: JSONValue = ["message", "callback_query", "my_chat_member"]
  /// After so long without an update Telegram's ids begin anew, perhaps lower.
  private static let idMemory = Duration.hours(24 * 7)

  private let api: BotAPI
  private let identity: BotIdentity
  private let ledger: any UpdateLedger
  private let settings: TelegramSettings
  private let clock: any WallClock
  private let chance: any RandomSource
  private let log: Logger
  private let report: @Sendable (PollNews) -> Void

  private var offset: Int64 = 0
  private var offsetMovedAt: Timestamp
  private let outage: Outage
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
    outage = Outage(of: "Telegram", clock: clock, log: log)
    self.report = report
    offsetMovedAt = clock.now
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
        if try await identity.learn(from: api) { tell(reachable: true, "") }
        let batch = try await poll()
        trouble.reset()
        conflict.reset()
        tell(reachable: true, "")
        report(.polled)
        try await take(batch, handle: handle)
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
    guard believedOffset > 0 else { return }
    do throws(ChatError) {
      _ = try await api.call(
        "getUpdates",
        ["offset": .integer(offset), "limit": 1, "timeout": 0, "allowed_updates": Self.kinds])
    } catch {
      log.info("the last updates are not confirmed at Telegram; the journal has them")
    }
  }

  /// Zero is the head of the queue, which confirms nothing: what comes twice from there is known.
  private var believedOffset: Int64 {
    clock.now - offsetMovedAt > Self.idMemory ? 0 : offset
  }

  private func poll() async throws(ChatError) -> [JSONValue] {
    let result = try await api.poll(
      [
        "offset": .integer(believedOffset),
        "timeout": .integer(settings.pollTimeout.components.seconds),
        "allowed_updates": Self.kinds,
      ], waiting: settings.pollTimeout)
    guard case .array(let updates) = result else {
      throw .transient("getUpdates answered no list")
    }
    return updates
  }

  private func take(
    _ batch: [JSONValue], handle: @escaping @Sendable ([ChatUpdate]) async -> Void
  ) async throws(ChatError) {
    guard !batch.isEmpty else { return }
    let name = await identity.name
    let updates = batch.compactMap { ChatUpdate($0, botName: name) }
    guard let newest = updates.map(\.id).max() else {
      throw .transient("getUpdates answered updates without ids")
    }
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
    offsetMovedAt = clock.now
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
      do throws(ChatError) {
        _ = try await api.call("deleteWebhook")
        hasDeletedWebhook = true
        log.warning("a webhook was set for this bot's token and is deleted now")
        return
      } catch {
        log.warning("the webhook could not be deleted", metadata: ["error": "\(error.reason)"])
      }
    }
    if let told = lastConflictTold, clock.now - told < .seconds(60) { return }
    lastConflictTold = clock.now
    log.warning("another program polls with this bot's token")
    report(.conflict)
  }

  private func tell(reachable: Bool, _ reason: String) {
    let wasAway = reachable ? outage.end() : false
    if !reachable { outage.note(reason) }
    guard isReachable != reachable else { return }
    isReachable = reachable
    if reachable {
      if !wasAway { log.info("Telegram is reachable") }
      report(.reachable)
    } else {
      report(.unreachable(reason))
    }
  }

  private func tellNotRecorded(_ error: ChatStoreError) {
    log.error("updates are not written down", metadata: ["error": "\(error)"])
    report(.notRecorded("\(error)"))
  }
}
