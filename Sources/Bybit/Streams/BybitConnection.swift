import Logging
import NIOCore
import TradingModel
import Transport

/// One of Bybit's WebSocket connections, kept up until its task is cancelled.
struct BybitConnection: Sendable {
  /// Bybit wants a ping of its own every 20 s, and answers it.
  private static let options = WebSocketOptions(
    heartbeat: WebSocketOptions.Heartbeat(
      every: .seconds(20), deadline: .seconds(10), message: #"{"op":"ping"}"#))

  let base: String
  let path: String
  let connector: WebSocketConnector
  let loop: any EventLoop
  let clock: any WallClock
  let chance: any RandomSource
  let log: Logger

  /// - Parameters:
  ///   - lost: Called after every loss, and for every attempt that failed.
  ///   - makeHandler: As in `WebSocketConnector.connect`, for each connection anew.
  func run(
    lost: @escaping @Sendable (WebSocketError) -> Void,
    makeHandler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) async {
    let outage = Outage(of: "Bybit's stream \(path)", clock: clock, log: log)
    let stream = ReconnectingWebSocket(
      connector: connector, loop: loop, clock: clock, chance: chance, options: Self.options,
      address: { [base, path] () async throws(WebSocketError) in
        do throws(InvalidURL) {
          return try RequestURL(base).appending(path: path)
        } catch {
          throw .connect("\(error)")
        }
      },
      observe: { [log, path] event in
        switch event {
        case .opened:
          if !outage.end() { log.info("Bybit stream open", metadata: ["path": "\(path)"]) }
        case .lost(let error, _):
          outage.note("\(error)")
          lost(error)
        }
      }, makeHandler: makeHandler)
    await stream.run()
  }
}
