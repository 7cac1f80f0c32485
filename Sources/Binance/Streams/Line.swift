import Logging
import NIOCore
import TradingModel
import Transport

/// What every connection of the streams is made with.
struct Line: Sendable {
  let connector: WebSocketConnector
  let loop: any EventLoop
  let clock: any WallClock
  let chance: any RandomSource
  let log: Logger

  /// For connections that may be silent: a question that is answered by a message shows that they
  /// live. The venue's own pings come every three minutes only.
  static let polled = WebSocketOptions(
    heartbeat: WebSocketOptions.Heartbeat(
      every: .seconds(20), deadline: .seconds(10),
      message: #"{"method":"LIST_SUBSCRIPTIONS","id":1000000}"#))

  /// The account is one connection; markets are on several.
  static func line(_ name: String) -> LinkLine {
    name == account ? .only : LinkLine("Binance \(name)")
  }
  static let account = "account"

  /// Keeps a connection up until cancelled.
  /// - Parameters:
  ///   - name: For the log.
  ///   - links: What it is a line of: they are told to be down on it when it is lost.
  ///   - lost: Called then, too.
  func run(
    _ name: String, options: WebSocketOptions, links: [LinkName],
    publish: @escaping @Sendable (VenueEvent) -> Void,
    address: @escaping @Sendable () async throws(WebSocketError) -> RequestURL,
    lost: @escaping @Sendable (String) -> Void = { _ in },
    makeHandler: @escaping @Sendable (WebSocket, _ isRelief: Bool) -> any WebSocketHandler
  ) async {
    let outage = Outage(of: "Binance's stream \(name)", clock: clock, log: log)
    let stream = RollingWebSocket(
      connector: connector, loop: loop, clock: clock, chance: chance, options: options,
      address: address,
      observe: { [log] event in
        switch event {
        case .opened:
          if !outage.end() { log.info("Binance stream open", metadata: ["stream": "\(name)"]) }
        case .relieved:
          log.info("Binance stream renewed before its day is over", metadata: ["stream": "\(name)"])
        case .lost(let error, _):
          outage.note("\(error)")
          for link in links {
            publish(
              .link(
                link, of: .binance, on: Self.line(name), isUp: false, detail: "\(error)"))
          }
          lost("\(error)")
        }
      }, makeHandler: makeHandler)
    await stream.run()
  }
}
