import Chat
import Logging
import TradingModel
import Transport

/// The chat service: a poller that brings updates in and a port that takes replies out.
public struct TelegramService: Sendable {
  public let poller: UpdatePoller
  public let chat: TelegramChat

  /// - Parameter report: Told of trouble with polling.
  /// - Throws: `InvalidURL` when the base address is none.
  public init(
    http: any HTTPClient, token: Secret, ledger: any UpdateLedger,
    settings: TelegramSettings = TelegramSettings(), clock: any WallClock,
    chance: any RandomSource, log: Logger, report: @escaping @Sendable (PollNews) -> Void
  ) throws(InvalidURL) {
    let api = try BotAPI(http: http, token: token, settings: settings)
    poller = UpdatePoller(
      api: api, identity: BotIdentity(), ledger: ledger, settings: settings, clock: clock,
      chance: chance, log: log, report: report)
    chat = TelegramChat(
      api: api, queue: SendQueue(pace: settings.pace, clock: clock), clock: clock, log: log)
  }
}
