import Synchronization
import TradingModel
import Transport

/// The account's stream with its listen key, which lives an hour: it is extended every half hour, and
/// where the venue does not know it any more, the connection is made anew with another one.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams
struct UserStream: Sendable {
  static let extendEvery = Duration.minutes(30)
  /// However often balances change, the wallet is read once in this time.
  static let readWalletEvery = Duration.seconds(1)
  /// After a failure; the key has half an hour left then.
  static let retryAfter = Duration.minutes(1)

  let settings: BinanceSettings
  let rest: BinanceREST
  let line: Line

  func run(_ publish: @escaping @Sendable (VenueEvent) -> Void) async {
    let current = CurrentSocket()
    let (changes, changed) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await rest.measureClock()
    await withDiscardingTaskGroup { group in
      group.addTask { await connect(current, publish) { changed.yield() } }
      group.addTask { await tellWallets(after: changes, publish) }
      group.addTask { await keepAlive(current) }
    }
  }

  private func connect(
    _ current: CurrentSocket, _ publish: @escaping @Sendable (VenueEvent) -> Void,
    walletChanged: @escaping @Sendable () -> Void
  ) async {
    await line.run(
      Line.account, options: Line.polled, links: [.account], publish: publish,
      address: { [settings, rest] () async throws(WebSocketError) in
        let key: Secret
        do throws(VenueError) {
          key = try await rest.openListenKey()
        } catch {
          throw .connect("no listen key: \(error)")
        }
        return try settings.address(.private, listenKey: key)
      },
      makeHandler: { [rest, line] socket, isRelief in
        current.set(socket)
        return UserHandler(
          socket: socket, isRelief: isRelief, memory: rest.memory, clock: line.clock,
          log: line.log, publish: publish, walletChanged: walletChanged)
      })
  }

  /// The stream tells balances and not what is free: the wallet is read.
  private func tellWallets(
    after changes: AsyncStream<Void>, _ publish: @escaping @Sendable (VenueEvent) -> Void
  ) async {
    for await _ in changes {
      do throws(VenueError) {
        let wallet = try await rest.readWallet()
        line.loop.execute { publish(.account(.wallet(wallet))) }
      } catch {
        line.log.warning("the wallet can't be read", metadata: ["error": "\(error)"])
      }
      do { try await line.clock.sleep(for: Self.readWalletEvery) } catch { return }
    }
  }

  private func keepAlive(_ current: CurrentSocket) async {
    var wait = Self.extendEvery
    while !Task.isCancelled {
      do { try await line.clock.sleep(for: wait) } catch { return }
      await rest.measureClock()
      do throws(VenueError) {
        // A key that is gone tells nothing more, though its connection may stand.
        if try await !rest.extendListenKey() { current.close() }
        wait = Self.extendEvery
      } catch {
        line.log.warning("the listen key was not extended", metadata: ["error": "\(error)"])
        wait = Self.retryAfter
      }
    }
  }
}

/// The connection that was opened last.
private final class CurrentSocket: Sendable {
  private let socket = Mutex<WebSocket?>(nil)

  func set(_ new: WebSocket) { socket.withLock { $0 = new } }

  func close() { socket.withLock { $0 }?.close() }
}
