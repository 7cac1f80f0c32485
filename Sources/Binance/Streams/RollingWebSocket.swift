import NIOCore
import TradingModel
import Transport

/// Keeps a connection up until its task is cancelled, past the venue's cut after 24 hours: shortly
/// before, another one is opened, and for a moment both speak. After a loss it waits a jittered,
/// growing while and connects again.
struct RollingWebSocket: Sendable {
  enum Event: Sendable, Hashable {
    case opened
    /// A fresh connection stands beside the old one, which closes in a moment.
    case relieved
    /// There is no connection; the next attempt comes after the wait.
    case lost(WebSocketError, retryIn: Duration)
  }

  /// How old a connection gets; the venue cuts it at 24 hours.
  static let life = Duration.hours(23) + .minutes(50)
  /// How long both speak, so that nothing on its way is lost.
  static let overlap = Duration.seconds(5)
  /// A connection that lasted so long makes the back-off start anew.
  private static let healthy = Duration.seconds(60)

  let connector: WebSocketConnector
  let loop: any EventLoop
  let clock: any WallClock
  let chance: any RandomSource
  var options = WebSocketOptions()
  /// Asked before each attempt, since some addresses hold a key that expires.
  let address: @Sendable () async throws(WebSocketError) -> RequestURL
  /// Told of every change; must not block.
  let observe: @Sendable (Event) -> Void
  /// As in `WebSocketConnector.connect`.
  /// - Parameter isRelief: An older connection still speaks.
  let makeHandler: @Sendable (_ socket: WebSocket, _ isRelief: Bool) -> any WebSocketHandler

  /// Runs until the task is cancelled.
  func run() async {
    var backoff = Backoff(.streams)
    while !Task.isCancelled {
      let error: WebSocketError
      do throws(WebSocketError) {
        var socket = try await open(isRelief: false)
        var openedAt = clock.now
        observe(.opened)
        var end: WebSocketError?
        while end == nil {
          switch await next(after: socket) {
          case .ended(let reason): end = reason
          case .relieved(let fresh):
            socket = fresh
            openedAt = clock.now
          }
        }
        if clock.now - openedAt >= Self.healthy { backoff.reset() }
        error = end ?? .closed(code: nil, reason: "")
      } catch let failure {
        error = failure
      }
      guard !Task.isCancelled else { return }
      let delay = backoff.next(by: chance)
      observe(.lost(error, retryIn: delay))
      do { try await clock.sleep(for: delay) } catch { return }
    }
  }

  private enum Turn: Sendable {
    case ended(WebSocketError)
    case relieved(WebSocket)
  }

  /// Returns when the connection has ended or another one has taken over.
  private func next(after socket: WebSocket) async -> Turn {
    await withTaskGroup(of: Turn?.self) { group in
      group.addTask { .ended(await socket.ended()) }
      group.addTask { await relief() }
      var outcome: Turn?
      for await turn in group {
        switch (outcome, turn) {
        case (_, nil): continue
        case (nil, _): outcome = turn
        // It had opened in the moment when the old one ended.
        case (.ended?, .relieved?): outcome = turn
        default: break
        }
        // Ends the wait for a relief, or the old connection.
        group.cancelAll()
      }
      return outcome ?? .ended(.cancelled)
    }
  }

  /// A fresh connection, when it is time for one; nil when cancelled before.
  private func relief() async -> Turn? {
    do { try await clock.sleep(for: Self.life) } catch { return nil }
    var backoff = Backoff(.streams)
    while !Task.isCancelled {
      do throws(WebSocketError) {
        let fresh = try await open(isRelief: true)
        observe(.relieved)
        // Cancelled means that the old one has just ended: no need to wait.
        do { try await clock.sleep(for: Self.overlap) } catch {}
        return .relieved(fresh)
      } catch {
        do { try await clock.sleep(for: backoff.next(by: chance)) } catch { return nil }
      }
    }
    return nil
  }

  private func open(isRelief: Bool) async throws(WebSocketError) -> WebSocket {
    try await connector.connect(
      to: try await address(), options: options, on: loop
    ) { [makeHandler] socket in makeHandler(socket, isRelief) }
  }
}
