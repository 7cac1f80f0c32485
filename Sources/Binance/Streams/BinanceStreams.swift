import Logging
import NIOCore
import TradingModel
import Transport

/// Binance's streams, kept up until cancelled: liquidations, marks and tickers of all symbols; prints,
/// best bid and ask, books and candles of those that are followed; and the account's own.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
public final class BinanceStreams: VenueStreams {
  /// What is listened to.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Everyone's forced orders.
    case liquidations
    /// Prices of the executing venue.
    case prices
    /// Our own orders and positions.
    case account
  }

  private let settings: BinanceSettings
  private let rest: BinanceREST?
  private let roles: Set<Role>
  private let line: Line
  private let loop: any EventLoop
  private let clock: any WallClock
  private let log: Logger
  /// On each connection a stream speaks all the time, so that its silence is the connection's: best
  /// bid and ask of the busiest contract, and a mark every second.
  private let touches = Subscriptions(signOfLife: "btcusdt@bookTicker")
  private let prints = Subscriptions(signOfLife: "btcusdt@markPrice@1s")
  private let shelf: NIOLoopBoundBox<MarketShelf>
  private let snapshots = SnapshotQueue()

  /// - Parameters:
  ///   - rest: Gives snapshots of books and the key of the user stream; nil for neither.
  ///   - listener: Hears of books and candles; nil for none.
  ///   - loop: Where frames arrive, and where `publish` and the listener are called.
  public init(
    settings: BinanceSettings, rest: BinanceREST? = nil, roles: Set<Role> = [.liquidations],
    listener: (any MarketListener)? = nil, connector: WebSocketConnector,
    loop: any EventLoop, clock: any WallClock, chance: any RandomSource, log: Logger
  ) {
    self.settings = settings
    self.rest = rest
    self.roles = roles
    self.loop = loop
    self.clock = clock
    self.log = log
    line = Line(connector: connector, loop: loop, clock: clock, chance: chance, log: log)
    shelf = .makeBoxSendingValue(
      MarketShelf(listener: listener) { [snapshots] in snapshots.want($0) }, eventLoop: loop)
  }

  /// Listens to prints, best bid and ask of these symbols from now on, too.
  public func follow(_ symbols: [Symbol]) {
    touches.follow(symbols.map { "\($0.stream)@bookTicker" }, on: loop)
    prints.follow(symbols.map { "\($0.stream)@aggTrade" }, on: loop)
  }

  /// Keeps books of these symbols from now on; the listener hears of them.
  public func followBooks(_ symbols: [Symbol]) {
    loop.execute { [shelf] in
      for symbol in symbols { shelf.value.follow(symbol) }
    }
    touches.follow(symbols.map { "\($0.stream)@depth@100ms" }, on: loop)
  }

  /// Hears of these symbols' candles from now on.
  public func followCandles(_ symbols: [Symbol], _ interval: CandleInterval) {
    prints.follow(symbols.map { "\($0.stream)@kline_\(interval.rawValue)" }, on: loop)
  }

  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    await withDiscardingTaskGroup { group in
      if roles.contains(.liquidations) || roles.contains(.prices) {
        group.addTask { await self.runAllMarket(publish) }
      }
      if roles.contains(.account), let rest {
        let account = UserStream(settings: settings, rest: rest, line: line)
        group.addTask { await account.run(publish) }
        group.addTask { await rest.runTradeSocket(self.line, publish: publish) }
      }
      group.addTask { await self.runFollowed(self.touches, .public, publish) }
      group.addTask { await self.runFollowed(self.prints, .market, publish) }
      group.addTask { await self.fetchSnapshots() }
    }
  }

  // MARK: Everything at once

  /// Liquidations may be silent for long: marks come every second and show that the connection lives.
  private func runAllMarket(_ publish: @escaping @Sendable (VenueEvent) -> Void) async {
    var streams = ["!markPrice@arr@1s", "!ticker@arr"]
    var links: [LinkName] = []
    if roles.contains(.prices) { links.append(.prices) }
    if roles.contains(.liquidations) {
      // One object a message, despite its name.
      streams.insert("!forceOrder@arr", at: 0)
      links.append(.liquidations)
    }
    let names = streams
    let told = links
    // Half a minute without any message is a dead connection.
    await line.run(
      Self.allMarkets, options: WebSocketOptions(silenceLimit: .seconds(30)), links: told,
      publish: publish,
      address: { [settings] () async throws(WebSocketError) in
        try settings.address(.market, streams: names)
      },
      makeHandler: { [shelf, clock, log] _, isRelief in
        MarketHandler(
          links: told, on: Line.line(Self.allMarkets), isUp: isRelief, shelf: shelf.value,
          clock: clock, log: log, publish: publish)
      })
  }

  private static let allMarkets = "all markets"

  // MARK: What is followed

  private func runFollowed(
    _ subscriptions: Subscriptions, _ category: StreamCategory,
    _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    await withDiscardingTaskGroup { group in
      for await number in subscriptions.connections {
        group.addTask {
          await self.run(number, of: subscriptions, category, publish)
        }
      }
    }
  }

  private func run(
    _ number: Int, of subscriptions: Subscriptions, _ category: StreamCategory,
    _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    let name = "\(category.rawValue) \(number)"
    // Best bid and ask, and prints, are prices where this venue's count.
    let links: [LinkName] = roles.contains(.prices) ? [.prices] : []
    await line.run(
      name, options: Line.polled, links: links, publish: publish,
      address: { [settings] () async throws(WebSocketError) in try settings.address(category) },
      lost: { [shelf, loop] reason in
        subscriptions.closed(number)
        guard category == .public else { return }
        loop.execute { shelf.value.loseBooks(because: reason) }
      },
      makeHandler: { [shelf, clock, log, loop] socket, isRelief in
        subscriptions.opened(number, socket, on: loop)
        return MarketHandler(
          links: links, on: Line.line(name), isUp: isRelief, shelf: shelf.value, clock: clock,
          log: log, publish: publish)
      })
    subscriptions.closed(number)
  }

  // MARK: Snapshots

  /// A snapshot of a thousand levels weighs 20 of the 1,200 a minute that neither changes nor readings
  /// of the account need: paced, books of many symbols leave room for everything else.
  private static let snapshotPace = Duration.milliseconds(1200)

  private func fetchSnapshots() async {
    guard let rest else { return }
    while let symbol = await snapshots.next() {
      var wait = Self.snapshotPace
      do throws(VenueError) {
        let snapshot = try await rest.depth(of: symbol)
        loop.execute { [shelf] in shelf.value.take(snapshot, of: symbol) }
      } catch {
        log.warning(
          "a book's snapshot can't be had",
          metadata: ["symbol": "\(symbol)", "error": "\(error)"])
        if case .rateLimited(let pause) = error { wait = max(wait, pause) }
        snapshots.want(symbol)
      }
      do { try await clock.sleep(for: wait) } catch { return }
    }
  }
}

extension Symbol {
  /// As streams are called: in lower case.
  var stream: String { name.lowercased() }
}
