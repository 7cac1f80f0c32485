import Logging
import TestSupport
import TradingModel
import Transport

@testable import Bybit

/// The bot's end of Bybit's streams.
struct Listening {
  let clock: ManualClock
  let book = EventBook()
  let keys: BybitKeys
  var account = true
  var feeds = PublicFeeds(liquidations: true)
  var listener: (any MarketListener)?
  var onFastExecution: (@Sendable (FastExecution) -> Void)?
  var clockOffset = Duration.zero
  var mode: MarginMode? = .isolated
  var answerTimeout = Duration.seconds(10)

  init(
    clock: ManualClock = ManualClock(),
    keys: BybitKeys = BybitKeys(key: Secret("key"), secret: Secret("secret"))
  ) {
    self.clock = clock
    self.keys = keys
  }

  /// Listens while `body` runs.
  func to(_ address: String, _ body: (BybitStreams) async throws -> Void) async throws {
    let thread = EventLoopThread()
    let access = BybitStreams.PrivateAccess(
      keys: keys, clockOffset: { [clockOffset] in clockOffset }, marginMode: { [mode] in mode },
      onFastExecution: onFastExecution,
      guardsAgainstDisconnect: { [isArmed = onFastExecution != nil] in isArmed })
    var settings = BybitSettings(restURL: "", webSocketURL: address)
    settings.streamAnswerTimeout = answerTimeout
    let streams = BybitStreams(
      settings: settings, account: account ? access : nil,
      feeds: feeds, listener: listener,
      connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
      clock: clock, chance: SeededRandom(seed: 2),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
    let listening = Task { await streams.run(publish: book.take) }
    do {
      try await body(streams)
    } catch {
      listening.cancel()
      throw error
    }
    listening.cancel()
    await listening.value
    await thread.shutdown()
  }

  /// Lets the wait before the next attempt pass.
  func reconnect() async {
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    clock.advance(by: .seconds(1))
  }
}
