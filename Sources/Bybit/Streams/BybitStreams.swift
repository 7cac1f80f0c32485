import Logging
import NIOCore
import TradingModel
import Transport

/// Bybit's public and private streams, kept up until cancelled.
///
/// Source: https://bybit-exchange.github.io/docs/v5/ws/connect
public final class BybitStreams: VenueStreams {
  private let settings: BybitSettings
  private let account: PrivateAccess?
  private let feeds: PublicFeeds
  private let listener: (any MarketListener)?
  private let topics: PublicTopics
  private let tally = FrameTally()
  private let connector: WebSocketConnector
  private let loop: any EventLoop
  private let clock: any WallClock
  private let chance: any RandomSource
  private let log: Logger

  /// What the private stream needs.
  public struct PrivateAccess: Sendable {
    let keys: BybitKeys
    let clockOffset: @Sendable () -> Duration
    let marginMode: @Sendable () -> MarginMode?
    let onFastExecution: (@Sendable (FastExecution) -> Void)?
    let guardsAgainstDisconnect: @Sendable () -> Bool

    /// - Parameters:
    ///   - clockOffset: How far the venue's clock is ahead, as REST measured it.
    ///   - marginMode: As last read by REST; the stream does not tell it.
    ///   - onFastExecution: Hears of fills a little before the account does, without fee and role;
    ///     nil for not at all.
    ///   - guardsAgainstDisconnect: Whether this connection counts for `setDisconnectProtection`;
    ///     asked at each login.
    public init(
      keys: BybitKeys, clockOffset: @escaping @Sendable () -> Duration = { .zero },
      marginMode: @escaping @Sendable () -> MarginMode?,
      onFastExecution: (@Sendable (FastExecution) -> Void)? = nil,
      guardsAgainstDisconnect: @escaping @Sendable () -> Bool = { false }
    ) {
      self.keys = keys
      self.clockOffset = clockOffset
      self.marginMode = marginMode
      self.onFastExecution = onFastExecution
      self.guardsAgainstDisconnect = guardsAgainstDisconnect
    }
  }

  /// - Parameters:
  ///   - account: Nil for the public stream alone.
  ///   - feeds: What `follow` follows of each symbol.
  ///   - listener: Hears of books and candles, which are no venue events.
  ///   - loop: Where frames arrive, and where `publish` and the listener are called.
  public init(
    settings: BybitSettings, account: PrivateAccess?, feeds: PublicFeeds = PublicFeeds(),
    listener: (any MarketListener)? = nil, connector: WebSocketConnector, loop: any EventLoop,
    clock: any WallClock, chance: any RandomSource, log: Logger
  ) {
    self.settings = settings
    topics = PublicTopics(answeredWithin: settings.streamAnswerTimeout, on: loop)
    self.account = account
    self.feeds = feeds
    self.listener = listener
    self.connector = connector
    self.loop = loop
    self.clock = clock
    self.chance = chance
    self.log = log
  }

  /// What became of all frames so far.
  public var frameCounts: BybitFrameCounts { tally.counts }

  // MARK: What is listened to

  /// Listens to the feeds of these symbols from now on, too. Known ones are no news.
  public func follow(_ symbols: [Symbol]) {
    follow(topics: symbols.flatMap { feeds.topics(of: $0) })
  }

  /// Listens to nothing of these symbols any more.
  public func unfollow(_ symbols: [Symbol]) {
    unfollow(topics: symbols.flatMap { topics.topics(of: $0) })
  }

  /// Listens to this topic on every connection: it must speak more often than every ten seconds, so
  /// that its silence is the connection's.
  public func keepAlive(by topic: PublicTopic) { topics.keepAlive(by: topic) }

  public func follow(topics wanted: [PublicTopic]) { topics.follow(wanted.sorted()) }
  public func unfollow(topics unwanted: [PublicTopic]) { topics.unfollow(unwanted.sorted()) }

  // MARK: Running

  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    // Where another venue's prices count, ours say nothing of them.
    let names: [LinkName] =
      (feeds.tickers || !feeds.liquidations ? [.prices] : [])
      + (feeds.liquidations ? [.liquidations] : [])
    await withDiscardingTaskGroup { group in
      if let account { group.addTask { await self.runPrivate(account, publish) } }
      for await connection in topics.connections() {
        group.addTask { await self.runPublic(connection, names, publish) }
      }
    }
  }

  private func runPublic(
    _ connection: Int, _ links: [LinkName],
    _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    let stream = BybitConnection(
      base: settings.webSocketURL, path: "/v5/public/linear", connector: connector, loop: loop,
      clock: clock, chance: chance, log: log)
    await stream.run(
      lost: { [topics] error in
        topics.closed(line: connection)
        for link in links {
          publish(
            .link(
              link, of: .bybit, on: PublicHandler.line(connection), isUp: false, detail: "\(error)")
          )
        }
      },
      makeHandler: { [topics, listener, tally, clock, log] socket in
        topics.opened(socket, line: connection)
        return PublicHandler(
          connection: connection, topics: topics, links: links, listener: listener, tally: tally,
          clock: clock, log: log, publish: publish)
      })
    topics.closed(line: connection)
  }

  private func runPrivate(
    _ account: PrivateAccess, _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    let stream = BybitConnection(
      base: settings.privateWebSocketURL, path: "/v5/private", connector: connector, loop: loop,
      clock: clock, chance: chance, log: log)
    await stream.run(
      lost: { error in publish(.link(.account, isUp: false, detail: "\(error)")) },
      makeHandler: { [tally, clock, log, loop, limit = settings.streamAnswerTimeout] socket in
        PrivateHandler(
          socket: socket, access: account, tally: tally,
          deadline: AnswerDeadline(limit, on: loop), clock: clock, log: log, publish: publish)
      })
  }
}
