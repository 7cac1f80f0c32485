import Logging
import TradingModel
import Transport

/// Reads tickers and liquidations in place, on the connection's loop.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/ticker and
/// `/public/all-liquidation`
final class PublicHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let links: [LinkName]
  private let clock: any WallClock
  private let log: Logger
  private let publish: @Sendable (VenueEvent) -> Void
  private var isUp = false
  private var heartbeatAt: Timestamp?

  init(
    links: [LinkName], clock: any WallClock, log: Logger,
    publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.log = log
    self.links = links
    self.clock = clock
    self.publish = publish
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try take(root) }
      return true
    } catch {
      return false
    }
  }

  private func take(_ root: JSONView) throws(JSONError) {
    sayAlive()
    guard let topic = root.field("topic"), let data = root.field("data") else {
      return hear(answer: root)
    }
    if topic.hasPrefix("tickers.") {
      let time = Timestamp(milliseconds: try root.integer("ts"))
      publish(.market(.ticker(try Ticker(bybit: data, at: time))))
    } else if topic.hasPrefix("allLiquidation.") {
      for row in data.elements {
        publish(.market(.liquidation(try Liquidation(bybit: row))))
      }
    }
  }

  /// Pongs and acknowledgements have no topic. A batch of topics is refused as a whole.
  private func hear(answer: JSONView) {
    guard let success = answer.field("success"), success.kind == .bool, success.text == "false"
    else { return }
    let reason = answer.field("ret_msg")?.text ?? "without a reason"
    log.error("Bybit refused on the public stream", metadata: ["reason": "\(reason)"])
  }

  /// Any frame is a sign of life; liquidations may be silent for long.
  private func sayAlive() {
    if !isUp {
      isUp = true
      for link in links { publish(.link(link, isUp: true, detail: "")) }
    }
    let now = clock.now
    if let last = heartbeatAt, now - last < .seconds(1) { return }
    heartbeatAt = now
    for link in links { publish(.heartbeat(link)) }
  }
}

extension JSONView {
  fileprivate func hasPrefix(_ prefix: StaticString) -> Bool {
    bytes.starts(
      with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
  }
}
