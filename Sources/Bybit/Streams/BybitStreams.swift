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
  private let topics: PublicTopics
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

    /// - Parameters:
    ///   - clockOffset: How far the venue's clock is ahead, as REST measured it.
    ///   - marginMode: As last read by REST; the stream does not tell it.
    public init(
      keys: BybitKeys, clockOffset: @escaping @Sendable () -> Duration = { .zero },
      marginMode: @escaping @Sendable () -> MarginMode?
    ) {
      self.keys = keys
      self.clockOffset = clockOffset
      self.marginMode = marginMode
    }
  }

  /// - Parameters:
  ///   - account: Nil for the public stream alone.
  ///   - liquidations: Whether `allLiquidation` is listened to as well.
  ///   - loop: Where frames arrive, and where `publish` is called.
  public init(
    settings: BybitSettings, account: PrivateAccess?, liquidations: Bool,
    connector: WebSocketConnector, loop: any EventLoop, clock: any WallClock,
    chance: any RandomSource, log: Logger
  ) {
    self.settings = settings
    self.account = account
    topics = PublicTopics(liquidations: liquidations)
    self.connector = connector
    self.loop = loop
    self.clock = clock
    self.chance = chance
    self.log = log
  }

  /// Listens to these symbols from now on, too. Known ones are no news.
  public func follow(_ symbols: [Symbol]) { topics.follow(symbols) }

  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.runPublic(publish) }
      if let account { group.addTask { await self.runPrivate(account, publish) } }
    }
  }

  /// Bybit wants a ping of its own every 20 s, and answers it.
  private static let options = WebSocketOptions(
    heartbeat: WebSocketOptions.Heartbeat(
      every: .seconds(20), deadline: .seconds(10), message: #"{"op":"ping"}"#))

  private func runPublic(_ publish: @escaping @Sendable (VenueEvent) -> Void) async {
    let links: [LinkName] = topics.hasLiquidations ? [.prices, .liquidations] : [.prices]
    await run(
      base: settings.webSocketURL, path: "/v5/public/linear", links: links, publish: publish
    ) { [topics, clock, log] socket in
      topics.opened(socket)
      return PublicHandler(links: links, clock: clock, log: log, publish: publish)
    }
    topics.closed()
  }

  private func runPrivate(
    _ account: PrivateAccess, _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    await run(
      base: settings.privateWebSocketURL, path: "/v5/private", links: [.account],
      publish: publish
    ) { [clock, log] socket in
      PrivateHandler(
        socket: socket, access: account, clock: clock, log: log, publish: publish)
    }
  }

  private func run(
    base: String, path: String, links: [LinkName],
    publish: @escaping @Sendable (VenueEvent) -> Void,
    makeHandler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) async {
    let outage = Outage(of: "Bybit's stream \(path)", clock: clock, log: log)
    let stream = ReconnectingWebSocket(
      connector: connector, loop: loop, clock: clock, chance: chance, options: Self.options,
      address: { () async throws(WebSocketError) in
        do throws(InvalidURL) {
          return try RequestURL(base).appending(path: path)
        } catch {
          throw .connect("\(error)")
        }
      },
      observe: { [log] event in
        switch event {
        case .opened:
          if !outage.end() { log.info("Bybit stream open", metadata: ["path": "\(path)"]) }
        case .lost(let error, _):
          outage.note("\(error)")
          for link in links { publish(.link(link, isUp: false, detail: "\(error)")) }
        }
      }, makeHandler: makeHandler)
    await stream.run()
  }
}
