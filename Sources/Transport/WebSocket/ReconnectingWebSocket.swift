import NIOCore
import TradingModel

/// Keeps a WebSocket connection up until its task is cancelled: connects, and after every loss waits
/// a jittered, growing while and connects again.
public struct ReconnectingWebSocket: Sendable {
  public enum Event: Sendable, Hashable {
    case opened
    /// There is no connection; the next attempt comes after the wait.
    case lost(WebSocketError, retryIn: Duration)
  }

  /// A connection that lasted so long makes the back-off start anew.
  private static let healthy = Duration.seconds(60)

  private let connector: WebSocketConnector
  private let loop: any EventLoop
  private let clock: any WallClock
  private let chance: any RandomSource
  private let options: WebSocketOptions
  private let headers: HeaderFields
  private let policy: Backoff.Policy
  private let address: @Sendable () async throws(WebSocketError) -> RequestURL
  private let observe: @Sendable (Event) -> Void
  private let makeHandler: @Sendable (WebSocket) -> any WebSocketHandler

  /// - Parameters:
  ///   - address: Asked before each attempt, since some addresses hold a key that expires.
  ///   - observe: Told of every change; must not block.
  ///   - makeHandler: As in `WebSocketConnector.connect`, for each connection anew.
  public init(
    connector: WebSocketConnector, loop: any EventLoop, clock: any WallClock,
    chance: any RandomSource, headers: HeaderFields = [:],
    options: WebSocketOptions = WebSocketOptions(), backoff policy: Backoff.Policy = .streams,
    address: @escaping @Sendable () async throws(WebSocketError) -> RequestURL,
    observe: @escaping @Sendable (Event) -> Void,
    makeHandler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) {
    self.connector = connector
    self.loop = loop
    self.clock = clock
    self.chance = chance
    self.headers = headers
    self.options = options
    self.policy = policy
    self.address = address
    self.observe = observe
    self.makeHandler = makeHandler
  }

  /// Runs until the task is cancelled.
  public func run() async {
    var backoff = Backoff(policy)
    while !Task.isCancelled {
      let error: WebSocketError
      do throws(WebSocketError) {
        let socket = try await connector.connect(
          to: try await address(), headers: headers, options: options, on: loop,
          makeHandler: makeHandler)
        let openedAt = clock.now
        observe(.opened)
        error = await socket.ended()
        if clock.now - openedAt >= Self.healthy { backoff.reset() }
      } catch let failure {
        error = failure
      }
      guard !Task.isCancelled else { return }
      let delay = backoff.next(by: chance)
      observe(.lost(error, retryIn: delay))
      do { try await clock.sleep(for: delay) } catch { return }
    }
  }
}
