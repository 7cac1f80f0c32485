import TradingModel
import Transport

/// Reads liquidations, tickers and mark prices in place, on the connection's loop. Events it does not
/// know are skipped; all-market streams carry coin-margined contracts, too, which are none of ours.
final class MarketHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let clock: any WallClock
  private let publish: @Sendable (VenueEvent) -> Void
  private var isUp = false
  private var heartbeatAt: Timestamp?

  init(clock: any WallClock, publish: @escaping @Sendable (VenueEvent) -> Void) {
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
    // Combined streams wrap the payload; raw ones do not.
    let data = root.field("data") ?? root
    if data.kind == .array {
      for event in data.elements { try takeEvent(event) }
    } else {
      try takeEvent(data)
    }
  }

  private func takeEvent(_ event: JSONView) throws(JSONError) {
    guard let name = event.field("e") else { return }  // An answer to a subscription.
    let carrier = event.field("o") ?? event
    guard try Self.isUSDTPerpetual(carrier) else { return }
    if name.isString("forceOrder") {
      publish(.market(.liquidation(try Liquidation(binance: event))))
    } else if name.isString("24hrTicker") {
      publish(.market(.ticker(try Ticker(binanceTicker: event))))
    } else if name.isString("markPriceUpdate") {
      publish(.market(.ticker(try Ticker(binanceMark: event))))
    }
  }

  /// Since the two futures markets share streams, `st` tells them apart: 1 is USDⓈ-M. Quarterly
  /// contracts have an underscore, and other quotes another ending.
  private static func isUSDTPerpetual(_ event: JSONView) throws(JSONError) -> Bool {
    if let kind = try event.optionalInteger("st"), kind != 1 { return false }
    guard let symbol = event.field("s") else { return true }
    return symbol.bytes.suffix(4).elementsEqual("USDT".utf8)
  }

  /// Any frame is a sign of life: liquidations may be silent for long, mark prices never are.
  private func sayAlive() {
    if !isUp {
      isUp = true
      publish(.link(.liquidations, isUp: true, detail: ""))
    }
    let now = clock.now
    if let last = heartbeatAt, now - last < .seconds(1) { return }
    heartbeatAt = now
    publish(.heartbeat(.liquidations))
  }
}
