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
    guard data.kind == .array else { return try takeEvent(data) }
    // One event that can't be read must not cost the others.
    var failure: JSONError?
    for event in data.elements {
      do throws(JSONError) { try takeEvent(event) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func takeEvent(_ event: JSONView) throws(JSONError) {
    guard let name = event.field("e") else { return }  // An answer to a subscription.
    if name.isString("forceOrder") {
      let order = try event.required("o")
      // What tells the markets apart was documented beside the order, and is seen inside.
      guard try Self.isUSDMargined(event), try Self.isUSDTPerpetual(order) else { return }
      publish(.market(.liquidation(try Liquidation(binance: event))))
    } else if name.isString("24hrTicker") {
      guard try Self.isUSDTPerpetual(event) else { return }
      publish(.market(.ticker(try Ticker(binanceTicker: event))))
    } else if name.isString("markPriceUpdate") {
      guard try Self.isUSDTPerpetual(event) else { return }
      publish(.market(.ticker(try Ticker(binanceMark: event))))
    }
  }

  /// Quarterly contracts have an underscore and a date, other quotes another ending.
  private static func isUSDTPerpetual(_ row: JSONView) throws(JSONError) -> Bool {
    let symbol = try row.stringBytes("s")
    guard symbol.suffix(4).elementsEqual("USDT".utf8) else { return false }
    return try isUSDMargined(row)
  }

  /// Since the two futures markets share streams, `st` tells them apart: 1 is USDⓈ-M.
  private static func isUSDMargined(_ row: JSONView) throws(JSONError) -> Bool {
    try row.optionalInteger("st") ?? 1 == 1
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
